"""The families of words: complete in nine languages, found by every way of saying them."""

from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import mentions, understand
from briefgen.brief.word_families import (
    LANGUAGES,
    kinds,
    language_file,
    matters_by_family,
    mentions_in,
)

FAMILIES = tuple(language_file("en").families)
FEWEST = 20
"""No family of a matter has fewer ways of saying it, in any language."""
READY = settings(max_examples=200, deadline=None)


def said(written: str) -> str | None:
    """A pattern as someone would write it; None if it needs a relation or a name."""
    if "*" in written.strip("*") or "@" in written or "^" in written or "\u2026" in written:
        return None
    return " ".join(word.split("/")[0].strip("=~!*") for word in written.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_family(language: str) -> None:
    """With its name, its ways of saying it, relations, and the small words."""
    file = language_file(language)
    assert tuple(file.families) == FAMILIES
    for matter, families in kinds().matters.items():
        written = [
            w for one in families for w in (*file.families[one].words, *file.families[one].also)
        ]
        ways = sum(prod(len(word.split("/")) for word in phrase.split()) for phrase in written)
        assert ways >= FEWEST, matter
        assert file.families[matter].name
    assert tuple(file.relations) == tuple(language_file("en").relations)
    for words in (file.nothing, file.not_asked, file.harmless, file.irregular or language == "ja"):
        assert words


def test_every_family_is_for_something() -> None:
    """Each family of the files has its use, and each use its family."""
    named = kinds()
    used = {*matters_by_family(), *named.hard, *named.good, *named.confidential, *named.weak}
    used |= set(named.good_end)
    assert used | {"pitch"} == set(FAMILIES)
    assert set(named.grief) <= set(named.hard)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_of_saying_is_found_where_its_matter_is_avoided(language: str) -> None:
    """The name of a matter hides every way of saying it."""
    missed = [
        (name, written)
        for name, family in language_file(language).families.items()
        if name not in {"weak", "pitch", "confidence"}
        for written in (*family.words, *family.also)
        if (text := said(written)) and not _hidden(text, name, language)
    ]
    assert not missed


def _hidden(text: str, family: str, language: str) -> bool:
    # a short word may be masked where another family's or language's harmless word has its letters
    return any(one.family == family for one in mentions_in(text, (language,)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_looks_like_it_is_not_found(language: str) -> None:
    """The words of `unlike`, alone or in their phrase."""
    found = [
        (name, written)
        for name, family in language_file(language).families.items()
        for written in family.unlike
        if (text := said(written))
        and any(one.family == name for one in mentions_in(text, (language,)))
    ]
    assert not found


ADOPTION = [
    ("en", "adoption", "her birth mother wrote", "the adoption of the new CRM"),
    ("de", "Adoption", "ihre leibliche Mutter schrieb", "die Adoption der Software"),
    ("fr", "adoption", "sa mère biologique a écrit", "le budget a été adopté"),
    ("es", "adopción", "su madre biológica escribió", "el acuerdo fue adoptado"),
    ("it", "adozione", "la madre biologica ha scritto", "adozione di nuove tecnologie"),
    ("nl", "adoptie", "haar biologische moeder schreef", "de adoptie van de software"),
    ("pt", "adoção", "a mãe biológica escreveu", "a adoção do novo sistema"),
    ("ja", "養子", "生みの母から手紙", "猫の里親募集"),
    ("ar", "التبني", "والدته البيولوجية كتبت", "تبني التقنية الجديدة"),
]


BIRTH_FAMILY = [
    ("en", "birth family", "her birth mother wrote", "the adoption went through"),
    ("de", "leibliche Familie", "ihre leibliche Mutter schrieb", "die Adoption ist durch"),
    ("fr", "famille biologique", "sa mère biologique a écrit", "adoption au Vietnam"),
    ("es", "familia biológica", "su madre biológica escribió", "la adopción de Malo"),
    ("it", "famiglia biologica", "la madre biologica ha scritto", "l'adozione di Malo"),
    ("nl", "biologische familie", "haar biologische moeder schreef", "de adoptie van Malo"),
    ("pt", "família biológica", "a mãe biológica escreveu", "a adoção do Malo"),
    ("ja", "生みの親", "生みの母から手紙", "養子を迎えた"),
    ("ar", "الأم البيولوجية", "والدته البيولوجية كتبت", "التبني تم"),
]


@pytest.mark.parametrize(("language", "avoided", "told", "other"), [*ADOPTION, *BIRTH_FAMILY])
def test_adoption_and_the_birth_family_are_two_matters(
    language: str, avoided: str, told: str, other: str
) -> None:
    """Who avoids adoption means no software, and who avoids the birth family no adoption."""
    assert mentions(told, avoided, language)
    assert not mentions(other, avoided, language)


HARMLESS = [
    ("the office in Bordeaux", "alcohol"),
    ("a bottle of ink", "alcohol"),
    ("die Entscheidung im März", "Scheidung"),
    ("die Entscheidung im März", "scheiding"),
    ("die Unterscheidung der Schichten", "Scheidung"),
    ("the county fair", "affair"),
    ("fair prices matter", "affair"),
    ("she will bring her son", "will"),
    ("the firewall is done", "fire"),
    ("the wholesale contract", "sale"),
    ("her star sign is Cancer", "cancer"),
    ("a profit and loss statement", "loss"),
    ("Sue Miller called", "lawsuit"),
    ("Sue Miller called", "sue"),
    ("the office in Klagenfurt", "Klage"),
    ("die Krankenkasse zahlt", "Krankheit"),
    ("she kindly asked", "Kind"),
    ("le processus de vente", "procès"),
    ("la procession", "procès"),
    ("病みつきになる味", "病気"),
    ("ジンジャークッキー", "お酒"),
    ("تخرجت شقيقته", "مرض"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "avoided"), HARMLESS)
def test_words_of_another_meaning_are_hidden_in_no_locale(
    text: str, avoided: str, language: str
) -> None:
    """A longer word, a verb, a name, a star sign, an account."""
    assert not mentions(text, avoided, language)


NOTHING_HARD = [
    ("es", "practica deporte los domingos"),
    ("es", "sus hijos irán a la universidad en otoño"),
    ("es", "vive en la calle Mayor"),
    ("es", "está acostumbrada a esperar"),
    ("es", "trabaja en la oficina de Ginebra"),
    ("es", "Dana prefiere el té"),
    ("es", "espera una respuesta antes de fin de mes"),
    ("es", "el proceso va bien, falta guardar el archivo"),
    ("es", "se rompió la impresora"),
    ("es", "dejó a su hija en el colegio y el coche a su hijo"),
    ("es", "visitó las ruinas romanas y toca la viola"),
    ("pt", "os filhos irão a Lisboa"),
    ("pt", "viagem ao Japão com os sobrinhos"),
    ("pt", "fechou o negócio connosco"),
    ("pt", "deixou a sua opinião e saiu de casa às oito"),
    ("pt", "a Fátima nos deixou um recado"),
    ("pt", "orçamento baseado no consumo"),
    ("pt", "o resultado foi negativo, o problema é grave"),
    ("pt", "comprou um ventilador e despejou o café"),
    ("pt", "projeto em Angola, à espera de uma resposta"),
    ("de", "verschiedene Angebote liegen vor"),
    ("de", "der Umsatz betrug drei Millionen, der Termin wurde abgesagt"),
    ("de", "Ruhe bewahren; vegetarische Gerichte bevorzugt"),
    ("fr", "trier et séparer les déchets"),
    ("fr", "elle a viré le solde de la facture"),
    ("it", "azienda alimentare con 50 dipendenti"),
    ("it", "Marina vuole mantenere il prezzo"),
    ("it", "l'imballo era rovinato e il file è sparito"),
    ("nl", "haar vlucht landt om negen uur"),
    ("nl", "ze kan namen goed onthouden, we dronken koffie"),
    ("nl", "uitgerekend vandaag stuurde hij de database dump"),
]


@pytest.mark.parametrize(("language", "text"), NOTHING_HARD)
def test_everyday_notes_tell_of_nothing_hard(language: str, text: str) -> None:
    """A verb, a dish, a name or an employee is not taken for a war, a death or an addiction."""
    named = kinds()
    told = {one.family for one in mentions_in(text, (language,), strict=True)}
    assert not told & {*named.hard, *named.confidential}


EVERYDAY = [
    ("en", "alcohol", "bring a bottle of Burgundy"),
    ("en", "wine", "a case of the Riesling"),
    ("de", "Alkohol", "eine Flasche Burgunder"),
    ("de", "Alkohol", "eine Kiste Rotwein"),
    ("fr", "alcool", "une caisse de Bourgogne"),
    ("es", "alcohol", "una caja de Rioja"),
    ("it", "alcol", "una bottiglia di Barolo"),
    ("nl", "alcohol", "een fles Bourgogne"),
    ("pt", "álcool", "uma garrafa de Borgonha"),
    ("ja", "お酒", "ブルゴーニュを一本"),
    ("ar", "الكحول", "زجاجة بوردو"),
    ("en", "divorce", "They split up in summer"),
    ("en", "divorce", "he and Katrin live apart now"),
    ("en", "divorce", "the custody hearing is on the 26th"),
    ("en", "divorce", "her ex-wife pays no alimony"),
    ("en", "illness", "her tumour was removed, chemo in May"),
    ("en", "cancer", "in remission, says the oncology"),
    ("en", "drinking", "he asked for a third glass of whisky"),
    ("en", "alcohol", "sober since rehab"),
    ("en", "death", "she is a widow now"),
    ("en", "death", "her father passed away"),
    ("en", "death", "since they lost Peter"),
    ("en", "death", "our condolences"),
    ("en", "job loss", "made redundant in the job cuts"),
    ("en", "layoffs", "he was let go"),
    ("de", "Scheidung", "seine Ex-Frau will mehr Unterhalt"),
    ("de", "Krankheit", "der Tumor ist zurück, Chemo ab Mai"),
    ("de", "Alkohol", "nach dem dritten Glas Whisky"),
    ("de", "Tod", "sie ist Witwe"),
    ("de", "Kündigung", "Stellenabbau im Werk"),
    ("fr", "divorce", "ils se sont séparés, garde alternée"),
    ("fr", "maladie", "sa tumeur, la chimio commence"),
    ("fr", "mort", "elle est veuve depuis mai"),
    ("fr", "licenciement", "il a perdu son emploi"),
    ("es", "divorcio", "viven separados, la custodia es compartida"),
    ("es", "enfermedad", "le quitaron un tumor"),
    ("es", "muerte", "es viuda desde mayo"),
    ("es", "despido", "se quedó en paro"),
    ("it", "divorzio", "la sua ex moglie chiede gli alimenti"),
    ("it", "malattia", "la chemioterapia comincia a maggio"),
    ("it", "morte", "è rimasta vedova"),
    ("it", "licenziamento", "è in cassa integrazione"),
    ("nl", "echtscheiding", "ze zijn uit elkaar"),
    ("nl", "ziekte", "de tumor is weg, chemo in mei"),
    ("nl", "dood", "zij is weduwe"),
    ("nl", "ontslag", "hij is zijn baan kwijt"),
    ("pt", "divórcio", "estão separados, a guarda é partilhada"),
    ("pt", "doença", "tiraram-lhe um tumor"),
    ("pt", "morte", "ficou viúva em maio"),
    ("pt", "despedimento", "está desempregado"),
    ("ja", "離婚", "妻が家を出て行ったそうだ"),
    ("ja", "病気", "抗がん剤の治療中"),
    ("ja", "死", "お通夜に行った"),
    ("ja", "失業", "会社をリストラされた"),
    ("ar", "طلاق", "انفصلا في الصيف والحضانة لها"),
    ("ar", "مرض", "استأصلوا الورم وبدأ العلاج الكيماوي"),
    ("ar", "موت", "هي أرملة منذ سنة"),
    ("ar", "بطالة", "فقد وظيفته"),
]


@pytest.mark.parametrize(("language", "avoided", "text"), EVERYDAY)
def test_everyday_ways_of_saying_it(language: str, avoided: str, text: str) -> None:
    """Without any word of the entry itself."""
    assert mentions(text, avoided, language)


def test_an_entry_of_no_family_hides_its_own_forms() -> None:
    """Inflections, and compounds that it heads or begins; no longer word of another meaning."""
    for text in ("die Buchmesse", "auf den Messen", "der Messestand"):
        assert mentions(text, "Messe", "de"), text
    for text in ("das Messer", "ermessen", "die Bemessung"):
        assert not mentions(text, "Messe", "de"), text
    assert mentions("two marathons", "marathon", "en")
    assert not mentions("the party", "art", "en")


def test_an_entry_in_another_language_is_understood_and_applied_in_it() -> None:
    """A German word in an English workspace."""
    understood = understand("Scheidung", ("en",))
    assert understood.matters == ("separation",)
    assert understood.languages == ("en", "de")
    assert mentions("er lebt getrennt von seiner Frau", "Scheidung", "en")


def test_false_friends_are_not_read_in_languages_nobody_writes() -> None:
    """German `Gift`, Dutch `brand`: only where that is a language of the workspace or contact."""
    assert not mentions("a new brand for the shop", "disaster", "en")
    assert mentions("brand in de keuken", "ramp", "nl")


WAYS = st.sampled_from(LANGUAGES).flatmap(
    lambda language: st.sampled_from(
        [
            (language, name, text)
            for name, family in language_file(language).families.items()
            if name in matters_by_family()
            for written in family.words
            if (text := said(written))
        ]
    )
)


@READY
@given(WAYS, st.sampled_from(["{}", "{} today", "Talk: {}.", "x {} y", "{}; then lunch"]))
def test_no_line_holds_an_avoided_matter(drawn: tuple[str, str, str], frame: str) -> None:
    """Whatever way of saying it is drawn, in whatever sentence, its matter's name hides it."""
    language, family, text = drawn
    (matter, *_) = matters_by_family()[family]
    entry = next(iter(language_file(language).families[matter].entries), text).strip("=~!*")
    if family in understand(entry, reading_languages(language)).families:
        assert mentions(frame.format(text), entry, language)


@READY
@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from([text for text, _ in HARMLESS]),
    st.sampled_from(["Scheidung", "affair", "cancer", "will", "fire", "sale", "loss", "sue"]),
)
def test_harmless_words_are_never_hidden(language: str, text: str, avoided: str) -> None:
    """Whichever of them is beside whichever entry."""
    assert not mentions(text, avoided, language)

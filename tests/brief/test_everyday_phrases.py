"""Phrases of notes: what each list must find, and the everyday words that only begin like it."""

import pytest

from briefgen.brief.phrases import PhraseKind, says

ROWS: list[tuple[PhraseKind, str, str, str]] = [
    ("secret", "it", "Marta non sa del trasloco", "Marta non sarà presente"),
    ("secret", "it", "non dire nulla a Marta", "non direttamente collegato"),
    ("secret", "de", "bleibt unter uns", "unter unseren Kunden die größte"),
    ("secret", "ja", "この件は秘密にしてほしい", "秘密保持契約を結んだ"),
    ("secret", "ja", "田中さんには黙っておく", "会社案内を渡す"),
    ("secret", "ar", "قال ذلك في السر", "قطار سريع إلى المطار"),
    ("secret", "ar", "يبقى بيننا", "الاتفاق بيننا واضح"),
    ("sworn", "en", "She told only me", "We only meet on Fridays"),
    ("sworn", "en", "just between us", "just between jobs, and open for work"),
    ("sworn", "de", "unter uns gesagt: er geht", "unter unserem Dach entsteht ein Büro"),
    ("sworn", "de", "noch nicht bekannt gegeben", "der Termin ist noch nicht bekannt"),
    ("sworn", "fr", "Paul ne le sait pas encore", "il ne sait pas encore s'il vient"),
    ("sworn", "es", "Omar aún no lo sabe", "aún no sabe si viene"),
    ("sworn", "es", "es confidencial", "una carta de confirmación"),
    ("sworn", "it", "notizia riservata", "tavolo riservato alle otto"),
    ("sworn", "it", "Omar non lo sa ancora", "non sa ancora se viene"),
    ("sworn", "nl", "vertrouwelijk verteld", "de vertrouwde locatie"),
    ("sworn", "nl", "geen reden genoemd", "er is geen reden tot zorg"),
    ("sworn", "nl", "hij weet nog niet dat zij gaat", "weet nog niet hoe laat hij komt"),
    ("sworn", "pt", "é confidencial", "uma carta de confirmação"),
    ("sworn", "pt", "ainda não sabe de nada", "ainda não sabe se vem"),
    ("left_to_them", "pt", "fala disso só se for preciso", "só sexta pode vir"),
    ("job_search", "pt", "uma candidatura espontânea", "a candidatura aos fundos foi aprovada"),
    ("one_to_one", "pt", "falar só com ele", "só começa em março"),
    ("unkind", "pt", "foi grosso com a equipa", "vende por grosso"),
    ("left_work", "pt", "reformou-se em maio", "reformulou o contrato"),
    ("harsh", "pt", "discutiram aos gritos", "discutiram o preço"),
    ("harsh", "pt", "houve briga", "trouxe brigadeiros"),
    ("harsh", "pt", "disse-lho na cara", "na característica principal"),
    ("walking", "pt", "já anda sem muletas", "já anda a tratar disso"),
    ("away", "pt", "está de licença até maio", "renovação de licença de software"),
    ("away", "pt", "está de baixa", "de baixa prioridade"),
    ("standing", "pt", "falta de respeito", "no que diz respeito ao prazo"),
    ("standing", "pt", "o papel dela na empresa", "um fornecedor de papel"),
    ("birthday", "pt", "faz anos em maio", "não muda há dois anos"),
    ("wellbeing", "pt", "perguntar como ela está", "como vai funcionar o portal"),
    ("of_everybody", "pt", "todos se queixam", "todos os dias"),
    ("sworn", "ar", "هذا بيننا فقط", "المسافة بيننا قصيرة"),
    ("bargaining", "en", "the cap is 4", "the capacity of the plant"),
    ("bargaining", "fr", "consentirait une remise", "la cérémonie des diplômes"),
    ("bargaining", "fr", "le compte est à découvert", "elle a découvert un bon restaurant"),
    ("bargaining", "it", "il tetto di spesa", "rifare il tetto della casa"),
    ("bargaining", "it", "è in scoperto", "ha scoperto un buon ristorante"),
    ("bargaining", "es", "el techo de gasto", "arreglar el techo"),
    ("bargaining", "ar", "مستعد للدفع أكثر", "حضر الاجتماع"),
    ("suspicion", "ar", "يشك في شريكه", "يشكر الفريق على العمل"),
    ("suspicion", "ja", "部長が怪しいと言う", "山田さんが来た"),
    ("wants_time", "en", "time to think it over", "time to market is six months"),
    ("wants_time", "de", "Zeit zum Nachdenken", "ein neuer Zeitplan"),
    ("wants_time", "it", "più tempo", "un temporale"),
    ("wants_time", "nl", "tijd om na te denken", "een tijdschema"),
    ("wants_time", "ja", "考える時間がほしい", "営業時間の一覧"),
    ("wants_time", "ar", "وقت للتفكير", "توقيع العقد"),
    ("school_start", "ja", "息子さんが小学校に上がる", "大学に入る"),
    ("school_start", "nl", "Finn zit in het eerste leerjaar", "naar de basisschool"),
    ("thanks", "ar", "يشكر على المساعدة", "شركة جديدة"),
    ("known_by_all", "it", "ora è ufficiale", "non è ufficiale"),
    ("known_by_all", "it", "ormai è pubblico", "non è pubblico"),
    ("known_by_all", "de", "ist inzwischen bekannt", "ist bekannt für seinen Witz"),
    ("known_by_all", "nl", "is inmiddels bekend", "is bekend met de software"),
    ("known_by_all", "ar", "صار الجميع يعرف", "لا أحد سأل"),
    ("job_search", "ja", "ヘッドハントされた", "採用の件"),
    ("job_search", "ar", "يفكر في الاستقالة", "يفكر في العرض"),
    ("dunning", "en", "pay the invoice", "send feedback on the draft"),
    ("dunning", "en", "the fee for March", "a billboard design"),
    ("dunning", "de", "zahlt die zweite Rate", "schickt die Zahlen von März"),
    ("dunning", "fr", "payer l'acompte", "la liste des pays"),
    ("dunning", "fr", "le règlement du solde", "les règles du jeu"),
    ("dunning", "nl", "de rekening voldoen", "rekening houden met de vakantie"),
    ("dunning", "nl", "betaling in mei", "bericht sturen"),
    ("dunning", "pt", "a prestação mensal", "proposta de prestação de serviços"),
    ("dunning", "ja", "請求書の件", "資料請求の件"),
    ("dunning", "ar", "إرسال الفاتورة", "إرسال الرسم"),
    ("unkind", "en", "he is hard work", "thanked her for the hard work"),
    ("unkind", "en", "obv bored", "obvious next step"),
    ("unkind", "en", "a pain in the neck", "a pain in her knee"),
    ("unkind", "de", "er ist anstrengend", "die Reise war anstrengend"),
    ("unkind", "fr", "il est froid avec nous", "le buffet froid"),
    ("unkind", "es", "es un pesado", "maquinaria pesada"),
    ("unkind", "es", "es muy infantil", "hospital infantil"),
    ("unkind", "pt", "muito infantil", "educação infantil"),
    ("unkind", "ja", "横柄な態度", "丁寧な説明"),
    ("unkind", "ar", "هو متغطرس", "هو متعاون"),
    ("apologised", "ja", "遅れを謝った", "感謝された"),
    ("left_work", "en", "quit in May", "quite happy there"),
    ("others_lose_work", "nl", "personeelsreductie aangekondigd", "personeel gezocht"),
    ("others_lose_work", "fr", "suppression de postes", "suppression de la page d'accueil"),
    ("harm", "de", "den Chef absetzen", "von der Steuer absetzen"),
    ("harm", "it", "sostituire il direttore", "sostituire il toner"),
    ("harm", "it", "piano di ristrutturazione", "ristrutturare la cucina"),
    ("harm", "pt", "substituir o gerente", "substituir o servidor"),
    ("harm", "ar", "إغلاق المصنع", "إغلاق الصفقة"),
    ("against", "en", "the new line cuts his team", "a cute logo"),
    ("against", "en", "always late", "the latest draft"),
    ("against", "ja", "事業を売却する", "売上が伸びた"),
    ("against", "ar", "شك في عمله", "شكرا على العمل"),
    ("harsh", "it", "ha riagganciato", "ha appeso il quadro"),
    ("harsh", "nl", "de telefoon opgehangen", "het schilderij is opgehangen"),
    ("harsh", "de", "hat einfach aufgelegt", "das Buch wurde neu aufgelegt"),
    ("harsh", "es", "me colgó el teléfono", "colgó el cuadro"),
    ("relative", "ar", "اجتماع غدا", "غداء مع الفريق"),
    ("funeral", "en", "spoke at the wake", "wakes at six"),
    ("funeral", "ar", "حضر الجنازة", "حضر الاجتماع"),
    ("celebration", "pt", "almoço de reforma da Rita", "reforma do escritório"),
    ("celebration", "ar", "حفل الافتتاح", "اجتماع الفريق"),
    ("diet", "nl", "is aan het vasten", "een vast bedrag"),
    ("diet", "fr", "il jeûne en mars", "une jeune équipe"),
    ("walking", "fr", "marche avec sa canne", "un voyage à Cannes"),
    ("walking", "fr", "elle boite encore", "une boîte de thé"),
    ("walking", "it", "le scale sono un problema", "la scaletta della riunione"),
    ("walking", "nl", "loopt mank", "er mankeert niets aan"),
    ("smoking", "en", "on patches since May", "software patches"),
    ("estate", "de", "den Nachlass ordnen", "nachlassende Nachfrage"),
    ("money_owed", "fr", "établir un avoir", "avoir une idée"),
    ("untold", "ar", "دون علم المدير", "حسب المدير"),
]


@pytest.mark.parametrize(("kind", "language", "told", "harmless"), ROWS)
def test_a_list_finds_what_it_is_for_and_no_everyday_word(
    kind: PhraseKind, language: str, told: str, harmless: str
) -> None:
    """A list has whole words where their beginnings are those of other words."""
    assert says(kind, told, (language,))
    assert not says(kind, harmless, (language,))


@pytest.mark.parametrize("text", ["الفاتورة", "والفاتورة", "بالفاتورة", "للفاتورة", "فاتورة"])
def test_an_arabic_word_is_found_with_what_is_written_before_it(text: str) -> None:
    """Its article, a conjunction and a preposition are part of the word."""
    assert says("dunning", f"أرسل {text}", ("ar",))


@pytest.mark.parametrize("text", ["مفاتورة", "سفاتورة"])
def test_no_other_letters_before_an_arabic_word_are_passed_over(text: str) -> None:
    """Another word that ends like one of the list is another word."""
    assert not says("dunning", text, ("ar",))

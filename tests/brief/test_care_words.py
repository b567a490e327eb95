"""The words of `care.yaml`: what they must find, and what only begins or ends like one of them."""

import pytest

from briefgen.brief.care import is_barred
from briefgen.contacts.contact import Contact

BARRED = [
    ("de", "seit 2024 nüchtern: hat aufgehört zu trinken", "eine Flasche Sekt", "Sektorbericht"),
    ("de", "trinkt keinen Alkohol", "einen Doppelkorn", "ein Vollkornbrot"),
    ("fr", "a arrêté de boire", "une bouteille de champagne", "des chaussures"),
    ("it", "ha smesso di bere", "una bottiglia di prosecco", "un caffè amarognolo"),
    ("nl", "drinkt niet meer", "een fles jenever", "een fles appelsap"),
    ("ja", "お酒がだめ", "日本酒", "お茶"),
    ("ar", "توقف عن الشرب", "زجاجة النبيذ", "علبة التمر"),
    ("ja", "ハラール", "生ハム", "ハムスターの本"),
    ("nl", "eet halal", "spekpannenkoeken", "kaartjes voor een spektakel"),
    ("de", "Vegetarierin", "ein Wildgericht", "Wildblumensamen"),
    ("fr", "végétarienne", "un carpaccio de bœuf", "un livre sur les abeilles"),
    ("it", "è vegetariano", "una bistecca", "un cesto di frutta"),
    ("ja", "甲殻類アレルギー", "カニ缶", "メカニカルキーボード"),
    ("ja", "甲殻類アレルギー", "エビフライ", "エビデンスのまとめ"),
    ("ja", "グルテンは食べない", "手作りパン", "ジャパンの切手"),
    (
        "nl",
        "heeft vorig jaar een miskraam gehad",
        "een kraamcadeau",
        "een boek over de overgang naar 5G",
    ),
    ("ar", "أجهضت في الربيع", "كتاب عن الحمل", "خطة الحملة"),
    ("fr", "allergie aux arachides", "de la pâte à tartiner", "de la pâte à modeler"),
    ("ar", "حساسية القمح", "صندوق المعمول", "صندوق التمر"),
]


def somebody(note: str, language: str) -> Contact:
    """Someone of whom the file says one thing."""
    return Contact(name="Dana Example", language=language, notes=note)


@pytest.mark.parametrize(("language", "note", "thing", "other"), BARRED)
def test_what_is_not_for_them_is_barred_and_nothing_that_only_sounds_like_it(
    language: str, note: str, thing: str, other: str
) -> None:
    """`Sekt` is a wine and `Sektor` is none; `カニ` is a crab, and not in `メカニカル`."""
    assert is_barred(somebody(note, language), thing, (language,))
    assert not is_barred(somebody(note, language), other, (language,))


NO_GIFTS = [
    ("de", "nimmt nichts an, Verhaltenskodex"),
    ("fr", "code de conduite: ne peut pas accepter"),
    ("it", "codice etico dell'azienda"),
    ("nl", "accepteert geen cadeaus"),
    ("es", "no recibe regalos"),
    ("pt", "recusa presentes"),
    ("ja", "ギフト不可"),
    ("ar", "سياسة الهدايا صارمة"),
]


@pytest.mark.parametrize(("language", "note"), NO_GIFTS)
def test_no_present_is_brought_where_the_file_says_so(language: str, note: str) -> None:
    """In the words of each language."""
    assert is_barred(somebody(note, language), "x", (language,))

"""Columns, replies, signatures and answers, in the words of each country."""

from datetime import date

import pytest

from briefgen.brief.letter import body_of
from briefgen.contacts.exchange.columns import read_columns
from briefgen.contacts.exchange.mail import _by_subject, place_of
from briefgen.meetings.invitation import without_join_text
from briefgen.reflection.asked import understood
from briefgen.reflection.due_dates import due_date

COLUMNS = [
    ("Apellidos", "last name"),
    ("Razón social", "organization"),
    ("Número de celular", "telephone"),
    ("Natel", "telephone"),
    ("Strasse", "street"),
    ("Kanton", "region"),
    ("GSM", "telephone"),
    ("Familienaam", "last name"),
    ("Notities", "notes"),
    ("NPA", "postal code"),
    ("Cellulaire", "telephone"),
    ("Raison sociale", "organization"),
    ("Ragione sociale", "organization"),
    ("Comune", "city"),
    ("Primeiro nome", "first name"),
    ("Último nome", "last name"),
    ("UF", "region"),
    ("Tlm.", "telephone"),
    ("Correio electrónico", "email"),
    ("Concelho", "city"),
    ("Logradouro", "street"),
    ("Alcunha", "alias"),
    ("社名", "organization"),
    ("苗字", "last name"),
    ("اسم الشركة", "organization"),
    ("رقم الجوال", "telephone"),
]


@pytest.mark.parametrize(("header", "kind"), COLUMNS)
def test_a_column_is_known_by_the_name_it_has_in_a_country(header: str, kind: str) -> None:
    """Swiss, Belgian, Brazilian and Latin American names too."""
    (column,) = read_columns([header], {})
    assert column.kind == kind


@pytest.mark.parametrize(
    ("name", "kind"), [("Primeiro nome", "last name"), ("Nome completo", "alias")]
)
def test_apelido_is_the_last_name_beside_a_first_one(name: str, kind: str) -> None:
    """In Portugal; beside a whole name it is what Brazilians mean, a nickname."""
    assert read_columns([name, "Apelido", "Email"], {})[1].kind == kind


@pytest.mark.parametrize("header", ["Gemeinschaft", "Razones", "Natelier", "Comunicazione"])
def test_a_word_that_begins_like_one_is_no_such_column(header: str) -> None:
    """Names of columns are whole words."""
    (column,) = read_columns([header], {})
    assert column.kind is None


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Nicht im Büro: Angebot", "automatic"),
        ("Fuera de oficina: oferta", "automatic"),
        ("Acceptée: Réunion", "calendar"),
        ("Rifiutata: riunione", "calendar"),
        ("Absence: qui remplace Paul ?", ""),
        ("Nicht im Büro vergessen", ""),
    ],
)
def test_an_automatic_subject_is_known_in_each_language(subject: str, kind: str) -> None:
    """Only what programs write before a colon; people write of absences, too."""
    assert _by_subject(subject) == kind


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("ごみ箱", "deleted"),
        ("Correo basura", "spam"),
        ("Posta cestinata", "deleted"),
        ("Basura", ""),
    ],
)
def test_a_folder_is_known_in_each_language(folder: str, kind: str) -> None:
    """By its whole name."""
    assert place_of(folder) == kind


@pytest.mark.parametrize(
    ("said", "language", "meant"),
    [
        ("15. Jänner", "de", "2027-01-15"),
        ("Sonnabend", "de", "2026-11-28"),
        ("sous huitaine", "fr", "2026-12-01"),
        ("15 de setiembre", "es", "2027-09-15"),
        ("a fines de marzo", "es", "2027-03-31"),
        ("vanavond", "nl", "2026-11-23"),
        ("stasera", "it", "2026-11-23"),
        ("الليلة", "ar", "2026-11-23"),
        ("今夜", "ja", "2026-11-23"),
    ],
)
def test_a_due_date_is_understood_as_a_country_says_it(
    said: str, language: str, meant: str
) -> None:
    """Austria's January, Peru's September, a week as the French count it."""
    assert due_date(said, day=date(2026, 11, 23), language=language) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("given", "language", "meant"),
    [
        ("pospuesta", "es", "moved"),
        ("uitgesteld", "nl", "moved"),
        ("décalée", "fr", "moved"),
        ("gestrichen", "de", "dropped"),
        ("cancelada", "es", "dropped"),
        ("cumplido", "es", "kept"),
    ],
)
def test_what_became_of_a_promise_is_understood(given: str, language: str, meant: str) -> None:
    """In whichever of the usual words."""
    assert understood(given, ("kept", "moved", "dropped"), language) == meant


@pytest.mark.parametrize(
    ("greeting", "closing"),
    [
        ("Grüezi mitenand,", "Freundliche Grüsse"),
        ("Prezados,", "Att"),
        ("Buen día:", "Slds"),
        ("Egregio dottore,", "Cordialmente"),
        ("Goedenavond allen,", "Mvg"),
        ("Apreciados:", "Quedo a su disposición para cualquier duda."),
        ("صباح الخير،", "مع جزيل الشكر"),
    ],
)
def test_a_letter_is_cut_at_its_greeting_and_closing(greeting: str, closing: str) -> None:
    """What remains is the agenda; a line in the middle that looks like neither stays."""
    body, _ = body_of([greeting, "1. Budget", "2. Careers and values", closing, "Dana"], {"dana"})
    assert body == ["1. Budget", "2. Careers and values"]


def test_what_a_telephone_adds_goes_and_a_sentence_that_begins_alike_stays() -> None:
    """`Von meinem iPhone gesendet` is a program's, `Von meinem Chef …` a person's."""
    text = "1. Budget\nVon meinem Chef: bitte kurz halten\n\nVon meinem iPhone gesendet"
    kept = without_join_text(text)
    assert "Von meinem Chef" in kept
    assert "iPhone" not in kept

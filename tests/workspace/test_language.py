import pickle
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefgen.workspace.language import LANGUAGES, capitalised, language_of

DAY = date(2026, 11, 23)
LOCALES = ("en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT", "pt_BR", "ja_JP")


@pytest.mark.parametrize(
    ("locale", "long", "short", "month", "clock", "number"),
    [
        ("en_GB", "Monday 23 November 2026", "23 Nov 2026", "Nov 2026", "14:05", "12,500"),
        ("en_US", "Monday, November 23, 2026", "Nov 23, 2026", "Nov 2026", "2:05 PM", "12,500"),
        ("de_DE", "Montag, 23. November 2026", "23. Nov. 2026", "Nov. 2026", "14:05", "12.500"),
        ("fr_FR", "lundi 23 novembre 2026", "23 nov. 2026", "nov. 2026", "14:05", "12 500"),
        ("es_ES", "lunes, 23 de noviembre de 2026", "23 nov 2026", "nov 2026", "14:05", "12.500"),
        ("it_IT", "lunedì 23 novembre 2026", "23 nov 2026", "nov 2026", "14:05", "12.500"),
        ("nl_NL", "maandag 23 november 2026", "23 nov 2026", "nov 2026", "14:05", "12.500"),
        (
            "pt_PT",
            "segunda-feira, 23 de novembro de 2026",
            "23 nov. 2026",
            "nov. 2026",
            "14:05",
            "12 500",
        ),
        ("ja_JP", "2026年11月23日月曜日", "2026年11月23日", "2026年11月", "14:05", "12,500"),
        ("ar", "الاثنين، 23 نوفمبر 2026", "23 نوفمبر 2026", "نوفمبر 2026", "2:05 م", "12,500"),
    ],
)
def test_dates_times_and_numbers_are_those_of_the_locale(
    locale: str, long: str, short: str, month: str, clock: str, number: str
) -> None:
    """Each locale writes them as its own readers expect."""
    language = language_of(locale)
    assert language.long_date(DAY) == long
    assert language.short_date(DAY) == short
    assert language.short_month(DAY) == month
    assert language.clock_time(time(14, 5)).replace("\xa0", " ") == clock
    assert language.number(12_500).replace("\xa0", " ") == number


def test_a_year_is_said_only_where_it_differs() -> None:
    """Beside a day of the same year a short date needs none."""
    language = language_of("en_GB")
    assert language.short_date(DAY, beside=date(2026, 1, 1)) == "23 Nov"
    assert language.short_date(DAY, beside=date(2025, 12, 31)) == "23 Nov 2026"


def test_the_first_of_a_month_is_an_ordinal_where_that_is_the_custom() -> None:
    """In French, Italian and Brazil's Portuguese; CLDR leaves it out."""
    first = date(2026, 9, 1)
    assert language_of("fr").short_date(first, beside=first) == "1er sept."
    assert language_of("fr").long_date(first) == "mardi 1er septembre 2026"
    assert language_of("it").day_and_month(first) == "1º settembre"
    assert language_of("pt_BR").day_and_month(first) == "1º de setembro"
    assert language_of("pt").day_and_month(first) == "1 de setembro"
    assert language_of("de").short_date(first, beside=first) == "1. Sept."


def test_months_are_those_of_the_language_whichever_was_asked_first() -> None:
    """One process may make pages in several languages."""
    day = date(2026, 9, 1)
    names = [language_of(name).month_name(day) for name in ("ja", "es", "pt", "nl", "ar")]
    assert names == ["9月", "septiembre", "setembro", "september", "سبتمبر"]


def test_arabic_runs_from_right_to_left() -> None:
    """Of the nine languages, only Arabic does."""
    assert [name for name in LANGUAGES if language_of(name).right_to_left] == ["ar"]


@pytest.mark.parametrize("locale", LOCALES)
def test_times_have_no_sign_that_text_fonts_lack(locale: str) -> None:
    """The narrow no-break space of CLDR would be an empty box in many fonts."""
    language = language_of(locale)
    said = language.clock_time(datetime(2026, 11, 23, 14, 5)) + language.number(1_250_000)  # noqa: DTZ001
    assert "\u202f" not in said


def test_a_name_that_runs_the_other_way_is_kept_apart() -> None:
    """A Hebrew name inside an English line, and a Latin one inside an Arabic line, is isolated."""
    english, arabic = language_of("en_GB"), language_of("ar")
    assert english.text("ask {name}", name="דנה") == "ask \u2068דנה\u2069"
    assert english.text("ask {name}", name="Dana") == "ask Dana"
    assert "\u2068Dana\u2069" in arabic.text("ask {name}", name="Dana")
    asked = arabic.text("ask {name}", name="Dana")
    assert arabic.text("{one}; {other}", one=asked, other="x").count("\u2068") == 2  # none around


def test_listed_names_that_run_the_other_way_are_kept_apart() -> None:
    """In an Arabic line each of them is isolated, and the words between stay in place."""
    listed = language_of("ar").listed(("dana.yaml", "lee.yaml"))
    assert "\u2068dana.yaml\u2069" in listed
    assert "\u2068lee.yaml\u2069" in listed
    assert language_of("en_GB").listed(("Dana", "Lee")) == "Dana and Lee"


def test_a_line_that_begins_with_an_isolate_has_its_capital() -> None:
    """In an Arabic list a Latin text is in an isolate; its first letter is behind the sign."""
    assert capitalised("\u2068small talk\u2069؛ x") == "\u2068Small talk\u2069؛ x"
    assert capitalised("\u2068\u2068small\u2069؛ x\u2069") == "\u2068\u2068Small\u2069؛ x\u2069"
    assert capitalised("small talk") == "Small talk"


@given(value=st.text())
def test_values_are_not_read_as_messages(value: str) -> None:
    """Braces in a name stay as they are."""
    said = language_of("en_GB").text("ask {name}!", name=value)
    assert said.strip("\u2068\u2069").replace("\u2068", "").startswith("ask ")
    assert value in said


def test_a_language_travels_to_another_process() -> None:
    """Pickled, it comes back as the same locale with the same words."""
    for name in LANGUAGES:
        language = language_of(name)
        copy = pickle.loads(pickle.dumps(language))
        assert copy.locale == language.locale
        assert copy.text("all day") == language.text("all day")


def test_a_language_without_catalogue_is_refused() -> None:
    """The message names those there are."""
    with pytest.raises(ValueError, match="en, de, fr"):
        language_of("sv_SE")


@pytest.mark.parametrize(
    ("day", "said"), [(1, "dal 1º set"), (8, "dall’8 set"), (11, "dall’11 set"), (18, "dal 18 set")]
)
def test_italian_elides_before_the_eighth_and_the_eleventh(day: int, said: str) -> None:
    """The two days of a month that begin with a vowel take `dall’` and `l’`."""
    italian = language_of("it")
    shown = italian.short_date(date(2026, 9, day), beside=date(2026, 9, 1))
    assert italian.text("since {date}", date=shown) == said


@pytest.mark.parametrize(
    ("locale", "heading"),
    [("fr", "Lundi 23 novembre 2026"), ("nl", "Maandag 23 november 2026"), ("de", None)],
)
def test_a_day_that_begins_a_line_has_a_capital(locale: str, heading: str | None) -> None:
    """Many languages write a weekday small, but not as the first word of a line."""
    language = language_of(locale)
    assert language.day_heading(DAY) == (heading or language.long_date(DAY))


def test_canadian_mail_is_courriel() -> None:
    """Québec's word, with the article that goes with it."""
    assert language_of("fr_FR").text("The mail was not sent.").startswith("L’e-mail")
    assert language_of("fr_CA").text("The mail was not sent.").startswith("Le courriel")

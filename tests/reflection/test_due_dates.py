from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.reflection.due_dates import due_date

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "language", "meant"),
    [
        ("2026-12-01", "en", "2026-12-01"),
        ("Friday", "en", "2026-11-27"),
        ("by friday", "en", "2026-11-27"),
        ("Fri.", "en", "2026-11-27"),
        ("Monday", "en", "2026-11-30"),
        ("next Friday", "en", "2026-12-04"),
        ("today", "en", "2026-11-23"),
        ("tomorrow", "en", "2026-11-24"),
        ("the day after tomorrow", "en", "2026-11-25"),
        ("in two weeks", "en", "2026-12-07"),
        ("in 10 days", "en", "2026-12-03"),
        ("a month", "en", "2026-12-23"),
        ("2w", "en", "2026-12-07"),
        ("next week", "en", "2026-12-04"),
        ("end of the week", "en", "2026-11-27"),
        ("end of next month", "en", "2026-12-31"),
        ("mid December", "en", "2026-12-15"),
        ("December", "en", "2026-12-31"),
        ("1 December", "en", "2026-12-01"),
        ("December 1st, 2027", "en", "2027-12-01"),
        ("the 3rd of March", "en", "2027-03-03"),
        ("29 February", "en", "2028-02-29"),
        ("1.12.", "de", "2026-12-01"),
        ("nächsten Freitag", "de", "2026-12-04"),
        ("in zwei Wochen", "de", "2026-12-07"),
        ("Ende Januar", "de", "2027-01-31"),
        ("übermorgen", "de", "2026-11-25"),
        ("vendredi prochain", "fr", "2026-12-04"),
        ("d'ici deux semaines", "fr", "2026-12-07"),
        ("dentro de dos semanas", "es", "2026-12-07"),
        ("el próximo viernes", "es", "2026-11-27"),
        ("el viernes de la próxima semana", "es", "2026-12-04"),
        ("el próximo mes", "es", "2026-12-31"),
        ("mañana por la mañana", "es", "2026-11-24"),
        ("esta tarde", "es", "2026-11-23"),
        ("en un par de semanas", "es", "2026-12-07"),
        ("en los próximos diez días", "es", "2026-12-03"),
        ("la semana siguiente", "es", "2026-12-04"),
        ("tra due settimane", "it", "2026-12-07"),
        ("over twee weken", "nl", "2026-12-07"),
        ("sexta-feira", "pt", "2026-11-27"),
        ("金曜日", "ja", "2026-11-27"),
        ("الجمعة", "ar", "2026-11-27"),
        ("1 ديسمبر", "ar", "2026-12-01"),
        ("12月1日", "ja", "2026-12-01"),
        ("2027年1月15日まで", "ja", "2027-01-15"),
        ("12月", "ja", "2026-12-31"),
        ("明日", "ja", "2026-11-24"),
        ("来週の金曜日までに", "ja", "2026-12-04"),
        ("来週月曜", "ja", "2026-11-30"),
        ("二週間後", "ja", "2026-12-07"),
        ("3日後", "ja", "2026-11-26"),
        ("3か月後", "ja", "2027-02-23"),
        ("今週", "ja", "2026-11-27"),
        ("来月末", "ja", "2026-12-31"),
        ("3月末", "ja", "2027-03-31"),
        ("年末", "ja", "2026-12-31"),
        ("翌日", "ja", "2026-11-24"),
        ("再来週", "ja", "2026-12-07"),
        ("半年後", "ja", "2027-05-23"),
        ("12月下旬", "ja", "2026-12-31"),
        ("غدا", "ar", "2026-11-24"),
        ("بعد غد", "ar", "2026-11-25"),
        ("بعد الغد", "ar", "2026-11-25"),
        ("خلال أسبوع", "ar", "2026-11-30"),
        ("بحلول الجمعة", "ar", "2026-11-27"),
        ("10 أيلول", "ar", "2027-09-10"),
        ("بعد أسبوع", "ar", "2026-11-30"),
        ("بعد أسبوعين", "ar", "2026-12-07"),
        ("خلال ثلاثة أيام", "ar", "2026-11-26"),
        ("يوم الجمعة القادم", "ar", "2026-12-04"),
        ("الأسبوع القادم", "ar", "2026-12-04"),
        ("نهاية الشهر", "ar", "2026-11-30"),
        ("منتصف ديسمبر", "ar", "2026-12-15"),
        ("this week", "en", "2026-11-27"),
        ("Friday next week", "en", "2026-12-04"),
        ("diese Woche", "de", "2026-11-27"),
        ("in 14 Tagen", "de", "2026-12-07"),
        ("dans quinze jours", "fr", "2026-12-07"),
        ("in 10 days", "ja", "2026-12-03"),
        ("in two weeks", "de", "2026-12-07"),
        ("in a fortnight", "en", "2026-12-07"),
        ("Friday 27 November", "en", "2026-11-27"),
        ("Tue, 1 Dec 2026", "en", "2026-12-01"),
        ("Freitag, den 4. Dezember", "de", "2026-12-04"),
        ("1.12.26", "de", "2026-12-01"),
        ("eind van de maand", "nl", "2026-11-30"),
        ("medio januari", "nl", "2027-01-15"),
        ("Monatsende", "de", "2026-11-30"),
        ("morgen früh", "de", "2026-11-24"),
        ("Freitagnachmittag", "de", "2026-11-27"),
        ("in einem halben Jahr", "de", "2027-05-23"),
        ("EOD Friday", "en", "2026-11-27"),
        ("kommenden Freitag", "de", "2026-11-27"),
        ("komende vrijdag", "nl", "2026-11-27"),
        ("komende week", "nl", "2026-12-04"),
        ("vrijdagmiddag", "nl", "2026-11-27"),
        ("maandeinde", "nl", "2026-11-30"),
        ("venerdì pomeriggio", "it", "2026-11-27"),
        ("entro l’anno", "it", "2026-12-31"),
        ("vendredi après-midi", "fr", "2026-11-27"),
        ("sous 48 heures", "fr", "2026-11-25"),
        ("dans la semaine", "fr", "2026-11-27"),
        ("amanhã de manhã", "pt", "2026-11-24"),
        ("até ao fim do mês", "pt", "2026-11-30"),
        ("ainda esta semana", "pt", "2026-11-27"),
        ("na semana seguinte", "pt", "2026-12-04"),
        ("numa quinzena", "pt", "2026-12-07"),
        ("em trinta dias", "pt", "2026-12-23"),
        ("no meio de março", "pt", "2027-03-15"),
        ("para a semana", "pt", "2026-12-04"),
        ("até 6ª feira", "pt", "2026-11-27"),
        ("no dia 12 de março", "pt", "2027-03-12"),
        ("em meio ano", "pt", "2027-05-23"),
    ],
)
def test_due_dates_in_words(said: str, language: str, meant: str) -> None:
    """A due date counts from the day it was given on, in the page's language or in English."""
    assert due_date(said, day=MONDAY, language=language).isoformat() == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "asap",
        "week",
        "2026-02-30",
        "31 February",
        "13月1日",
        "2月30日",
        "in 99999 years",
        "no",
        "-",
    ],
)
def test_what_says_no_day_is_refused(said: str) -> None:
    """A word that does not name a day is not guessed at."""
    with pytest.raises(ValueError, match=r"day"):
        due_date(said, day=MONDAY)


def test_a_month_called_by_its_number_is_not_the_number_alone() -> None:
    """Whatever other language was asked before, 5 is not the end of May in Japanese or Arabic."""
    for language in ("ja", "ar"):
        with pytest.raises(ValueError, match="does not name a day"):
            due_date("5", day=MONDAY, language=language)
        assert due_date("5 days", day=MONDAY, language=language) == date(2026, 11, 28)


def test_a_weekday_and_a_date_that_do_not_agree_are_refused() -> None:
    """The 27th is a Friday; which of the two was meant is not guessed at."""
    with pytest.raises(ValueError, match="does not name a day"):
        due_date("Thursday 27 November", day=MONDAY)


@settings(max_examples=100, deadline=None)
@given(
    day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    weekday=st.sampled_from(
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    ),
)
def test_a_weekday_is_the_first_one_after(day: date, weekday: str) -> None:
    """Whatever the day, a weekday is one to seven days ahead, and the right one."""
    found = due_date(weekday, day=day)
    assert 1 <= (found - day).days <= 7
    assert f"{found:%A}" == weekday


@settings(max_examples=100, deadline=None)
@given(said=st.text(max_size=30), language=st.sampled_from(["en", "de", "fr", "ja", "ar"]))
def test_any_text_gives_a_day_or_a_refusal(said: str, language: str) -> None:
    """Nothing that can be typed raises anything but a ValueError."""
    with suppress(ValueError):
        assert due_date(said, day=MONDAY, language=language)

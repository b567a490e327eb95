"""Occasions of marked calendars and public holidays: facts with their dates and sources."""

from datetime import date, timedelta

import pytest

from briefgen.brief.talking_points.holidays_near import country_of, holidays_between
from briefgen.contacts.contact import Contact

from .conftest import START, Desk, by_rule

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def coming(desk: Desk, title: str, days: int) -> None:
    """An event of a calendar of occasions so many days after the meeting."""
    start = START + timedelta(days=days)
    desk.coming_up = (desk.meeting(title=title, uid="o1", start=start, end=start),)


@pytest.mark.parametrize(
    ("file", "title", "said"),
    [
        (
            "interests: [Boston Red Sox]",
            "Red Sox v Yankees",
            "Coming up: Red Sox v Yankees, Friday (interest: Boston Red Sox)",
        ),
        (
            "interests: [gardening]",
            "Garden show",
            "Coming up: Garden show, Friday (interest: gardening)",
        ),
        (
            "organization: Acme Logistics",
            "Logistics fair",
            "Coming up: Logistics fair, Friday (organization: Acme Logistics)",
        ),
        (
            "address: '12 Harbor St, Newark'",
            "Newark marathon",
            "Coming up: Newark marathon, Friday (city: Newark)",
        ),
    ],
)
def test_an_event_that_shares_something_is_a_talking_point(
    desk: Desk, file: str, title: str, said: str
) -> None:
    """By word forms, with its day and what it shares."""
    desk.with_contacts(HEAD + file)
    coming(desk, title, 4)
    assert by_rule(desk.compose(), "occasion") == [said]


@pytest.mark.parametrize(
    ("title", "days"), [("Yankees v Mets", 4), ("Red Sox v Yankees", 15), ("Harbor day", 4)]
)
def test_what_shares_nothing_or_is_far_is_not_told(desk: Desk, title: str, days: int) -> None:
    """Another team, more than two weeks ahead, a street."""
    desk.with_contacts(f"{HEAD}interests: [Boston Red Sox]\naddress: '12 Harbor St, Newark'")
    coming(desk, title, days)
    assert by_rule(desk.compose(), "occasion") == []


def test_a_holiday_within_a_week_is_told_with_its_country(desk: Desk) -> None:
    """As given plainly; as told by a number, said so; none if nothing says the country."""
    desk.with_contacts(f"{HEAD}country: US")
    assert by_rule(desk.compose(), "holiday") == ["Thursday is Thanksgiving Day (US)"]
    desk.with_contacts(f"{HEAD}telephones: ['+1 212 555 0100']")
    assert by_rule(desk.compose(), "holiday") == [
        "Thursday is Thanksgiving Day (US, by the telephone number)"
    ]
    desk.with_contacts(HEAD)
    assert by_rule(desk.compose(), "holiday") == []


def test_the_country_comes_from_what_tells_it_best() -> None:
    """Country before address before telephone before time zone."""
    zone = Contact(name="D", timezone="Europe/Berlin")
    assert country_of(zone) is not None
    for fields, code, by in [
        ({"timezone": "Europe/Berlin"}, "DE", "timezone"),
        ({"timezone": "Europe/Berlin", "telephones": ["+39 02 1234567"]}, "IT", "telephones"),
        (
            {"telephones": ["+39 02 1234567"], "address": "Ringstr. 1, Wien, Österreich"},
            "AT",
            "address",
        ),
        ({"address": "Wien, Österreich", "country": "DE-BY"}, "DE-BY", "country"),
    ]:
        found = country_of(Contact.model_validate({"name": "D", **fields}))
        assert found is not None
        assert (found.code, found.told_by) == (code, by)


def test_a_holiday_is_of_the_day_where_they_are(desk: Desk) -> None:
    """While it is the evening of the 23rd here, Labour Thanksgiving is over in Tokyo."""
    desk.with_contacts(HEAD + "timezone: Asia/Tokyo\n")
    evening = START.replace(hour=23)
    assert by_rule(desk.compose(start=START, end=START + timedelta(hours=1)), "holiday")
    assert not by_rule(desk.compose(start=evening, end=evening + timedelta(hours=1)), "holiday")


def test_a_region_has_its_own_holidays_and_names_follow_the_page() -> None:
    """Corpus Christi in Bavaria; German names on a German page."""
    days = (date(2026, 6, 1), date(2026, 6, 8))
    assert holidays_between("DE-BY", *days, "de") == ((date(2026, 6, 4), "Fronleichnam"),)
    assert holidays_between("DE-BE", *days, "de") == ()
    assert holidays_between("XX", *days, "de") == ()

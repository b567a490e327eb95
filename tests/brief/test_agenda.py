"""The agenda read out of descriptions as people and programs write them."""

import pytest

from briefgen.brief.agenda import AgendaItem, read_agenda


def said(description: str, *names: str) -> list[str]:
    """The items' texts."""
    return [item.text for item in read_agenda(description, names)]


@pytest.mark.parametrize(
    "description",
    [
        "1. Where we stand\n2. Service levels\n3. Next steps",
        "- Where we stand\n- Service levels\n- Next steps",
        "Hi Robin,\n\nAgenda:\n* Where we stand\n* Service levels\n* Next steps\n\nRegards\nDana",
        "(1) Where we stand\n(2) Service levels\n(3) Next steps",
        "a) Where we stand\nb) Service levels\nc) Next steps",
        "Agenda\nWhere we stand\nService levels\nNext steps",
        "Agenda: Where we stand; Service levels; Next steps",
        "Liebe Dana,\n\n• Where we stand\n• Service levels\n• Next steps\n\nViele Grüße",
        "Where we stand\n\nService levels\n\nNext steps\n\n#brief\n[contact: dana-smith]",
    ],
)
def test_items_in_every_shape(description: str) -> None:
    """Numbers, bullets, headings, plain lines; greetings and sign-offs are no items."""
    assert said(description) == ["Where we stand", "Service levels", "Next steps"]


def test_times_and_owners_are_taken_apart() -> None:
    """A time before or behind an item, a name in brackets."""
    text = (
        "- 10:00 Where we stand (Sam)\n- Service levels (15 min)\n"
        "- 10:30-10:45: Budget [Dana Smith]\n"
        "- The contract (draft) \n- Staffing @lee"
    )
    assert read_agenda(text) == (
        AgendaItem(text="Where we stand", time="10:00", owner="Sam"),
        AgendaItem(text="Service levels", time="15 min"),
        AgendaItem(text="Budget", time="10:30-10:45", owner="Dana Smith"),
        AgendaItem(text="The contract (draft)"),
        AgendaItem(text="Staffing @lee"),
    )
    assert read_agenda("- Staffing @lee", ["Lee Wong"])[0].owner == "lee"


def test_an_item_goes_on_in_the_next_line() -> None:
    """Indented lines belong to the item above; deeper bullets are its parts."""
    assert said("- Where we\n  stand\n  - in Newark\n  - in Trenton\n- Next") == [
        "Where we stand; in Newark; in Trenton",
        "Next",
    ]


def test_join_text_is_no_agenda() -> None:
    """What Zoom and Teams write into an invitation is cut away."""
    zoom = (
        "Topic one\n\n──────────\nDana is inviting you to a scheduled Zoom meeting.\n\n"
        "Join Zoom Meeting\nhttps://acme.zoom.us/j/5551234567?pwd=x\n\nMeeting ID: 555 123 4567\n"
        "Passcode: 246810\n\n---\n\nOne tap mobile\n+15550100,,5551234567# US\n"
    )
    teams = (
        "________________________________________________________________________________\n"
        "Microsoft Teams meeting\nJoin: https://teams.microsoft.com/meet/2468?p=x\n"
        "Meeting ID: 246 810 121 4\nPasscode: x1\n________________________________\n"
        "Need help?<https://aka.ms/JoinTeamsMeeting> | System reference\n"
        "________________________________________________________________________________\n"
    )
    assert said(zoom) == ["Topic one"]
    assert said(teams) == []
    assert said("") == []


@pytest.mark.parametrize(
    "description",
    ["x" * 1_000_000, "\n" * 1_000_000, "- a\n" * 100_000, "-" * 50_000, "1." * 50_000],
)
def test_a_huge_description_stays_small(description: str) -> None:
    """Whatever a stranger writes, there are at most twenty items of four hundred signs."""
    items = read_agenda(description)
    assert len(items) <= 20
    assert all(len(item.text) <= 400 for item in items)

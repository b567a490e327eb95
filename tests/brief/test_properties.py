"""What holds for every brief, whatever is on file: sources, tact, counts, sameness, caps."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefgen.brief.brief import Brief
from briefgen.brief.redaction import mentions
from briefgen.meetings.meeting import PastMeeting

from .conftest import ME, START, Desk, every_line, past

WORDS = st.sampled_from(
    [
        "the",
        "plan",
        "carriers",
        "Newark",
        "divorce",
        "Divorced",
        "budget",
        "chess",
        "école",
        "Straße",
        "価格",
        "سعر",
        "angry",
        "meeting",
        "Maya",
        "graduates",
        "draft",
        "lawyer",
        "LAWYERS",
        "training",
        "spring",
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
DAYS = st.dates(date(1920, 1, 1), date(2029, 12, 31))
NEAR_DAYS = st.dates(date(2025, 6, 1), date(2027, 1, 31))
VISIBILITY = st.sampled_from([None, None, "print", "private", "never"])
SIGNALS = st.sampled_from(["frustrated", "calm", "relieved", "tired", "hopeful", "odd word"])
AVOID = st.lists(st.sampled_from(["divorce", "lawyer", "école", "価格"]), max_size=2, unique=True)


def filled(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """A mapping of some of the fields."""
    optional = {name: st.none() | one for name, one in fields.items()}
    return st.fixed_dictionaries(optional).map(
        lambda made: {name: value for name, value in made.items() if value is not None}
    )


def needed(
    required: dict[str, st.SearchStrategy[object]], **fields: st.SearchStrategy[object]
) -> st.SearchStrategy[dict[str, object]]:
    """The same with fields that are always there."""
    return st.tuples(st.fixed_dictionaries(required), filled(**fields)).map(
        lambda two: {**two[1], **two[0]}
    )


def iso(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    """Dates as text."""
    return days.map(date.isoformat)


PARTIAL = st.one_of(
    iso(NEAR_DAYS),
    st.dates(date(2018, 1, 1), date(2027, 1, 1)).map(lambda d: f"{d:%Y-%m}"),
    DAYS.map(lambda d: f"{d:%m-%d}"),
    st.integers(1950, 2027).map(str),
)
INTERACTION = needed(
    {"date": iso(st.one_of(NEAR_DAYS, DAYS))},
    channel=st.sampled_from(["meeting", "call", "email", "visit", "message", "gift"]),
    summary=SENTENCES,
    words=SENTENCES,
    signals=st.lists(SIGNALS, min_size=1, max_size=3),
    needs=SENTENCES,
    needs_met=st.sampled_from(["yes", "partly", "no"]),
    unsaid=SENTENCES,
    visibility=VISIBILITY,
)
CONTACT = needed(
    {"avoid": AVOID},
    decides=st.sampled_from(["yes", "no"]),
    title=SENTENCES,
    organization=st.sampled_from(["Acme", "Harbor"]),
    timezone=st.sampled_from(["America/New_York", "Pacific/Apia", "Asia/Tokyo"]),
    birthday=st.one_of(DAYS.map(lambda d: f"{d:%m-%d}"), iso(DAYS), st.just("02-29")),
    relationship=filled(
        status=st.sampled_from(["new", "steady", "warm", "strained", "lapsed"]),
        since=PARTIAL,
        reason=SENTENCES,
        apology_owed=st.sampled_from(["yes", "no"]),
        give_space_until=iso(NEAR_DAYS),
        stay_in_touch=st.sampled_from(["6w", "3m", "10d", "9999y"]),
        visibility=VISIBILITY,
    ),
    situation=filled(current_state=SENTENCES, desired_outcome=SENTENCES, as_of=PARTIAL),
    agreed=st.lists(SENTENCES, max_size=3),
    parked=st.lists(SENTENCES, max_size=2),
    concerns=st.lists(
        needed({"text": SENTENCES}, date=PARTIAL, resolved=PARTIAL, visibility=VISIBILITY),
        max_size=3,
    ),
    approaches=st.lists(needed({"tried": SENTENCES}, date=PARTIAL, landed=SENTENCES), max_size=3),
    interests=st.lists(SENTENCES, max_size=3),
    life_events=st.lists(
        needed(
            {"note": SENTENCES},
            date=PARTIAL,
            expect=needed(
                {"after": st.sampled_from(["4y", "9m", "3w", "9999y"]), "note": SENTENCES}
            ),
            visibility=VISIBILITY,
        ),
        max_size=3,
    ),
    promises=st.lists(
        needed(
            {"text": SENTENCES, "by": st.sampled_from(["me", "them"])},
            made=iso(NEAR_DAYS),
            due=iso(NEAR_DAYS),
            kept=iso(NEAR_DAYS),
            visibility=VISIBILITY,
        ),
        max_size=5,
    ),
    talking_points=st.lists(needed({"text": SENTENCES}, visibility=VISIBILITY), max_size=3),
    to_share=st.lists(needed({"text": SENTENCES}, fits=SENTENCES), max_size=2),
    interactions=st.lists(INTERACTION, max_size=12),
)
LOCALES = st.sampled_from(["en_GB", "de_DE", "fr", "ja", "ar"])
CONTACTS = st.lists(CONTACT, min_size=1, max_size=4)
PAST = st.lists(
    st.tuples(st.dates(date(2023, 1, 1), date(2027, 1, 1)), st.integers(0, 3)), max_size=12
)
MODEST = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def desk_of(contacts: list[dict[str, object]], pasts: list[tuple[date, int]], locale: str) -> Desk:
    """A desk with these contacts and appointments."""
    texts = (
        json.dumps({"name": f"Person{at} Example", "emails": [address(at)], **fields})
        for at, fields in enumerate(contacts)
    )
    desk = Desk(locale=locale)
    from .conftest import contact_file

    desk.contacts = tuple(contact_file(text, f"person-{at}") for at, text in enumerate(texts))
    desk.past = tuple(past(f"{day}T15:00", address(who)) for day, who in pasts)
    return desk


def address(at: int) -> str:
    """The address of one of the people."""
    return f"p{at}@acme.example"


DESCRIPTIONS = st.lists(SENTENCES, max_size=4).map(lambda items: "\n".join(f"- {i}" for i in items))


@MODEST
@given(CONTACTS, PAST, LOCALES, DESCRIPTIONS)
def test_what_holds_for_every_brief(
    contacts: list[dict[str, object]], pasts: list[tuple[date, int]], locale: str, description: str
) -> None:
    """Every line has a source; none holds an avoided word; the same input gives the same brief."""
    desk = desk_of(contacts, pasts, locale)
    brief = desk.compose(description=description, why=True)
    files = {contact.file for contact in desk.contacts} | {"data/calendar.ics"}
    lengths = {c.file: c.kept.document.text.count("\n") + 1 for c in desk.contacts}
    avoided = {word for contact in desk.contacts for word in contact.contact.avoid}
    for line in every_line(brief):
        assert line.text.strip()
        assert line.rule
        assert line.source.file in files
        if line.source.file in lengths:
            assert line.source.line is not None
            assert 1 <= line.source.line <= lengths[line.source.file]
        assert line.visibility != "never"
        said = f"{line.label}\n{line.channel}\n{line.text}\n{line.note}"
        for word in avoided:
            assert not mentions(said, word, locale[:2])
    assert desk.compose(description=description, why=True) == brief
    assert len(brief.lines) <= 90
    apologies = [line.who for line in every_line(brief) if line.rule == "apology"]
    assert len(apologies) == len(set(apologies))


@MODEST
@given(CONTACTS, PAST)
def test_a_table_brief_holds_only_what_may_lie_there(
    contacts: list[dict[str, object]], pasts: list[tuple[date, int]]
) -> None:
    """Every line is marked print; moods, telephones, photos, stances and reasons are not there."""
    brief = desk_of(contacts, pasts, "en_GB").compose("table")
    assert all(line.visibility == "print" for line in every_line(brief))
    assert brief.left_out == ()
    assert brief.beyond == ()
    for face in brief.faces:
        assert face.mood == ()
        assert (face.photo, face.telephone, face.decides) == (None, None, False)
    assert all(prompt.stances == () and prompt.suggested is None for prompt in brief.prompts)


@MODEST
@given(st.lists(INTERACTION, max_size=12), PAST)
def test_counts_and_ages_agree_with_an_independent_reckoning(
    interactions: list[dict[str, object]], pasts: list[tuple[date, int]]
) -> None:
    """The line beneath a name, counted again from the plain data."""
    desk = desk_of([{"interactions": interactions}], pasts, "en_GB")
    brief = desk.compose()
    said = " ".join(one.text for one in brief.faces[0].lines if one.rule == "count")
    times = _times(desk.past, brief)
    since = brief.start - timedelta(days=730.56)
    earlier = any(one.start < since and address(0) in one.addresses for one in desk.past)
    noted = any(
        one.get("visibility") != "never" and str(one["date"]) <= brief.start.date().isoformat()
        for one in interactions
    )
    if noted and len(times) == 1:
        assert "calendar" not in said  # one meeting adds nothing to a note
    elif times and earlier:
        count = _often(len(times))
        assert f"In your calendar {count} in the last 2 years" in said
    elif len(times) > 1:
        month = min(times).strftime("%B %Y")
        assert f"In your calendar {_often(len(times))} since {month}" in said
    elif len(times) == 1:
        assert "In your calendar once, in" in said
    elif noted or not earlier:
        assert "calendar" not in said
    last, today = _last_talk(interactions), brief.start.date()
    silences = [one.text for one in every_line(brief) if one.rule == "silence"]
    if last is None:
        assert "Last spoke" not in said
    elif (today - last).days <= 365:
        assert f"Last spoke {last.day} {short_month(last)}" in said
    else:
        month = last.strftime("%B %Y")
        assert f"Last spoke {last.day} " in said or f"You last spoke in {month}." in silences


def _often(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _times(pasts: tuple[PastMeeting, ...], brief: Brief) -> set[date]:
    since = brief.start - timedelta(days=730.56)
    return {
        one.start.date()
        for one in pasts
        if address(0) in one.addresses and since <= one.start < brief.start
    }


def _last_talk(interactions: list[dict[str, object]]) -> date | None:
    days = [
        date.fromisoformat(str(one["date"]))
        for one in interactions
        if one.get("channel", "meeting") in {"meeting", "call", "visit"}
        and one.get("visibility") != "never"
    ]
    return max((d for d in days if date(1946, 12, 31) < d <= date(2026, 11, 22)), default=None)


def short_month(day: date) -> str:
    """As British dates have it."""
    return "Sept" if day.month == 9 else day.strftime("%b")


@pytest.mark.parametrize("edition", ["full", "table"])
def test_an_empty_contact_makes_a_brief(desk: Desk, edition: str) -> None:
    """A file with nothing but a name says nothing wrong."""
    desk.with_contacts("name: Dana Smith")
    desk.attendees = ()
    brief = desk.compose("table" if edition == "table" else "full", title="Call Dana Smith")
    assert [face.name for face in brief.faces] == ["Dana Smith"]
    assert len(brief.prompts) == (1 if edition == "table" else 2)
    assert brief.start == START
    assert ME not in repr(brief.faces)


NAMES = ("Bernd Kuhn", "Ruth Berg")
ABOUT_THE_OTHER = st.sampled_from(
    ["{name} shouts", "tell {name} nothing", "{name} does not know", "the plan of {name}"]
)
PLACES = st.sampled_from(
    [
        "interactions: [{{date: 2026-11-02, channel: call, summary: '{text}', signals: [angry]}}]",
        "interactions: [{{date: 2026-11-02, channel: call, words: '{text}', needs: '{text}'}}]",
        "interactions: [{{date: 2026-11-02, channel: call, summary: S., unsaid: '{text}'}}]",
        "concerns: [{{date: 2026-11-02, text: '{text}'}}]",
        "talking_points: ['{text}']",
    ]
)


@MODEST
@given(ABOUT_THE_OTHER, PLACES, st.sampled_from([0, 1]), st.sampled_from(["en_GB", "de_DE"]))
def test_nothing_that_one_said_of_another_present_is_quoted(
    said: str, place: str, who: int, locale: str
) -> None:
    """Neither by the first name nor by the surname, in whatever field it was noted."""
    other = NAMES[1 - who]
    for name in other.split():
        text = said.format(name=name)
        files = [f"name: {NAMES[at]}\nemails: [{address(at)}]\n" for at in (0, 1)]
        files[who] += place.format(text=text)
        brief = Desk(locale=locale).with_contacts(*files).compose()
        assert text.casefold() not in "\n".join(
            f"{line.text}\n{line.note}".casefold() for line in every_line(brief)
        )


@MODEST
@given(
    st.sampled_from(["kind: confidential", "visibility: never"]),
    st.sampled_from(["pregnant", "a miscarriage", "in rehab", "being sued"]),
    st.sampled_from(["2026-10", "2025", "2026-10-19"]),
    PLACES,
)
def test_no_line_has_the_matter_of_a_confidence(
    mark: str, matter: str, when: str, place: str
) -> None:
    """Whatever field the same words are in."""
    event = f"life_events: [{{date: {when}, note: she is {matter}, {mark}}}]\n"
    text = f"about her {matter}"
    file = f"name: Ada Novak\nemails: [{address(0)}]\n{event}{place.format(text=text)}"
    for line in every_line(Desk().with_contacts(file).compose()):
        assert matter not in f"{line.text} {line.note}"


@MODEST
@given(st.lists(iso(st.dates(date(2026, 11, 24), date(2029, 1, 1))), min_size=1, max_size=4))
def test_nothing_later_than_the_meeting_is_told_as_past(days: list[str]) -> None:
    """Talks, moods and apologies of days to come are slips of the pen."""
    notes = ", ".join(
        f"{{date: {day}, channel: call, summary: LATER, signals: [angry]}}" for day in days
    )
    made = ", ".join(f"{{date: {day}, for: LATER, taken: refused}}" for day in days)
    file = (
        f"name: Ada Novak\nemails: [{address(0)}]\ninteractions: [{notes}]\napologies: [{made}]\n"
    )
    brief = Desk().with_contacts(file).compose()
    assert not [
        line for line in every_line(brief) if "LATER" in line.text or line.rule == "apology"
    ]
    assert not brief.faces[0].mood

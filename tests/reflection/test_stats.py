import xml.etree.ElementTree as ET
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_workspaces import Place, event

from briefgen.brief.sheet_memory import LineUse, add_line_uses, lines_file
from briefgen.brief.trend import Promises
from briefgen.cli import main
from briefgen.contacts.book import parse_contact
from briefgen.contacts.entry import Promised
from briefgen.contacts.index import open_book
from briefgen.contacts.layered_book import is_by, seen_by
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Me

TODAY = "2026-11-24T10:00"

CONTACT = """\
name: Dana Smith <&>
relationship: {stay_in_touch: 6w}
promises:
  - {by: me, text: a, due: 2026-11-20, kept: 2026-11-20}
  - {by: me, text: b, due: 2026-11-20, kept: 2026-11-21}
  - {by: me, text: c, due: 2026-11-20}
  - {by: me, text: d, due: 2026-11-30}
  - {by: them, text: e, kept: 2026-11-18}
interactions:
  - {date: 2026-08-01, signals: [happy], reflection: {needs_answered: yes, help_answered: yes}}
  - {date: 2026-08-08, signals: [frustrated], reflection: {needs_answered: yes, help_answered: no}}
  - {date: 2026-08-15, reflection: {needs_answered: yes, help_answered: yes}}
  - {date: 2026-09-01, channel: call}
  - {date: 2026-12-24, summary: not yet, reflection: {needs_answered: yes, help_answered: yes}}
"""


def _dana(place: Place) -> None:
    place.write("data/contacts/dana-smith.yaml", CONTACT)
    place.write("data/contacts/lee-wong.yaml", "name: Lee Wong\n")


def test_the_trend_of_one_contact(place: Place) -> None:
    """Both questions, moods, silence against `stay_in_touch`, promises of both sides."""
    _dana(place)
    report = place.report("stats", "dana-smith", as_of=TODAY)
    assert report["both_questions"] == {"answered": 2, "meetings": 3}
    (dana,) = report["contacts"]
    assert [mood["tone"] for mood in dana["moods"]] == ["high", "low"]
    assert dana["silence"] == {
        "last": "2026-09-01",
        "days": 84,
        "stay_in_touch": "6w",
        "too_long_by": 42,
    }
    assert dana["promises"]["me"] == {"on_time": 1, "late": 1, "open": 1, "overdue": 1}
    assert dana["promises"]["them"] == {"on_time": 1, "late": 0, "open": 0, "overdue": 0}


def test_the_trend_in_words(place: Place) -> None:
    """In the terminal the same, in words."""
    _dana(place)
    one = place.call("stats", "dana-smith", as_of=TODAY).output
    assert "could answer both questions: 2 of the last 3 meetings" in one
    assert "You have not been in touch for 12 weeks (you meant to be every 6 weeks)." in one
    assert "my promises kept on time: 1 of 3, 1 overdue" in one
    everybody = place.call("stats", as_of=TODAY).output
    assert "could answer both questions: 2 of the last 3 meetings" in everybody
    assert "no word" in everybody


def test_the_table_of_everybody_has_its_headings_whole(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 80 columns too, of somebody who is overdue, was silent too long and has moods."""
    _dana(place)
    monkeypatch.setenv("COLUMNS", "80")
    place.write("briefgen.yaml", (place.root / "briefgen.yaml").read_text() + "locale: es\n")
    everybody = place.call("stats", as_of=TODAY).output
    assert {"preguntas", "promesas", "últimas"} <= set(everybody.split())


def test_a_meeting_with_several_counts_once(place: Place) -> None:
    """Two people in one meeting make one reflection, answered only where it was for both."""
    meeting = "meeting: {uid: a@b.example}"
    for stem, helped in (("dana-smith", "yes"), ("lee-wong", "no")):
        reflection = f"reflection: {{needs_answered: yes, help_answered: {helped}}}"
        text = f"name: {stem}\ninteractions: [{{date: 2026-11-02, {meeting}, {reflection}}}]\n"
        place.write(f"data/contacts/{stem}.yaml", text)
    report = place.report("stats", as_of=TODAY)
    assert report["both_questions"] == {"answered": 0, "meetings": 1}


def test_the_picture_as_svg(place: Place) -> None:
    """Well-formed, with a title and a description that say what is seen; names stay text."""
    _dana(place)
    path = place.root / "trend.svg"
    assert place.call("stats", "--plot", str(path), as_of=TODAY).exit_code == 0
    root = ET.fromstring(path.read_bytes())
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title") is not None
    assert "2 of the last 3 meetings" in (root.findtext(f"{space}desc") or "")
    texts = [element.text for element in root.iter(f"{space}text")]
    assert "Dana Smith <&>" in texts
    assert "84 days ago / 6w" in texts
    assert len(list(root.iter(f"{space}circle"))) == 4 + 2


def test_the_picture_has_one_format(place: Place) -> None:
    """Nothing is written under another ending than `.svg`."""
    _dana(place)
    for name in ("x.png", "x.pdf"):
        assert place.call("stats", "--plot", str(place.root / name), as_of=TODAY).exit_code == 2
        assert not (place.root / name).exists()


def test_the_rate_of_reflections(place: Place) -> None:
    """Of the meetings that ended with someone on file, how many have a reflection."""
    assert place.report("stats", as_of=TODAY)["reflected"] == {"done": 0, "meetings": 2}
    answers = place.write("answers.yaml", "needs_answered: yes\n")
    taken = place.call("reflect", "review@calendar.example", "--from", str(answers), as_of=TODAY)
    assert taken.exit_code == 0, taken.output
    assert place.report("stats", as_of=TODAY)["reflected"] == {"done": 1, "meetings": 2}
    assert "reflected on 1 of the last 2 meetings" in place.call("stats", as_of=TODAY).output
    lee = place.report("stats", "lee-wong", as_of=TODAY)["reflected"]
    assert lee == {"done": 0, "meetings": 1}
    before = place.report("stats", as_of="2026-11-23T10:59")["reflected"]
    assert before == {"done": 0, "meetings": 0}, "a meeting that runs is not yet waiting"


def test_the_rate_counts_the_last_24_meetings(place: Place) -> None:
    """The 25th last meeting counts no more, nor one more than two months ago."""
    days = [date(2026, 11, 23) - timedelta(days=n) for n in range(25)]
    place.feed(
        *(
            event(f"m{n}@c.example", f"{day:%Y%m%d}T100000", f"{day:%Y%m%d}T110000", f"Talk {n}")
            for n, day in enumerate(days)
        )
    )
    assert place.report("stats", as_of=TODAY)["reflected"] == {"done": 0, "meetings": 24}
    old = date(2026, 11, 24) - timedelta(days=61)
    place.feed(event("o@c.example", f"{old:%Y%m%d}T100000", f"{old:%Y%m%d}T110000", "Long ago"))
    assert place.report("stats", as_of=TODAY)["reflected"] == {"done": 0, "meetings": 0}


def test_used_lines_are_counted_by_rule(place: Place) -> None:
    """What was told last of a line counts, and a record that was cut off harms nothing."""
    workspace = Workspace(root=place.root)
    one = LineUse(day="2026-11-23", meeting="m", rule="life-event", line="a", used=False)
    add_line_uses(workspace, [one, one.replace(line="b"), one.replace(line="a", used=True)])
    with lines_file(workspace).open("a") as stream:
        stream.write('{"day": "2026-')
    assert place.report("stats", as_of=TODAY)["lines"] == [
        {"rule": "life-event", "printed": 2, "used": 1}
    ]
    told = place.call("stats", as_of=TODAY).output
    assert "lines of the sheet that were used: life event 1/2" in told


def test_the_way_so_far_in_their_words(place: Place) -> None:
    """From where they are to where they want to be, and what they called progress."""
    text = CONTACT.replace("signals: [happy]", 'signals: [happy], words: "at last one screen"')
    situation = "situation: {current_state: by hand, desired_outcome: one screen}\n"
    place.write("data/contacts/dana-smith.yaml", text + situation)
    told = place.call("stats", "dana-smith", as_of=TODAY).output
    assert "by hand → one screen" in told
    assert "1 Aug: “at last one screen”" in told


def test_stats_of_nothing(place: Place) -> None:
    """A workspace without contacts has no trend, and a picture of it is no fault."""
    for stem in ("dana-smith", "lee-wong"):
        (place.root / f"data/contacts/{stem}.yaml").unlink()
    path = place.root / "trend.svg"
    result = place.call("stats", "--plot", str(path), as_of=TODAY)
    assert result.exit_code == 0, result.output
    assert "no reflections yet" in result.output


_DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["me", "them"]), _DAYS, _DAYS)))
def test_every_promise_counts_once(
    drawn: list[tuple[str, date | None, date | None]],
) -> None:
    """On time, late, open or overdue: each promise of a side is exactly one of them."""
    promises = [Promised(by=by, text="x", line=1, due=due, kept=kept) for by, due, kept in drawn]
    for by in ("me", "them"):
        counts = Promises.of(promises, by=by, today=date(2026, 6, 1))
        total = counts.on_time + counts.late + counts.open + counts.overdue
        assert total == sum(promise.by == by for promise in promises)


def test_a_silence_is_too_long_from_the_next_day_on(place: Place) -> None:
    """Six weeks after the last word are not yet too long; a day more is."""
    _dana(place)
    for day, beyond in (("2026-10-13", None), ("2026-10-14", 1)):
        report = place.report("stats", "dana-smith", as_of=f"{day}T10:00")
        assert report["contacts"][0]["silence"]["too_long_by"] == beyond


def test_figures_are_read_once_and_again_where_a_file_changes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statistics open no contact's file whose figures are kept, and miss no change."""
    _dana(place)
    workspace = Workspace(root=place.root)
    first = open_book(workspace)[0].figures()
    assert [one.name for one in first] == ["Dana Smith <&>", "Lee Wong"]
    assert first[0].promises[2].line == 6
    read: list[str] = []

    def parse(content: bytes, file: str) -> object:
        read.append(file)
        return parse_contact(content, file)

    monkeypatch.setattr("briefgen.contacts.index.parse_contact", parse)
    assert open_book(workspace)[0].figures() == first
    assert read == []
    place.write("data/contacts/lee-wong.yaml", "name: Lee Wong-Ortiz\n")
    (place.root / "data/contacts/dana-smith.yaml").unlink()
    (lee,) = open_book(workspace)[0].figures()
    assert lee.name == "Lee Wong-Ortiz"
    assert set(read) == {"data/contacts/lee-wong.yaml"}


@given(st.sampled_from(["ann", "robin", None]), st.sampled_from(["ann", "robin", None]))
def test_figures_are_seen_as_contacts_are(promised_by: str | None, noted_by: str | None) -> None:
    """What someone else signed is not the reader's: in figures as in the contact itself."""
    signed = f", author: {promised_by}" if promised_by else ""
    noted = f", author: {noted_by}" if noted_by else ""
    text = (
        f"name: D\npromises: [{{by: me, text: a{signed}}}, {{by: them, text: b}}]\ninteractions:\n"
        f"  - {{date: 2026-08-01, reflection: {{needs_answered: yes}}{noted}}}\n"
    )
    contact, _ = parse_contact(text.encode(), "data/contacts/d.yaml")
    assert contact is not None
    me = Me(name="Robin Keller", author="robin")
    seen = seen_by(me)(contact).figures()
    again = contact.figures().seen(partial(is_by, me, own=True))
    assert [one.by for one in seen.promises] == [one.by for one in again.promises]
    assert [one.needs for one in seen.talks] == [one.needs for one in again.talks]


def test_nothing_of_a_forgotten_person_stays_in_the_index(place: Place) -> None:
    """Their name and their promises go with the file, also those that earlier versions kept."""
    _dana(place)
    index = place.root / ".briefgen/index.json"
    place.call("stats", as_of=TODAY)
    assert "Dana Smith" in index.read_text()
    older = index.with_name("figures.json")
    older.write_text('{"layout": "older", "files": {"x": "Dana Smith"}}')
    line = ["contacts", "forget", "dana-smith", "--yes", "-w", str(place.root)]
    assert place.runner.invoke(main, line).exit_code == 0
    assert "Dana Smith" not in index.read_text()
    assert not older.exists()

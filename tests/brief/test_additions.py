"""What the user adds to meetings under `data/meetings/`, and what `list` remarks."""

from pathlib import Path

from briefgen.brief.additions import read_additions
from briefgen.brief.marks import remarks
from briefgen.workspace.folder import Workspace

from .conftest import Desk, attendee, section, texts

TWO = ("What do they need from me?", "How can I help based on their emotional signals?")
HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def read(folder: Path, **files: str) -> tuple[object, ...]:
    """The additions of files with these texts."""
    meetings = folder / "data" / "meetings"
    meetings.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (meetings / f"{name}.yaml").write_text(text)
    return read_additions(Workspace(root=folder))


def test_an_agenda_of_ones_own_wins(desk: Desk, tmp_path: Path) -> None:
    """Agenda, aims and prompts of the file stand instead of the invitation's."""
    text = """
title: "*service review"
agenda:
  - {text: The draft, time: 10 min, owner: Sam}
  - {text: for my eyes, visibility: private}
aims: [leave with a date]
prompts: [What would help most?]
"""
    additions, problems = read(tmp_path, review=text)
    assert problems == ()
    desk.with_contacts(HEAD)
    desk.additions = additions  # type: ignore[assignment]
    brief = desk.compose(description="- From the invitation")
    assert texts(section(brief, "agenda")) == [
        "1. | The draft (10 min, Sam)",
        "2. | for my eyes",
        "Aim | leave with a date",
    ]
    assert brief.glance.lead is not None
    assert brief.glance.lead.text == "leave with a date"
    assert [prompt.question for prompt in brief.prompts] == [*TWO, "What would help most?"]
    assert section(brief, "agenda")[0].source.line == 4
    assert section(brief, "agenda")[0].source.file == "data/meetings/review.yaml"
    table = desk.compose("table", description="- From the invitation")
    assert texts(table.section("agenda")) == ["1. | The draft (10 min, Sam)"]


def test_the_most_exact_file_wins(desk: Desk, tmp_path: Path) -> None:
    """A date before a series before a title, each field by itself."""
    additions, problems = read(
        tmp_path,
        a="title: q4*\nagenda: [by title]\naims: [aim by title]\n",
        b="series: q4@calendar.example\nagenda: [by series]\n",
        c="date: 2026-11-23\nagenda: [by date]\n",
        d="date: 2026-11-24\nagenda: [another day]\n",
        e="title: q5\nagenda: [another meeting]\n",
    )
    assert problems == ()
    desk.with_contacts(HEAD)
    desk.additions = additions  # type: ignore[assignment]
    assert texts(section(desk.compose(), "agenda")) == ["1. | by date", "Aim | aim by title"]
    desk.additions = desk.additions[:2]
    assert texts(section(desk.compose(), "agenda"))[0] == "1. | by series"


def test_mistakes_are_problems_with_their_line(tmp_path: Path) -> None:
    """Unknown fields, no mark of a meeting, another ending; the other files stay."""
    (tmp_path / "data" / "meetings").mkdir(parents=True)
    (tmp_path / "data" / "meetings" / "old.yml").write_text("title: x\n")
    additions, problems = read(
        tmp_path,
        a="title: x\nagena: [y]\n",
        b="agenda: [y]\n",
        c="date: 2026-02-30\n",
        d="title: x\n",
    )
    assert isinstance(problems, tuple)
    told = [(problem.file.rpartition("/")[2], problem.line) for problem in problems]
    assert ("a.yaml", 2) in told
    assert ("old.yml", None) in told
    assert {"b.yaml", "c.yaml"} <= {name for name, _ in told}
    assert isinstance(additions, tuple)
    assert "d.yaml" in {one.file.rpartition("/")[2] for one in additions}


def test_one_question_of_ones_own_follows_the_two(desk: Desk) -> None:
    """It never replaces them; the table asks the client's one."""
    desk.with_contacts(HEAD)
    assert [prompt.question for prompt in desk.compose().prompts] == [*TWO]
    (asked,) = desk.compose("table").prompts
    assert (asked.question, asked.lines) == ("What do you need from us?", ())
    desk.settings_given = {"prompts": ("What did I promise?", "What do I hear?", "What next?")}
    assert [prompt.question for prompt in desk.compose().prompts] == [
        *TWO,
        "What did I promise?",
    ]


def told(desk: Desk, **given: object) -> tuple[str, ...]:
    """What `list` remarks on the meeting."""
    meeting = desk.meeting(**given)
    return remarks(meeting, desk.match(meeting), book=desk.book, additions=desk.additions)


def test_a_tactless_title_is_read_in_every_language(desk: Desk) -> None:
    """Whatever language the file is of: a matter is avoided in all of them."""
    text = "name: Dana Smith\nemails: [dana@acme.example]\navoid: [divorce]\n"
    warned = "the title or place mentions 'divorce', which Dana Smith's file avoids"
    desk.with_contacts(text)
    for title in ("Sorgerecht", "La garde partagée", "別居"):
        assert warned in told(desk, title=title), title
    assert warned not in told(desk, title="Custodian services")


def test_list_remarks_on_what_is_doubtful(desk: Desk) -> None:
    """A near name is suggested, and only here; no agenda; space; a tactless title."""
    desk.with_contacts(
        "name: Dana Smith\nemails: [dana@acme.example]\navoid: [divorce]\n"
        "relationship: {status: strained, give_space_until: 2026-12-01}\ninterests: [chess]"
    )
    desk.attendees = (attendee("dana.smith@newco.example", "Smith, Danna"),)
    (said,) = told(desk, description="- Budget")
    assert said.startswith("dana.smith@newco.example may be Dana Smith (dana-smith); if so")
    assert "chess" not in repr(desk.compose())
    assert told(desk, description="- Budget\n[contact: nobody]")[1] == (
        "[contact: nobody] names no file; there is no data/contacts/nobody.yaml"
    )
    desk.attendees = None
    assert told(desk, title="Divorce settlement") == (
        "no agenda",
        "you meant to give Dana Smith space until 2026-12-01",
        "the title or place mentions 'divorce', which Dana Smith's file avoids",
    )

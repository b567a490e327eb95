"""A brief whose page cannot be made is there as text, and the run goes on."""

import multiprocessing
from functools import partial
from io import BytesIO
from pathlib import Path

import page as pdf_rules
import pytest
from handmade import START, brief_of, face, look_of
from pypdf import PdfReader

from briefgen.day import make as writing
from briefgen.day.make import NamedBrief, plan_briefs, write_briefs
from briefgen.page.look import MadePage
from briefgen.page.text import why_plain
from briefgen.page.workers import make_pages, make_plain_page
from briefgen.workspace.folder import Workspace

BRIEF = brief_of(
    place="Acme House, 4 Dock Road",
    faces=tuple(face(f"Person {number}") for number in range(12)),
)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("time", "took too long"), ("memory", "too much memory"), ("died", "typesetting failed")],
)
def test_it_says_why_and_holds_what_matters(tmp_path: Path, kind: str, said: str) -> None:
    """One page: the reason, time, place, people and both questions."""
    look = look_of(tmp_path)
    made = make_plain_page(BRIEF, look, why_plain(kind, look.language))
    assert isinstance(made, MadePage)
    (page,) = PdfReader(BytesIO(made.pdf)).pages
    text = " ".join(page.extract_text().split())
    assert said in text
    for each in ("10:00", "11:00", "Acme House, 4 Dock Road", "Person 0", "Q4 service review"):
        assert each in text
    assert "What do they need from me?" in text
    assert "How can I help based on their emotional signals?" in text
    assert pdf_rules.is_pdf_compliant_bytes(made.pdf, profile="ua1")


def test_a_brief_beyond_the_limits_is_written_as_text_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A problem says so, a text-only page takes its place, the next run makes the real one."""
    workspace, look = Workspace(root=tmp_path), look_of(tmp_path)
    named = (NamedBrief(brief=BRIEF, name="1000-q4.pdf"),)
    with monkeypatch.context() as patched:
        patched.setattr(writing, "make_pages", partial(make_pages, seconds=0.001))
        outcome = write_briefs(workspace, plan_briefs(workspace, named, look), look)
    (brief,) = outcome.briefs
    assert brief.state == "failed"
    assert [p.severity for p in outcome.problems] == ["error"]
    path = tmp_path / "briefings" / "2026-11-23" / "1000-q4.pdf"
    assert "took too long" in " ".join(PdfReader(path).pages[0].extract_text().split())
    again = write_briefs(workspace, plan_briefs(workspace, named, look), look)
    assert [b.state for b in again.briefs] == ["written"]
    assert "took too long" not in " ".join(PdfReader(path).pages[0].extract_text().split())


def test_no_child_outlives_a_run_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while someone still looks at the failure; and no folder of theirs is left."""
    workspace, look = Workspace(root=tmp_path), look_of(tmp_path)
    named = tuple(NamedBrief(brief=BRIEF, name=f"1000-{n}.pdf") for n in range(3))
    plan = plan_briefs(workspace, named, look)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(writing, "_written", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError) as failure:
        write_briefs(workspace, plan, look)
    assert failure.value.__traceback__ is not None
    assert not multiprocessing.active_children()
    assert not [path for path in temporary.iterdir() if path.name.startswith("briefgen-")]


def test_even_a_hostile_brief_stands_in_on_one_page(tmp_path: Path) -> None:
    """However long everything is, the text-only page is one."""
    long = "word " * 5000
    hostile = BRIEF.replace(
        title=long,
        place=long,
        end=START,
        faces=tuple(face(f"{long}{number}") for number in range(40)),
    )
    made = make_plain_page(hostile, look_of(tmp_path), "x")
    assert isinstance(made, MadePage)
    assert len(PdfReader(BytesIO(made.pdf)).pages) == 1

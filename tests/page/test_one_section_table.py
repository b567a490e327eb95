"""The page, `show`, the web and the mail have the sections in one order, under one heading each."""

from pathlib import Path
from typing import get_args

from geometry import one_page, words_of
from handmade import brief_of, face, line, look_of

from briefgen.brief.brief import Brief, Section
from briefgen.brief.sections import SECTIONS, section_heading
from briefgen.brief.show import as_text
from briefgen.delivery.mail_text import MailReason, meeting_letter
from briefgen.page.make import make_page
from briefgen.web.meetings import _parts
from briefgen.workspace.language import language_of

ENGLISH = language_of("en_GB")


def everything() -> Brief:
    """A brief with one line in each section, of two people."""
    found = [row for row in SECTIONS if row.key not in {"person", "prompt"}]
    lines = tuple(line(row.key, f"the {row.key} line", label="") for row in reversed(found))
    return brief_of(lines=lines, faces=(face("Dana Smith"), face("Lee Wong")))


def order_of(text: str, *, mailed: bool = False) -> list[str]:
    """The sections in the order in which a text has their lines; each must be there."""
    keys = [
        row.key
        for row in SECTIONS
        if row.key not in {"person", "prompt"} and (row.mailed or not mailed)
    ]
    return sorted(keys, key=lambda key: text.index(f"the {key} line"))


def test_the_table_has_every_section() -> None:
    """Each once."""
    assert sorted(row.key for row in SECTIONS) == sorted(get_args(Section))


def test_show_web_and_mail_follow_the_table() -> None:
    """The order of the table, which is that of the page."""
    brief = everything()
    expected = [row.key for row in SECTIONS if row.key not in {"person", "prompt"}]
    assert order_of(as_text(brief, ENGLISH)) == expected
    told = [
        one.text for _, groups in _parts(brief, ENGLISH) for _, lines in groups for one in lines
    ]
    assert order_of(" ".join(told)) == expected
    look = look_of(Path("no-such-workspace"))
    letter = meeting_letter(brief, occasion=MailReason(kind="first"), attachments=(), look=look)
    mailed = [row.key for row in SECTIONS if row.mailed]
    assert order_of(letter.text, mailed=True) == mailed
    for row in SECTIONS:
        if row.key not in {"person", "prompt"}:
            assert (f"the {row.key} line" in letter.text) == row.mailed


def test_the_page_has_its_headings_in_the_order_of_the_table() -> None:
    """Within each column."""
    page = one_page(make_page(everything(), look_of(Path("no-such-workspace"))).pdf)
    for column in ("left", "right"):
        start = 0 if column == "left" else 75 / 25.4 * 72
        words = words_of(page.crop((start, 0, page.width if start else 70 / 25.4 * 72, 800)))
        headings = dict.fromkeys(
            section_heading(row.key, ENGLISH)
            for row in SECTIONS
            if row.column == column and row.key not in {"person", "situation"}
        )
        places = [words.index(heading) for heading in headings]
        assert places == sorted(places)
        assert places or column == "left"

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from handmade import brief_of, line

from briefgen.brief.brief import Source
from briefgen.brief.day import DaySheet, Remark
from briefgen.brief.stops import Stop
from briefgen.delivery.mail_changes import Change
from briefgen.delivery.mail_text import (
    MailReason,
    day_letter,
    failure_letter,
    meeting_letter,
    short_letter,
)
from briefgen.delivery.mailed_meetings import MailedMeeting
from briefgen.delivery.message import Attachment
from briefgen.page.look import Look
from briefgen.workspace.language import language_of

TEN = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Berlin"))
FIRST = MailReason(kind="first")


def look(tmp_path: Path, locale: str = "en_GB") -> Look:
    """The built-in look."""
    return Look(
        size="A4",
        color=True,
        language=language_of(locale),
        templates=tmp_path / "templates",
        contacts=tmp_path,
        cache=tmp_path,
        author="Robin Keller",
    )


def stop(title: str = "Review", *, link: str | None = None, hours: int = 0) -> Stop:
    """A meeting of an hour."""
    start = TEN + timedelta(hours=hours)
    end = start + timedelta(hours=1)
    return Stop(
        uid=title,
        recurrence_id=None,
        start=start,
        end=end,
        all_day=False,
        when=f"{start:%H:%M}–{end:%H:%M}",
        title=title,
        place="Acme House",
        join_link=link,
        names="Dana Smith",
    )


def sheet(*stops: Stop) -> DaySheet:
    """A day with a promise."""
    source = Source(file="data/contacts/dana.yaml")
    promise = Remark(who="Dana Smith", text="send the draft", note="due today", source=source)
    return DaySheet(
        day=date(2026, 11, 23),
        edition="full",
        heading="Monday 23 November 2026",
        stops=stops,
        mine=(promise,),
    )


def test_plain_text_reads_from_the_top(tmp_path: Path) -> None:
    """What a phone shows first is how many meetings; then what is promised, then the day."""
    pdf = Attachment(name="10.00 Review.pdf", content=b"")
    letter = day_letter(
        sheet(stop(link="https://meet.example/a")),
        occasion=FIRST,
        attachments=[pdf],
        look=look(tmp_path),
    )
    assert letter.subject == "Monday, 23 November: 10:00 Review"
    assert letter.text.splitlines() == [
        "1 meeting, at 10:00",
        "Monday 23 November 2026",
        "",
        "Promises you made",
        "- Dana Smith: send the draft (due today)",
        "",
        "10:00–11:00  Review",
        "    Dana Smith",
        "    Acme House",
        "    https://meet.example/a",
        "",
        "Attached:",
        "  10.00 Review.pdf",
    ]


@pytest.mark.parametrize("private", [False, True])
def test_the_first_words_are_private_only_where_they_may_be(
    tmp_path: Path, *, private: bool
) -> None:
    """A locked telephone shows how many meetings there are, and no more unless it may."""
    first = stop().replace(first="apologise: we missed the go-live")
    letter = day_letter(
        sheet(first), occasion=FIRST, attachments=[], look=look(tmp_path), private=private
    )
    hidden = letter.html.split('opacity:0;">')[1].split("&#8199;")[0]
    said = "1 meeting, at 10:00"
    assert hidden == (f"{said}. First: 10:00 {first.first}" if private else said)
    assert first.first in letter.html.split("</h1>")[1]


def test_html_says_the_same(tmp_path: Path) -> None:
    """Whatever is in the text is in the HTML, and nothing is loaded from anywhere."""
    stops = (stop(), stop("Lunch", hours=3))
    letter = day_letter(sheet(*stops), occasion=FIRST, attachments=[], look=look(tmp_path))
    for words in ("Review", "Lunch", "Dana Smith: send the draft", "due today", "Acme House"):
        assert words in letter.html
    for loads in ("<img", "<link", "@import", "url(", "<script", "src="):
        assert loads not in letter.html


def test_strangers_words_stay_words(tmp_path: Path) -> None:
    """Markup in a title is text, a link that is none is not followed, a line stays a line."""
    hostile = stop("<script>alert(1)</script>\r\nBcc: x", link="javascript:alert(1)\nX: y")
    letter = day_letter(sheet(hostile), occasion=FIRST, attachments=[], look=look(tmp_path))
    assert "<script" not in letter.html
    assert 'href="javascript' not in letter.html
    assert "\nBcc" not in letter.text
    assert "\nX: y" not in letter.text


def test_a_broken_template_of_ones_own(tmp_path: Path) -> None:
    """With a mistake in the user's copy, the built-in template makes the mail."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "mail.html.j2").write_text("{{ nothing.such }}")
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=[], look=look(tmp_path))
    assert "Review" in letter.html
    (folder / "mail.html.j2").write_text("mine: {{ body.heading }}")
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=[], look=look(tmp_path))
    assert letter.html == "mine: 1 meeting, at 10:00"


def test_several_changes(tmp_path: Path) -> None:
    """With more than one change the subject counts them and the text says each."""
    told = MailedMeeting(
        uid="Review", recurrence_id=None, start=TEN, end=TEN + timedelta(hours=1),
        title="Review", place="", digest="a",
    )  # fmt: skip
    later = told.replace(start=TEN + timedelta(hours=1), end=TEN + timedelta(hours=2))
    changes = (
        Change(kind="moved", before=told, now=later),
        Change(kind="cancelled", before=told.replace(uid="b", title="Lunch")),
    )
    occasion = MailReason(kind="update", changes=changes)
    letter = day_letter(sheet(stop()), occasion=occasion, attachments=[], look=look(tmp_path))
    assert letter.subject == "Updated: 2 changes – Monday, 23 November"
    assert "* Review: moved to 11:00 (was 10:00)" in letter.text
    assert "* Lunch, 10:00: cancelled" in letter.text
    only = MailReason(kind="cancellation", changes=changes[1:])
    short = short_letter(date(2026, 11, 23), only, (), look=look(tmp_path))
    assert short.subject == "Cancelled: Lunch, 10:00"
    assert short.attachments == ()


def test_sealed_body(tmp_path: Path) -> None:
    """Beside locked attachments, nothing from contact files is in the open."""
    letter = day_letter(
        sheet(stop()), occasion=FIRST, attachments=[], look=look(tmp_path), sealed=True
    )
    assert "send the draft" not in letter.text + letter.html
    assert "Review" in letter.text


def test_right_to_left(tmp_path: Path) -> None:
    """In Arabic the mail runs from right to left."""
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=[], look=look(tmp_path, "ar"))
    assert '<html lang="ar" dir="rtl">' in letter.html
    assert "text-align:right" in letter.html


def test_a_night_that_made_nothing(tmp_path: Path) -> None:
    """The mail of a failed night says why."""
    letter = failure_letter(
        date(2026, 11, 22), ["data/calendar.ics: cannot be read"], look=look(tmp_path)
    )
    assert letter.subject == "Sunday, 22 November: no briefs could be made"
    assert "- data/calendar.ics: cannot be read" in letter.text


def test_a_name_before_a_promise_takes_the_sign_of_the_language(tmp_path: Path) -> None:
    """In French a blank comes before the colon, in text and in HTML."""
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=(), look=look(tmp_path, "fr_FR"))
    assert "Dana Smith : send the draft" in letter.text
    assert "Dana Smith\u00a0: send the draft" in letter.html


def test_names_in_a_mail_from_right_to_left(tmp_path: Path) -> None:
    """Latin names keep their order in an Arabic mail, whose direction no name decides."""
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=(), look=look(tmp_path, "ar"))
    (cell,) = re.findall(r"<td([^>]*)>[^<]*send the draft", letter.html)
    assert "dir" not in cell


def test_attachments_are_announced_with_the_sign_of_the_language(tmp_path: Path) -> None:
    """`Ci-joint :` has its blank before the colon in a French mail."""
    pdf = Attachment(name="a.pdf", content=b"%PDF-")
    french = look(tmp_path, "fr_FR")
    letter = day_letter(sheet(stop()), occasion=FIRST, attachments=(pdf,), look=french)
    assert re.search(r"Ci-joint\w*\s:\n  a\.pdf", letter.text)
    assert re.search("Ci-joint\\w*\u00a0:", letter.html)


def test_a_point_of_a_meeting_says_whom_it_is_about(tmp_path: Path) -> None:
    """The name comes before a colon, or before a dash where the point has its own colon."""
    lines = (
        line("say", "Ask about the yard", label="Dana"),
        line("say", "Promised: the draft", label="Lee"),
    )
    brief = brief_of(lines=lines)
    letter = meeting_letter(brief, occasion=FIRST, attachments=(), look=look(tmp_path))
    assert "- Dana: Ask about the yard" in letter.text
    assert "- Lee – Promised: the draft" in letter.text

"""Mail as more programs write it (folders, flags, subjects): only what happened is reported."""

from pathlib import Path

import pytest

from briefgen.contacts.exchange.mail import LeftOut, Message, read_messages

LETTER = (
    "From: Dana Smith <dana@acme.example>\nTo: robin@keller-advisory.example\n"
    "{date}Subject: {subject}\n{more}\nx\n"
)
DATE = "Date: Mon, 30 Nov 2026 09:00:00 +0100\n"


def read(path: Path, *, subject: str = "Prices", more: str = "", date: str = DATE) -> str:
    """What becomes of one letter: its subject, or why it is left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LETTER.format(date=date, subject=subject, more=more), encoding="utf-8")
    root = path.parent if path.parent.name == "mail" else path.parent.parent
    (found,) = read_messages(root)
    assert isinstance(found, Message | LeftOut)
    return found.subject if isinstance(found, Message) else f"({found.kind})"


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("INBOX.Drafts", "(draft)"),
        ("[Google Mail].Entwürfe", "(draft)"),
        ("المسودات", "(draft)"),
        ("Boîte d'envoi", "(draft)"),
        ("Modelos", "(draft)"),
        ("送信トレイ", "(draft)"),
        ("Ongewenste e-mail", "(spam)"),
        ("البريد العشوائي", "(spam)"),
        ("Pourriel", "(spam)"),
        ("削除済みアイテム", "(deleted)"),
        ("Itens Eliminados", "(deleted)"),
        ("Trash.sbd", "(deleted)"),
        ("Spam filter project", "Prices"),
        ("Archive.2026", "Prices"),
    ],
)
def test_folders_of_more_programs(tmp_path: Path, folder: str, kind: str) -> None:
    """Drafts, outboxes, templates, spam and bins in every language are left out, and no others."""
    assert read(tmp_path / "mail" / folder / "1.eml") == kind


@pytest.mark.parametrize(
    ("name", "said"), [("1!2,DS", "(draft)"), ("1;2,T", "(deleted)"), ("1:2,S", "Prices")]
)
def test_flags_in_a_name_without_colons(tmp_path: Path, name: str, said: str) -> None:
    """A Maildir on a file system without colons keeps its flags behind another sign."""
    assert read(tmp_path / "mail" / "cur" / name) == said


@pytest.mark.parametrize(
    ("subject", "kept"),
    [
        ("Fwd: [EXT] Re: Prices", "Prices"),
        ("**EXTERNAL** Prices", "Prices"),
        ("[Ticket#1] Prices", "[Ticket#1] Prices"),
        ("رد: Prices", "Prices"),
        ("Réf : Prices", "Prices"),
        ("رد تلقائي: Prices", "(automatic)"),
        ("تم القبول: Prices", "(calendar)"),
        ("Meeting Forward Notification: Prices", "(calendar)"),
    ],
)
def test_what_programs_put_before_a_subject(tmp_path: Path, subject: str, kept: str) -> None:
    """Marks of mail systems are no part of a subject; automatic ones tell what the letter is."""
    assert read(tmp_path / "mail" / "1.eml", subject=subject) == kept


def test_a_letter_without_a_date_has_the_day_it_came(tmp_path: Path) -> None:
    """Where Date is missing, the mail server's own time counts."""
    more = "Received: from a by b; Mon, 30 Nov 2026 09:00:00 +0100\n"
    assert read(tmp_path / "mail" / "1.eml", more=more, date="") == "Prices"


def test_mail_that_a_calendar_sends(tmp_path: Path) -> None:
    """An invitation that Google's calendar sends in someone's name is no letter of theirs."""
    sender = "Sender: Google Calendar <calendar-notification@google.com>\n"
    assert read(tmp_path / "mail" / "1.eml", more=sender) == "(calendar)"


def test_a_letter_with_the_postmark_of_another_box(tmp_path: Path) -> None:
    """A first line `>From …`, as letters taken out of a box have it, is passed over."""
    path = tmp_path / "1.eml"
    path.write_text(">From dana Mon\n" + LETTER.format(date=DATE, subject="Prices", more=""))
    (found,) = read_messages(path)
    assert isinstance(found, Message)

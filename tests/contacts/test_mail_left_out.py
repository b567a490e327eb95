"""Mail that is not about a conversation: newsletters, lists, and what has not been sent yet."""

from pathlib import Path

import pytest

from briefgen.contacts.exchange.mail import LeftOut, Message, read_messages

LETTER = """\
From: Ada Okafor <ada@acme.example>
To: {to}
Subject: Prices
Date: Mon, 02 Nov 2026 10:00:00 +0100
{more}

Hello
"""


def read(tmp_path: Path, more: str, to: str = "robin@keller-advisory.example") -> object:
    """What is read of a letter with these headers."""
    path = tmp_path / "letter.eml"
    path.write_text(LETTER.format(to=to, more=more))
    (found,) = read_messages(path)
    return found


@pytest.mark.parametrize(
    "more",
    [
        "List-Id: <news.acme.example>",
        "List-Unsubscribe: <https://acme.example/u>",
        "Precedence: bulk",
        "Precedence: list",
    ],
)
def test_newsletters_and_lists_are_left_out(tmp_path: Path, more: str) -> None:
    """By the headers of RFC 2369 and RFC 2919, or the older Precedence."""
    assert read(tmp_path, more, to="announce@lists.example") == LeftOut(kind="list")
    assert read(tmp_path, more) == LeftOut(kind="list")


def test_an_answer_on_a_list_is_a_talk(tmp_path: Path) -> None:
    """No newsletter answers anyone."""
    more = "List-Id: <team.acme.example>\nIn-Reply-To: <1@keller-advisory.example>"
    assert isinstance(read(tmp_path, more), Message)


def test_folders_whose_names_are_in_utf_7(tmp_path: Path) -> None:
    """Thunderbird names the file of an IMAP folder as the server does (RFC 3501, 5.1.3)."""
    letter = LETTER.format(to="robin@keller-advisory.example", more="")
    (tmp_path / "Entw&APw-rfe").write_text(f"From - Mon Nov  2 10:00:00 2026\n{letter}")
    (tmp_path / "R&-D").write_text(f"From - Mon Nov  2 10:00:00 2026\n{letter}")
    first, second = read_messages(tmp_path)
    assert first == LeftOut(kind="draft")
    assert isinstance(second, Message)


def test_letters_that_a_maildir_is_still_receiving(tmp_path: Path) -> None:
    """Those in `tmp` are no mail yet."""
    letter = LETTER.format(to="robin@keller-advisory.example", more="")
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1").write_text(letter)
    assert len(list(read_messages(tmp_path))) == 2


def test_scheduled_mail_has_not_been_sent(tmp_path: Path) -> None:
    """Gmail exports it under its own label."""
    assert read(tmp_path, "X-Gmail-Labels: Geplant") == LeftOut(kind="draft")

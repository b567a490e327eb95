"""Mail that many got is no talk with one of them."""

from pathlib import Path

import pytest

from briefgen.contacts.exchange.mail_headers import LeftOut, Message, read_messages

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
    """No newsletter answers anybody."""
    more = "List-Id: <team.acme.example>\nIn-Reply-To: <1@keller-advisory.example>"
    assert isinstance(read(tmp_path, more), Message)

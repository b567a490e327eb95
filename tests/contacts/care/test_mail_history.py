"""Mail history says only what happened, and one odd letter never ends an import.

The letters are in the shapes in which mail programs write them; their people do not exist.
"""

import ast
import inspect
import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from whole_book import read_book

from briefgen.contacts.exchange import mail
from briefgen.contacts.exchange.mail import LeftOut, Message, Unread, read_messages
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]
Reported = Callable[..., Any]

ROBIN = "robin@keller-advisory.example"
MARA = "mara@quill.example"


def letter(
    *more: str, sender: str = MARA, to: str = ROBIN, day: str = "Tue, 10 Nov 2026 09:00:00 +0100"
) -> bytes:
    """A letter with these headers besides."""
    return "\n".join([f"From: {sender}", f"To: {to}", f"Date: {day}", *more, "", "x", ""]).encode()


def read(place: Path, content: bytes, name: str = "a.eml") -> list[Message | Unread | LeftOut]:
    """What is read of a file with this content."""
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return list(read_messages(path))


def message(place: Path, content: bytes, name: str = "a.eml") -> Message:
    """The only message of a file."""
    (found,) = read(place, content, name)
    assert isinstance(found, Message), found
    return found


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("X-Gmail-Labels: Drafts", "draft"),
        ("X-Gmail-Labels: Inbox,=?UTF-8?Q?Entw=C3=BCrfe?=", "draft"),
        ("X-Gmail-Labels: Spam", "spam"),
        ("X-Gmail-Labels: Opened,Trash", "deleted"),
        ("X-Gmail-Labels: Papierkorb", "deleted"),
        ("X-Mozilla-Status: 0009", "deleted"),
        ("X-Mozilla-Status2: 00200000", "deleted"),
        ("X-Mozilla-Draft-Info: internal/draft; vcard=0", "draft"),
        ("X-Unsent: 1", "draft"),
        ("X-Uniform-Type-Identifier: com.apple.mail-draft", "draft"),
        ("X-Status: D", "deleted"),
        ("X-Status: AT", "draft"),
        ("X-Spam-Flag: YES", "spam"),
        ("Auto-Submitted: auto-replied", "automatic"),
        ("Auto-Submitted: auto-generated (vacation)", "automatic"),
        ("X-Autoreply: yes", "automatic"),
        ("Precedence: auto_reply", "automatic"),
        ("Content-Type: multipart/report; report-type=disposition-notification", "automatic"),
        ("Return-Path: <>", "automatic"),
        ("Subject: Automatic reply: Budget", "automatic"),
        ("Subject: =?utf-8?Q?R=C3=A9ponse_automatique=C2=A0=3A_Budget?=", "automatic"),
        ("Subject: Abwesenheitsnotiz: Budget", "automatic"),
        ("Subject: Undeliverable: Budget", "automatic"),
        ("Content-Type: text/calendar; method=REPLY", "calendar"),
        ("Content-Class: urn:content-classes:calendarmessage", "calendar"),
        ("Subject: Accepted: Weekly @ Mon 9 Nov 2026 10am - 11am (CET)", "calendar"),
        ("Subject: Zugesagt: Wochenrunde", "calendar"),
        ("Subject: Invitation: Weekly @ Mon 9 Nov 2026 10am (robin@keller-advisory.example)",
         "calendar"),
    ],
)  # fmt: skip
def test_mail_that_tells_nothing_of_what_happened_is_left_out(
    tmp_path: Path, header: str, kind: str
) -> None:
    """By labels, by the marks of mail programs, by what machines say, by the subject."""
    assert read(tmp_path, letter(header)) == [LeftOut(kind=kind)]


@pytest.mark.parametrize(
    "header",
    [
        "X-Gmail-Labels: Inbox,Important,Category Personal",
        "X-Mozilla-Status: 0001",
        "X-Mozilla-Status2: 00000000",
        "X-Status: A",
        "Auto-Submitted: no",
        "X-Spam-Status: No, score=-1.2",
        "Return-Path: <mara@quill.example>",
        "Subject: Accepted the offer, thank you",
        "Subject: Invitation: dinner on Friday",
        "Subject: Re: Draft of the service levels",
        "Subject: Reading list",
    ],
)
def test_mail_that_somebody_wrote_is_kept(tmp_path: Path, header: str) -> None:
    """Marks and words that look alike and mean something else."""
    assert message(tmp_path, letter(header)).sender == MARA


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("Drafts", "draft"), ("[Gmail]/Spam", "spam"), (".Trash/cur", "deleted"),
     ("Gesendet", None), ("Papierkorb.sbd", "deleted"), ("Templates", "draft")],
)  # fmt: skip
def test_a_folder_of_drafts_spam_or_deleted_mail_is_left_out(
    tmp_path: Path, folder: str, kind: str | None
) -> None:
    """In the languages of mail programs, as they name folders on disk."""
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "1.eml").write_bytes(letter())
    (found,) = read_messages(tmp_path)
    assert found.kind == kind if isinstance(found, LeftOut) else kind is None


@pytest.mark.parametrize(
    ("name", "kind"), [("Drafts", "draft"), ("Entwürfe.mbox", "draft"), ("Sent", None)]
)
def test_a_mailbox_given_by_its_own_name_is_left_out_all_the_same(
    tmp_path: Path, name: str, kind: str | None
) -> None:
    """As a file, and as a folder."""
    content = b"From - Tue Nov 10 09:00:00 2026\n" + letter()
    (tmp_path / name).write_bytes(content)
    (found,) = read_messages(tmp_path / name)
    assert getattr(found, "kind", None) == kind
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    (tmp_path / name / "mbox").write_bytes(content)  # as Apple exports a mailbox
    (found,) = read_messages(tmp_path / name)
    assert getattr(found, "kind", None) == kind


def test_flags_of_a_maildir_are_heeded(tmp_path: Path) -> None:
    """T is trashed, D a draft, S only seen."""
    (tmp_path / "cur").mkdir()
    for flags in ("S", "ST", "DS"):
        (tmp_path / "cur" / f"1.host:2,{flags}").write_bytes(letter())
    kinds = [getattr(found, "kind", "message") for found in read_messages(tmp_path)]
    assert sorted(kinds) == ["deleted", "draft", "message"]


def apple(content: bytes, flags: int = 1) -> bytes:
    """A message as Apple Mail keeps it."""
    return f"{len(content)}\n".encode() + content + plistlib.dumps({"flags": flags})


@pytest.mark.parametrize(
    ("flags", "kind"), [(1, None), (1 | 2, "deleted"), (1 | 64, "draft"), (1 | 1 << 24, "spam")]
)
def test_a_message_of_apple_mail_is_read_with_its_flags(
    tmp_path: Path, flags: int, kind: str | None
) -> None:
    """The length before it is no header, and the list after it no body."""
    (found,) = read(tmp_path, apple(letter("Subject: hello"), flags), "7.emlx")
    if kind is None:
        assert isinstance(found, Message)
        assert found.subject == "hello"
    else:
        assert found == LeftOut(kind=kind)


def test_thunderbirds_mailbox_has_no_suffix_and_is_known_by_its_content(tmp_path: Path) -> None:
    """What lies beside it and is no mail is named; its index is passed over."""
    (tmp_path / "Inbox").write_bytes(b"From - Tue Nov 10 09:00:00 2026\n" + letter("Subject: one"))
    (tmp_path / "Inbox.msf").write_bytes(b"// <!-- <mdb:mork:z -->")
    (tmp_path / "shopping.txt").write_bytes(b"milk\nbread\n")
    mail, other = read_messages(tmp_path)
    assert isinstance(mail, Message)
    assert other == Unread(file="shopping.txt", line=None, reason="no mail in it")


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("Mara Quill <mara@quill.example>", MARA),
        ("mara@quill.example <mara@quill.example>", MARA),
        ("mara@quill.example <other@crm.example>", "other@crm.example"),
        ("Mara @ Quill <mara@quill.example>", MARA),
        ("Quill, Mara <mara@quill.example>", MARA),
        ("=?utf-8?Q?Quill=2C_Mara?= <mara@quill.example>", MARA),
        ('"Quill, Mara (Sales)" <mara@quill.example>', MARA),
        ("mara@quill.example (Mara (Sales) Quill)", MARA),
        ("<@relay.example:mara@quill.example>", MARA),
        ("'mara@quill.example'", MARA),
        ("(" * 500 + ")" * 500 + " mara@quill.example", MARA),
        ("(never closed mara@quill.example", MARA),
        ('"never closed <mara@quill.example>', MARA),
    ],
)
def test_the_address_in_brackets_counts_whatever_stands_before_it(
    tmp_path: Path, value: str, sender: str
) -> None:
    """Commas, at signs, comments and marks that are never closed."""
    assert message(tmp_path, letter(sender=value)).sender == sender


@pytest.mark.parametrize(
    "value",
    [
        'Mara <mara@quill.example>, "Piet (Vonk" <piet@vonk.example>, Broken <a@b@c>',
        "Team: mara@quill.example, Piet <piet@vonk.example>;",
        "mara@quill.example; piet@vonk.example",
        "Broken <>, mara@quill.example, , piet@vonk.example",
        ", ".join(["=?utf-8?Q?odd=3Eword?="] * 600) + ", mara@quill.example, piet@vonk.example",
    ],
)
def test_each_recipient_stands_alone(tmp_path: Path, value: str) -> None:
    """One that is broken costs no other one."""
    found = message(tmp_path, letter(to=value)) if len(value) < 5000 else None
    if found is not None:
        assert found.recipients == {MARA, "piet@vonk.example"}
    else:
        assert isinstance(read(tmp_path, letter(to=value))[0], Message)


def test_a_blind_copy_of_mine_is_a_letter_to_them(tmp_path: Path) -> None:
    """Bcc is only in the sender's copy."""
    content = f"From: {ROBIN}\nBcc: {MARA}\nDate: Tue, 10 Nov 2026 09:00:00 +0100\n\nx\n".encode()
    assert message(tmp_path, content).recipients == {MARA}


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("Prüfbericht".encode(), "Prüfbericht"),
        ("Prüfbericht".encode("latin-1"), "Prüfbericht"),
        (b"=?iso-8859-1?Q?Pr\xfcfung_der_R\xe4ume?=", "Prüfung der Räume"),
        (b"=?utf-8?Q?Angebot f=C3=BCr die Halle?=", "Angebot für die Halle"),
        (b"=?utf-8?B?R3LDvMO=?=\n =?utf-8?B?n2U=?=", "Grüße"),
        (b"(=?utf-8?Q?Gr=C3=BC=C3=9Fe?=)", "(Grüße)"),
        (b"=?utf-8?Q?one?= =?iso-8859-1?Q?_=FC?=", "one ü"),
        (b"=?no-such-charset?Q?caf=C3=A9?=", "café"),
        (b"=?utf-8?B?Q2Fm6Q?=", "Caf�"),
        (b"=?utf-8?B?%%%%?= kept", " kept".strip()),
        (b"=?windows-1252?Q?Price_=80100?=", "Price €100"),
        (b"=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ],
)
def test_raw_and_broken_subjects_are_read_as_well_as_can_be(
    tmp_path: Path, raw: bytes, subject: str
) -> None:
    """UTF-8, then the declared charset, then Windows-1252; each encoded word on its own."""
    content = letter().replace(b"\nTo:", b"\nSubject: " + raw + b"\nTo:")
    assert message(tmp_path, content).subject == subject


def test_a_raw_subject_is_read_in_the_charset_of_its_body(tmp_path: Path) -> None:
    """Programs of the nineties wrote both alike."""
    raw = "Отчёт".encode("cp1251")
    content = letter('Content-Type: text/plain; charset="windows-1251"').replace(
        b"\nTo:", b"\nSubject: " + raw + b"\nTo:"
    )
    assert message(tmp_path, content).subject == "Отчёт"


@pytest.mark.parametrize(
    "subject",
    ["Antwort: RE: SV: VS: Re : Ynt: Budget", "RE[2]: Fwd: Budget", "AW: WG: Budget",
     "Re(3): Budget", "回复\uff1aBudget", "Odp: PD: Budget", "ΑΠ: ΠΡΘ: Budget"],
)  # fmt: skip
def test_what_stands_before_a_subject_is_taken_off(tmp_path: Path, subject: str) -> None:
    """In the languages of mail programs, over and over."""
    assert message(tmp_path, letter(f"Subject: {subject}")).subject == "Budget"


def test_the_first_of_two_subjects_counts(tmp_path: Path) -> None:
    """As mail programs show it."""
    assert message(tmp_path, letter("Subject: first", "Subject: second")).subject == "first"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 10 Nov 2026 23:30:00 -0500", "2026-11-10"),
        ("10 Nov 26 09:00 GMT", "2026-11-10"),
        ("Tue Nov 10 09:00:00 2026", "2026-11-10"),
        ("2026-11-10T09:00:00+01:00", "2026-11-10"),
        ("Tue, 10-Nov-2026 09:00:00 +0100 (CET)", "2026-11-10"),
        ("Tue, 10 November 2026 09:00:00 +0100", "2026-11-10"),
        ("Tue, 10 Nov 2026 25:61:61 +9999", "2026-11-10"),
    ],
)
def test_the_day_of_a_letter_is_read_in_whatever_order(
    tmp_path: Path, written: str, day: str
) -> None:
    """The sender's own day; an hour that is none does no harm."""
    assert message(tmp_path, letter(day=written)).day.isoformat() == day


@pytest.mark.parametrize("written", ["", "yesterday", "31 Feb 2026", "10 Foo 2026"])
def test_a_letter_without_a_day_is_a_warning_with_its_line(tmp_path: Path, written: str) -> None:
    """And the next one is read."""
    content = b"From x Tue Nov 10 09:00:00 2026\n" + letter(day=written)
    content += b"From x Tue Nov 10 09:00:00 2026\n" + letter("Subject: good")
    odd, good = read(tmp_path, content, "b.mbox")
    assert isinstance(odd, Unread)
    assert (odd.line, odd.reason) == (1, "the message has no date that can be read")
    assert isinstance(good, Message)


@pytest.mark.parametrize("start", [b"\n", b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_blank_lines_and_a_mark_before_the_headers_do_no_harm(tmp_path: Path, start: bytes) -> None:
    """As some exporters begin a file."""
    assert message(tmp_path, start + letter("Subject: hello")).subject == "hello"


def test_a_sentence_that_begins_with_from_is_no_message(tmp_path: Path) -> None:
    """And a postmark after a line that is not blank is one."""
    first = letter("Subject: one").replace(
        b"\nx\n", b"\n\nFrom Monday on we are closed.\nFrom: the desk of Mara\n\nFrom here: see\n"
    )
    second = letter("Subject: two")
    content = b"From x Tue Nov 10 09:00:00 2026\n" + first.rstrip(b"\n")
    content += b"\nFrom y@quill.example Wed Nov 11 09:00:00 2026\n" + second
    found = read(tmp_path, content, "b.mbox")
    assert [one.subject for one in found if isinstance(one, Message)] == ["one", "two"]
    assert len(found) == 2


def test_a_letter_of_a_thousand_nested_comments_ends_nothing(tmp_path: Path) -> None:
    """The one before it and the one after it are taken."""
    deep = letter("Subject: deep", to="(" * 5000 + " mara@quill.example " + ")" * 5000)
    mark = b"From x Tue Nov 10 09:00:00 2026\n"
    content = b"\n".join([mark + letter("Subject: a"), mark + deep, mark + letter("Subject: b")])
    found = read(tmp_path, content, "b.mbox")
    assert [one.subject for one in found if isinstance(one, Message)] == ["a", "deep", "b"]


def test_what_is_left_out_is_counted(
    home: Workspace, command: Command, reported: Reported, tmp_path: Path
) -> None:
    """In text and in JSON; what happened is in the contact's file."""
    (home.contacts / "mara.yaml").write_text(f"name: Mara Quill\nemails: [{MARA}]\n")
    mark = b"From x Tue Nov 10 09:00:00 2026\n"
    letters = [
        letter("Subject: offer"), letter("X-Gmail-Labels: Drafts", sender=ROBIN, to=MARA),
        letter("X-Gmail-Labels: Drafts", sender=ROBIN, to=MARA), letter("X-Gmail-Labels: Spam"),
        letter("Auto-Submitted: auto-replied"), letter("Subject: Accepted: Weekly"),
    ]  # fmt: skip
    (tmp_path / "all.mbox").write_bytes(b"\n".join(mark + one for one in letters))
    words = ("contacts", "import", "--history", str(tmp_path / "all.mbox"))
    said = command(*words, "--dry-run").stdout
    assert "left out: 2 drafts, 1 spam, 1 automatic reply, 1 calendar answer" in said
    counted = reported(*words)["left_out"]
    assert counted == {"draft": 2, "spam": 1, "automatic": 1, "calendar": 1}
    (mara,) = read_book(home)[0]
    assert [i.summary for i in mara.contact.interactions] == ["Received: offer"]


def test_no_header_is_read_by_the_library_whose_answers_change() -> None:
    """`email.utils` and `email.header` differ between versions of Python; neither is used."""
    tree = ast.parse(inspect.getsource(mail))
    names = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not {name for name in names if (name or "").startswith("email.")}


def other_python(version: str) -> str | None:
    """Another Python of this version, on the path or of pyenv."""
    found = shutil.which(f"python{version}")
    if found and "shims" not in found:
        return found
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    return next((str(p) for p in sorted(root.glob(f"{version}.*/bin/python"))), None)


ODD = """\
From: Mara @ Quill <mara@quill.example>
To: "Piet (V" <piet@vonk.example>, a@x.example <b@y.example>, Broken <a@b@c>, x y@z.example
Date: 10-Nov-26 25:00
Subject: Re: (=?utf-8?Q?Gr=C3=BC=C3=9Fe?=) =?gb2312?B?ztKw?=
"""
PROGRAM = """\
import sys
sys.path[:0] = {path!r}
import yaml
yaml.CSafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
from briefgen.contacts.exchange.mail import Letter, read_message
found = read_message(Letter(file="a", line=1, headers={odd!r}))
print(found.day, found.sender, sorted(found.recipients), ascii(found.subject))
"""


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_odd_headers_are_read_the_same_under_other_pythons(version: str) -> None:
    """Where one is installed; the library's own answers changed with 3.13."""
    python = other_python(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    path = [str(Path(inspect.getfile(mail)).parents[3])]
    path += [entry for entry in sys.path if "site-packages" in entry]
    program = PROGRAM.format(path=path, odd=ODD.encode())
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    there = subprocess.run(
        [python, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    found = mail.read_message(mail.Letter(file="a", line=1, headers=ODD.encode()))
    assert isinstance(found, Message)
    assert found.recipients == {"piet@vonk.example", "b@y.example", "y@z.example"}
    here = f"{found.day} {found.sender} {sorted(found.recipients)} {found.subject!a}\n"
    assert there.stdout == here, there.stderr

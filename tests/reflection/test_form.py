"""The form that needs no server: made, filled in, and taken back."""

import hmac
import html
import json
import re
import shutil
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import Result
from killing import killed_at
from small_workspaces import Place

from briefgen.cli import main
from briefgen.cli.call import Call
from briefgen.cli.window import Around, day_around, the_meeting
from briefgen.contacts.book import parse_contact
from briefgen.reflection.form import form_token, reflection_form
from briefgen.reflection.reminder import find_reminder, note_reminded
from briefgen.workspace.folder import Workspace

AFTER = "2026-11-23T18:00"
REVIEW = "review@calendar.example"
DANA = """\
name: Dana Smith
emails: [dana.smith@acme.example]
relationship: {reason: the missed go-live, apology_owed: yes}
concerns: [support answers too slowly]
promises:
  - {text: send the plan, made: 2026-11-02, due: 2026-11-20}
  - {text: what nobody may see, visibility: never}
talking_points: [ask how the Lisbon trip went]
notes: "a secret of <b>Dana</b>"
"""
MAIL = """\
mail: {host: localhost, security: none, from: robin@keller-advisory.example,
       to: [robin@keller-advisory.example], preview: PREVIEW}
"""
CHROMIUM = shutil.which("chromium")


@pytest.fixture
def mailing(place: Place) -> Place:
    """A workspace that mails, whose mails may hold anything."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    _preview(place, "private")
    place.call("run", "--date", "2026-11-23", "--dry-run")
    return place


def _preview(place: Place, preview: str) -> None:
    settings = (place.root / "briefgen.yaml").read_text().partition("mail:")[0]
    place.write("briefgen.yaml", settings + MAIL.replace("PREVIEW", preview))


def _day(place: Place):  # type: ignore[no-untyped-def]  # noqa: ANN202  # a Day
    call = Call(workspace_option=place.root, as_of_option=AFTER)
    return day_around(call, REVIEW, Around(date="2026-11-23"))


def _form(place: Place) -> str:
    day = _day(place)
    content = reflection_form(the_meeting(Call(), day, REVIEW), day)
    assert content is not None
    return content.decode()


def _code(place: Place) -> str:
    found = re.search(r'name="code" value="(\w+)"', _form(place))
    assert found is not None
    return found[1]


def _reflect(place: Place, *options: str) -> Result:
    call = ["reflect", "-w", str(place.root), "--as-of", AFTER, *options]
    return place.runner.invoke(main, call, catch_exceptions=False)


def _dana(place: Place) -> str:
    return (place.root / "data/contacts/dana-smith.yaml").read_text()


def _pairs(form: str, **answers: str) -> str:
    """What a browser sends for a form with these answers, as lines."""
    *hidden, end = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form)
    given = [(f"dana-smith:{name}", value) for name, value in answers.items()]
    return "".join(f"{name}={value}\r\n" for name, value in (*hidden, *given, end))


def _mail(place: Place, body: str, name: str = "answer.eml", folder: str = "mails") -> Path:
    message = EmailMessage()
    message["From"] = message["To"] = "robin@keller-advisory.example"
    message["Subject"] = "briefgen"
    message["Message-ID"] = f"<{name}@keller-advisory.example>"
    message.set_content(body, cte="quoted-printable")
    path = place.root / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())
    return path


def _item(form: str, text: str) -> str:
    """The key of the open item of this text."""
    field = form[form.index(text) :]
    found = re.search(r"item\.([0-9a-f]{12})", field)
    assert found is not None
    return found[1]


def test_the_form_needs_nothing_from_anywhere(mailing: Place) -> None:
    """One small file: no address but `mailto:`, no style, script or picture from elsewhere."""
    form = _form(mailing)
    assert not re.search(r"https?:|//\w|src=|@import|url\(", form)
    assert len(form.encode()) < 20_000
    assert "mailto:robin@keller-advisory.example?subject=briefgen%20" in form
    assert "default-src 'none'" in form


def test_a_plain_form_holds_names_and_ticks_alone(mailing: Place) -> None:
    """No promise, complaint, line or title, unless the mail may hold private things."""
    _preview(mailing, "plain")
    form = _form(mailing)
    for private in ("plan", "support", "Lisbon", "go-live", "Q4", "secret"):
        assert private not in form
    assert "Dana Smith" in form
    _preview(mailing, "private")
    form = _form(mailing)
    for shown in ("send the plan", "support answers too slowly", "Lisbon", "go-live", "Q4"):
        assert shown in form
    assert "nobody may see" not in form
    assert "secret" not in form


def test_a_mail_with_the_answers_is_taken(mailing: Place) -> None:
    """The lines that a browser puts into a mail become the interaction, and close what was open."""
    form = _form(mailing)
    answers = {
        "needs_answered": "yes",
        "help_answered": "partly",
        "signals": "relieved",
        "needs": "a named engineer",
        "words": "nobody\r\ncalls = back",
        "promise.me.1": "call on Friday",
        "promise.me.1.due": "Friday",
        f"item.{_item(form, 'send the plan')}": "kept",
        f"item.{_item(form, 'support answers')}": "resolved",
        f"item.{_item(form, 'go-live')}": "accepted",
    }
    path = _mail(mailing, _pairs(form, **answers))
    result = _reflect(mailing, "--from", str(path))
    assert result.exit_code == 0, result.output
    text = _dana(mailing)
    for line in (
        "due: 2026-11-20, kept: 2026-11-23}",
        "{text: support answers too slowly, resolved: 2026-11-23}",
        "    needs: a named engineer\n",
        "    signals: [relieved]\n",
        "      nobody\n      calls = back\n",
        "text: call on Friday, made: 2026-11-23, due: 2026-11-27}",
        "      help_answered: partly\n",
        "    taken: accepted\n",
    ):
        assert line in text, text


def _html(body: str, before: str, between: str, after: str) -> str:
    return before + between.join(map(html.escape, body.split("\r\n"))) + after


def _as_sent(body: str, how: str) -> bytes:
    """A mail with the answers, as one mail program or another sends it."""
    lines = body.replace("\r\n", "\n")
    text, kind = lines, "plain"
    message = EmailMessage()
    if how == "signed":
        earlier = lines.replace("end=1\n", "")  # forms of earlier versions have no end
        text = f"{earlier}-- \nRobin Keller\nKeller Advisory"
    elif how == "signed without a line":
        text = f"{lines}\nSent from my telephone\n"
    elif how == "forwarded":
        text = "---------- Forwarded message ---------\nFrom: Robin\nSubject: briefgen\n\n" + lines
    elif how == "quoted":
        text = "On Monday Robin wrote:\n" + "".join(f"> > {one}\n" for one in lines.splitlines())
    elif how == "html of one program":
        text, kind = _html(body, "<html><body><div>", "</div><div>", "</div></body></html>"), "html"
    elif how == "html of another":
        between = "<o:p></o:p></p>\r\n<p class=MsoNormal>"
        text, kind = _html(body, "<html><p class=MsoNormal>", between, "</p></html>"), "html"
    elif how == "html with breaks":
        text, kind = _html(body, '<div dir="auto">', "<br>\n", "<br></div>"), "html"
    if how == "flowed":
        text = lines.replace("nobody ever calls", "nobody ever \ncalls")
        message.set_content(text, cte="quoted-printable", params={"format": "flowed"})
    else:
        cte = "base64" if how == "base64" else "quoted-printable"
        message.set_content(text, subtype=kind, cte=cte)
    if how == "attached":
        inner, message = message, EmailMessage()
        inner["Subject"] = "briefgen"
        message.set_content("see below")
        message.add_attachment(inner)
    message["From"] = message["To"] = "robin@keller-advisory.example"
    message["Message-ID"] = "<answer@keller-advisory.example>"
    return message.as_bytes()


@pytest.mark.parametrize(
    "how",
    [
        "as it is", "base64", "flowed", "signed", "signed without a line", "forwarded", "quoted",
        "attached", "html of one program", "html of another", "html with breaks",
    ],
)  # fmt: skip
def test_answers_are_read_however_a_mail_program_sends_them(mailing: Place, how: str) -> None:
    """The same words land, without a signature or a quotation mark, and only once."""
    answers = {
        "needs_answered": "yes",
        "signals": "relieved",
        "adjust": "nobody ever calls <us> & co",
    }
    body = _pairs(_form(mailing), **answers)
    path = mailing.root / "mails/answer.eml"
    path.parent.mkdir()
    path.write_bytes(_as_sent(body, how))
    result = _reflect(mailing, "--from", str(path.parent))
    assert "1 taken" in result.output, result.output
    found, _ = parse_contact(_dana(mailing).encode(), "dana-smith.yaml")
    assert found is not None
    (one,) = found.contact.interactions
    assert one.signals == ("relieved",)
    assert one.reflection is not None
    assert one.reflection.adjust == "nobody ever calls <us> & co"
    assert "0 taken, 0 not, 1 taken before" in _reflect(mailing, "--from", str(path.parent)).output


@pytest.mark.parametrize("change", ["code", "token"])
def test_a_form_of_a_stranger_is_refused(mailing: Place, change: str) -> None:
    """Someone who does not know the workspace's key cannot send it answers."""
    body = re.sub(rf"{change}=\w+", f"{change}=ABCD", _pairs(_form(mailing), summary="forged"))
    result = _reflect(mailing, "--from", str(_mail(mailing, body)))
    assert result.exit_code == 2
    assert "not a form of this workspace" in result.output
    assert _dana(mailing) == DANA


@pytest.mark.parametrize("folder", ["mails", "mails/new"])
def test_a_folder_of_mails_is_taken_once_each(mailing: Place, folder: str) -> None:
    """Other mail and strangers' forms are passed over; the same answers twice come in once."""
    if folder == "mails/new":
        (mailing.root / "mails/cur").mkdir(parents=True)
    body = _pairs(_form(mailing), summary="by mail")
    _mail(mailing, body, "1.eml", folder)
    _mail(mailing, body, "2.eml", folder)
    _mail(mailing, "Dear Robin, see you.", "3.eml", folder)
    _mail(mailing, body.replace("token=", "token=0"), "4.eml", folder)
    first = _reflect(mailing, "--from", str(mailing.root / "mails"), "--json")
    report = json.loads(first.stdout)
    assert len(report["taken"]) == 1
    assert ["from another workspace" in one["message"] for one in report["problems"]] == [True]
    assert "summary: by mail" in _dana(mailing)
    edited = _dana(mailing).replace("by mail", "by hand, better")
    mailing.write("data/contacts/dana-smith.yaml", edited)
    again = _reflect(mailing, "--from", str(mailing.root / "mails"))
    assert "0 taken, 0 not, 2 taken before" in again.output
    assert _dana(mailing) == edited


def test_a_mark_that_was_cut_off_spoils_no_other(mailing: Place) -> None:
    """After a full disk, or a loss of power, the next form is noted on its own line."""
    body = _pairs(_form(mailing), summary="by mail")
    _mail(mailing, body, "1.eml", "mails")
    mailing.write(".briefgen/answers-taken", "0123456789abcdef01234567\n89abcd")
    for said in ("1 taken, 0 not, 0 taken before", "0 taken, 0 not, 1 taken before"):
        assert said in _reflect(mailing, "--from", str(mailing.root / "mails")).output


def test_the_key_of_forms_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """After a kill at any step a form is sealed with a whole key, and always the same one.

    An empty one is known to everyone: anyone could have sent answers.
    """
    unsealed = hmac.new(b"", b"ABCD", "sha256").hexdigest()[:20]
    killed, step = True, 0
    while killed:
        step += 1
        workspace = Workspace(root=tmp_path / str(step))
        act = partial(form_token, workspace, "ABCD")
        killed = killed_at(step, act, within=("reflection/form.py", "workspace/atomic.py"))
        token = form_token(workspace, "ABCD")
        assert token == form_token(workspace, "ABCD") != unsealed
        assert len((workspace.memory / "form-key").read_bytes()) == 32


def test_a_key_that_an_earlier_kill_left_empty_is_made_again(tmp_path: Path) -> None:
    """It was made before it was filled."""
    workspace = Workspace(root=tmp_path)
    workspace.memory.mkdir()
    (workspace.memory / "form-key").touch()
    form_token(workspace, "ABCD")
    assert len((workspace.memory / "form-key").read_bytes()) == 32


def test_what_was_closed_meanwhile_stays_as_it_is(mailing: Place) -> None:
    """A tick on a promise that is no longer open is reported, and the rest is taken."""
    form = _form(mailing)
    key = _item(form, "send the plan")
    assert mailing.call("done", "send the plan", "--dropped", as_of=AFTER).exit_code == 0
    path = _mail(mailing, _pairs(form, **{f"item.{key}": "kept", "summary": "a talk"}))
    result = _reflect(mailing, "--from", str(path))
    assert result.exit_code == 0, result.output
    assert "no longer open" in result.output
    assert "dropped: 2026-11-23" in _dana(mailing)
    assert "summary: a talk" in _dana(mailing)
    assert "kept" not in _dana(mailing)


@pytest.mark.parametrize(
    "answers",
    [{"needs_answered": "perhaps"}, {"promise.me.1": "x", "promise.me.1.due": "one fine day"}],
)
def test_a_wrong_answer_writes_nothing(mailing: Place, answers: dict[str, str]) -> None:
    """An answer that is none is a problem with the file's name."""
    path = _mail(mailing, _pairs(_form(mailing), **answers))
    result = _reflect(mailing, "--from", str(path))
    assert result.exit_code == 1
    assert "answer.eml" in result.output
    assert _dana(mailing) == DANA


def test_the_form_of_one_meeting_on_request(mailing: Place) -> None:
    """`--form` puts it into the day's folder, and the day keeps the code of the sheet."""
    result = _reflect(mailing, REVIEW, "--form")
    assert result.exit_code == 0, result.output
    (path,) = (mailing.root / "briefings/2026-11-23").glob("reflection-*.html")
    assert path.read_text() == _form(mailing)


def test_yaml_in_a_mail(mailing: Place) -> None:
    """A mail to oneself with answers as YAML is taken like the file."""
    path = _mail(mailing, "summary: typed on the train\nsignals: [relieved, furstrated]\n")
    result = _reflect(mailing, REVIEW, "--from", str(path))
    assert result.exit_code == 0, result.output
    assert "summary: typed on the train" in _dana(mailing)
    assert "'furstrated' is not in the vocabulary" in result.output
    assert "did you mean frustrated" in result.output


def test_a_form_for_another_meeting_is_not_taken(mailing: Place) -> None:
    """Where both the form and the command name a meeting, they must name the same."""
    path = mailing.write("form.txt", _pairs(_form(mailing), summary="x"))
    assert _reflect(mailing, "ZZZZ", "--from", str(path)).exit_code == 2
    assert _reflect(mailing, _code(mailing), "--from", str(path)).exit_code == 0


def test_the_reminder_comes_once_a_day_and_stops_after_a_week(mailing: Place) -> None:
    """One line and the day's forms; nothing if it was told today, or was done."""
    day = _day(mailing)
    found = find_reminder(day)
    assert found is not None
    assert found.text == "2 meetings wait for their five minutes"
    assert [name.startswith("reflection-") for name, _ in found.forms] == [True, True]
    note_reminded(day)
    assert find_reminder(day) is None
    later = Call(workspace_option=mailing.root, as_of_option="2026-11-30T09:00")
    still = day_around(later, None, Around())
    found = find_reminder(still)
    assert found is not None
    assert found.forms == (), "a form goes with the first night alone"
    over = later.replace(as_of_option="2026-12-01T09:00")
    assert find_reminder(day_around(over, None, Around())) is None


class _Received(BaseHTTPRequestHandler):
    """Keeps what a browser sends."""

    body = b""

    def do_POST(self) -> None:  # the library's name
        type(self).body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of a server on this machine that keeps what is sent to it."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Received) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.skipif(CHROMIUM is None, reason="no browser")
def test_in_a_real_browser_with_and_without_script(mailing: Place, receiver: str) -> None:
    """The page saves itself with its answers; without script the browser's own lines are read."""
    from playwright.sync_api import sync_playwright

    form = _form(mailing)
    key = _item(form, "send the plan")
    page_file = mailing.write("form.html", form)
    sent = form.replace("mailto:robin@keller-advisory.example", receiver).replace(
        "form-action mailto:", f"form-action {receiver}"
    )
    plain_file = mailing.write("plain.html", sent)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, accept_downloads=True)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(page_file.as_uri())
        page.check("input[name='dana-smith:needs_answered'][value=partly]")
        page.fill("input[name='dana-smith:needs']", "a “named” engineer & a <call>")
        page.fill("textarea[name='dana-smith:words']", "nobody\ncalls")
        page.check(f"input[name='dana-smith:item.{key}'][value=kept]")
        wide = page.evaluate("document.documentElement.scrollWidth")
        with page.expect_download() as download:
            page.click("#save")
        saved = mailing.root / "saved.html"
        download.value.save_as(saved)
        without = browser.new_context(java_script_enabled=False).new_page()
        without.goto(plain_file.as_uri())
        without.check("input[name='dana-smith:help_answered'][value=no]")
        without.fill("textarea[name='dana-smith:summary']", "two\nlines")
        without.click("button[type=submit]")
        without.wait_for_timeout(500)
        browser.close()
    assert complaints == []
    assert wide <= 390
    assert _reflect(mailing, "--from", str(saved)).exit_code == 0
    text = _dana(mailing)
    assert "needs: a “named” engineer & a <call>" in text
    assert "      nobody\n      calls\n" in text
    assert "kept: 2026-11-23}" in text
    assert "needs_answered: partly" in text
    answer = mailing.root / "sent.txt"
    answer.write_bytes(_Received.body)
    result = _reflect(mailing, "--from", str(answer))
    assert result.exit_code == 0, result.output
    assert "help_answered: no" in _dana(mailing)
    assert "      two\n      lines\n" in _dana(mailing)

"""A form for the five minutes after, as one HTML file that needs no server and no network.

It works in a browser from the saved file: with script it saves itself with the answers in it,
without script it passes them to the mail program (`mailto:`). It holds only names and ticks, unless
the user's mail may hold more (`mail.preview: private`). `form_answers` reads it back.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup

from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactFile
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.page.look import REFLECTION_SCRIPT, REFLECTION_STYLE, find_template
from briefgen.page.render import render_form
from briefgen.reflection.asked import DEGREES, TAKEN, read_asked, shown
from briefgen.reflection.open_items import OpenItem, item_title
from briefgen.reflection.reflections import Reflected
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language

_SIGNALS_OF_FAMILY: Final = 2
"""Chips of one family of signals; any other word is typed."""
_KEY_BYTES: Final = 32


def form_name(chosen: ChosenMeeting) -> str:
    """The name of the form's file, from the code of the meeting's sheet."""
    return f"reflection-{chosen.code}.html"


def reflection_form(chosen: ChosenMeeting, day: Day, *, sealed: bool = False) -> bytes | None:
    """The form for one meeting that has its code; None if nobody in it is on file.

    With `sealed` it holds only names, for a mail whose other attachments are encrypted.
    """
    reflected = Reflected.begin(chosen, day)
    if not reflected.contacts or not chosen.code:
        return None
    settings, language = day.settings, day.language
    private = settings.mail is not None and settings.mail.preview == "private" and not sealed
    mail_to = settings.mail.to[0] if settings.mail else next(iter(settings.me.emails), "")
    style, script = (
        find_template(name, day.workspace.templates)
        .read_text(encoding="utf-8")
        .replace("</", "<\\/")
        for name in (REFLECTION_STYLE, REFLECTION_SCRIPT)
    )
    meeting = chosen.meeting
    date, time = language.day_heading(meeting.day), language.clock_time(meeting.start)
    when = language.text("{date}, {time}", date=date, time=time)
    html, _ = render_form(
        {
            "text": language.text,
            "lang": str(language.locale).replace("_", "-"),
            "dir": "rtl" if language.right_to_left else "ltr",
            "code": chosen.code,
            "token": form_token(day.workspace, chosen.code),
            "when": when,
            "title": reflected.title if private else "",
            "mail_to": quote(mail_to, safe="@"),
            "people": [_person(contact, reflected, private=private)
                       for contact in reflected.contacts],
            "questions": list(_questions(language, day.vocabulary)),
            "style": Markup(style),  # noqa: S704  # the project's own, or the user's
            "script": Markup(script),  # noqa: S704  # as above
            "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        },
        day.workspace.templates,
    )  # fmt: skip
    return html.encode()


def form_token(workspace: Workspace, code: str) -> str:
    """A token that only forms of this workspace contain, so that no other mail is taken for one."""
    return hmac.new(_form_key(workspace), code.encode(), "sha256").hexdigest()[:20]


def _form_key(workspace: Workspace) -> bytes:
    """The key of this workspace's forms, made if there is none, or it is incomplete."""
    path = workspace.memory / "form-key"
    with suppress(FileNotFoundError):
        if len(key := path.read_bytes()) == _KEY_BYTES:
            return key
    write_whole(path, secrets.token_bytes(_KEY_BYTES))
    return path.read_bytes()


def _person(contact: ContactFile, reflected: Reflected, *, private: bool) -> dict[str, Any]:
    language, today = reflected.day.language, reflected.day.as_of.date()
    items, lines = (reflected.open_items, reflected.lines) if private else ((), ())
    stems = {one.stem for one in reflected.contacts}
    first = reflected.contacts[0].stem
    return {
        "stem": contact.stem,
        "name": contact.contact.name,
        "open_items": [
            {
                "key": item.key,
                "title": item_title(item, today, language),
                "choices": _choices(_states(item), language),
                "moves": "moved" in item.states,
            }
            for item in items
            if item.contact == contact.stem
            if item.kind != "talking_point" and item.visibility != "never"
        ],
        "lines": [
            {"key": line.key, "text": line.text}
            for line in lines
            if contact.stem == (line.who if line.who in stems else first)
        ],
    }


def _states(item: OpenItem) -> Sequence[str]:
    if item.kind == "need":
        return DEGREES
    return TAKEN if item.kind == "apology" else item.states


def _choices(choices: Sequence[str], language: Language) -> list[dict[str, str]]:
    code = str(language.locale.language)
    return [{"value": choice, "label": shown(choice, code)} for choice in choices]


def _questions(language: Language, vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """The questions that every meeting has, the most important first."""

    def question(name: str, asked: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401  # what the template takes
        blank = {"choices": (), "ticks": (), "promises": False, "long": False}
        return {
            "name": name,
            "title": language.said(read_asked(asked or name).title),
            **blank,
            **more,
        }

    degrees = _choices(DEGREES, language)
    yield question("needs_answered", choices=degrees)
    yield question("help_answered", choices=degrees)
    signals = [{"value": word, "label": word} for word in _signal_words(vocabulary)]
    yield question("signals", ticks=signals)
    yield question("needs")
    yield question("needs_met", choices=degrees)
    yield question("promise.me", "me", promises=True)
    yield question("promise.them", "them", promises=True)
    yield question("words", long=True)
    yield question("summary", long=True)
    yield question("concern", "concerns")
    yield question("adjust")


def _signal_words(vocabulary: Vocabulary) -> Iterator[str]:
    counted: dict[str, int] = {}
    for signal in vocabulary.signals:
        family = signal.family.name
        counted[family] = counted.get(family, 0) + 1
        if counted[family] <= _SIGNALS_OF_FAMILY and signal.words:
            yield signal.words[0]

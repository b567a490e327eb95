"""A follow-up: a short mail to a contact, drafted from what was said, and never sent."""

from collections.abc import Iterable, Sequence
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from briefgen.brief.redaction import Tact
from briefgen.contacts.contact import Contact
from briefgen.delivery.message import header_text
from briefgen.reflection.answers import Answers
from briefgen.reflection.due_dates import due_date
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Settings


def follow_up(
    contact: Contact,
    answers: Answers,
    *,
    title: str,
    day: date,
    settings: Settings,
    language: Language,
) -> bytes:
    """The mail as an `.eml` that mail programs open as a draft, ready to change and send.

    It says what the contact can know: their needs, their words and what was promised; nothing of
    signals, what was left unsaid, or how it went. What `avoid` names is left out.
    """
    text = language.text
    message = EmailMessage(policy=SMTP)
    message["Subject"] = header_text(text("Thank you for our meeting: {title}", title=title))
    if sender := _sender(settings):
        message["From"] = sender
    if contact.emails:
        message["To"] = _address(contact.emails[0], contact.name)
    message["X-Unsent"] = "1"  # mail programs open it for writing
    body = "\r\n".join(_lines(contact, answers, day, settings, language))
    message.set_content(body + "\r\n", cte="quoted-printable")
    return message.as_bytes()


def _sender(settings: Settings) -> Address | None:
    address = next(iter(settings.me.emails), None)
    return _address(address, settings.me.name) if address else None


def _address(address: str, name: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(header_text(name, longest=80), local, domain)


def _lines(
    contact: Contact, answers: Answers, day: date, settings: Settings, language: Language
) -> list[str]:
    text = language.text
    tact = _tact(contact, language)
    on = language.long_date(day)
    paragraphs = [
        [text("Hello {name},", name=contact.name)],
        [text("thank you for your time on {date}.", date=on)],
    ]
    if answers.words and not tact.avoided_in(answers.words):
        words = " ".join(answers.words.split())
        paragraphs.append([text("You said: “{words}”. That stayed with me.", words=words)])
    if answers.needs and not tact.avoided_in(answers.needs):
        needs = " ".join(answers.needs.split()).rstrip(".")
        paragraphs.append([text("What I understood you need from me: {needs}.", needs=needs)])
    for by, head in (("me", text("I promised:")), ("them", text("You offered:"))):
        if promises := list(_promises(answers, tact, by, day, language)):
            paragraphs.append([head, *(f"- {promise}" for promise in promises)])
    paragraphs.append([text("If I have got anything wrong, please tell me.")])
    paragraphs.append([text("Kind regards"), settings.me.name])
    return _joined(paragraphs)


def _joined(paragraphs: Iterable[Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [*([""] if lines else []), *paragraph]
    return lines


def _promises(
    answers: Answers, tact: Tact, by: str, day: date, language: Language
) -> Iterable[str]:
    for promise in answers.promises:
        hidden = promise.visibility == "never" or tact.avoided_in(promise.text)
        if (promise.by or "me") != by or hidden:
            continue
        words = " ".join(promise.text.split())
        if promise.due is None:
            yield words
            continue
        due = due_date(promise.due, day=day, language=str(language.locale.language))
        shown = language.short_date(due, beside=day)
        yield language.text("{promise} (by {date})", promise=words, date=shown)


def _tact(contact: Contact, language: Language) -> Tact:
    """What must not be mentioned to this contact."""
    code = str(language.locale.language)
    return Tact.with_words(contact.avoid, language=code, edition="table")

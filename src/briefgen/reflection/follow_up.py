"""A follow-up: a short mail to a contact, drafted from what was said, and never sent."""

from collections.abc import Iterator
from datetime import date, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from briefgen.brief.care import is_barred
from briefgen.brief.events import event_kind
from briefgen.brief.phrases import (
    PhraseKind,
    is_nothing,
    is_pitch,
    reading_languages,
    says_any,
)
from briefgen.brief.redaction import Tact
from briefgen.brief.relations import avoided_with
from briefgen.brief.signals import Vocabulary
from briefgen.brief.words import words_of
from briefgen.contacts.contact import Contact, LifeEvent
from briefgen.delivery.message import header_text
from briefgen.reflection.answers import Answers
from briefgen.reflection.due_dates import due_date
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

_GRIEF: Final = timedelta(days=90)
_NOT_FOR_THEM: Final[tuple[PhraseKind, ...]] = (
    "harsh", "blame", "unkind", "secret", "sworn", "suspicion",
)  # fmt: skip
"""Things that a note to yourself may say, but a mail to them may not."""
_SORE: Final = frozenset({"hurt", "frustration", "sorrow", "strain"})
"""Families of signals after which nothing personal is offered."""


def follow_up(
    contact: Contact,
    answers: Answers,
    *,
    day: date,
    settings: Settings,
    language: Language,
    vocabulary: Vocabulary,
) -> bytes:
    """The mail as an `.eml` that mail programs open as a draft, ready to change and send.

    It thanks for one concrete thing, says what I will do by when, and offers one personal thing. It
    says nothing of signals, harsh words, what was left unsaid, how it went, or their own promises,
    nothing that `avoid` names, and not the user's own title for the meeting.
    """
    text = language.text
    message = EmailMessage(policy=SMTP)
    message["Subject"] = text("Thank you for your time on {date}", date=language.long_date(day))
    if settings.me.emails:
        message["From"] = _address(settings.me.emails[0], settings.me.name)
    if contact.emails:
        message["To"] = _address(contact.emails[0], contact.name)
    message["X-Unsent"] = "1"  # mail programs open it for writing
    letter = _Letter(
        contact=contact,
        answers=answers,
        day=day,
        settings=settings,
        language=language,
        vocabulary=vocabulary,
    )
    body = "\r\n\r\n".join("\r\n".join(lines) for lines in letter.paragraphs())
    message.set_content(body + "\r\n", cte="quoted-printable")
    return message.as_bytes()


def _address(address: str, name: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(header_text(name, longest=80), local, domain)


class _Letter(Value, frozen=True, kw_only=True):
    """What the mail says."""

    contact: Contact
    answers: Answers
    day: date
    settings: Settings
    language: Language
    vocabulary: Vocabulary

    def paragraphs(self) -> Iterator[list[str]]:
        text, contact = self.language.text, self.contact
        yield [text("Hello {name},", name=contact.call_me or contact.name)]
        yield [self._thanks()]
        if (words := self.answers.words) and self._is_good(words):
            said = " ".join(words.split())
            yield [text("What you said has stayed with me: “{words}”", words=said)]
        if promises := list(self._promises()):
            yield [text("I will do this:"), *(f"- {promise}" for promise in promises)]
        if offered := self._offered():
            yield [text("One more thing, in case it is of interest: {thing}", thing=offered)]
        yield [text("If I have got anything wrong, please tell me.")]
        yield [text("Kind regards"), self.settings.me.name]

    def _thanks(self) -> str:
        """Thanks for what they did, else for saying what they need, else for their time."""
        text = self.language.text
        for promise in self.answers.promises:
            kept = promise.by == "them" and promise.kept is not None
            if kept and promise.visibility != "never" and self._may_be_said(promise.text):
                return text("thank you for this: {what}", what=_one_line(promise.text))
        needs = self.answers.needs
        if needs and not is_nothing(needs) and self._may_be_said(needs):
            needs = _one_line(needs)
            return text("thank you for telling me what you need: {needs}", needs=needs)
        return text("thank you for your time on {date}.", date=self.language.long_date(self.day))

    def _promises(self) -> Iterator[str]:
        """What I said I would do, and by when."""
        for promise in self.answers.promises:
            if (promise.by or "me") != "me" or promise.kept or promise.dropped:
                continue
            if promise.visibility == "never" or not self._may_be_said(promise.text):
                continue
            words = _one_line(promise.text)
            if promise.due is None:
                yield words
                continue
            code = str(self.language.locale.language)
            due = due_date(promise.due, day=self.day, language=code)
            shown = self.language.short_date(due, beside=self.day)
            yield self.language.text("{promise} (by {date})", promise=words, date=shown)

    def _offered(self) -> str | None:
        """One thing to share that was not shared yet, unless it is the wrong moment."""
        if not self._is_calm():
            return None
        shared = {one.casefold() for one in self.answers.shared}
        for thing in self.contact.to_share:
            if is_barred(self.contact, thing.text, self._languages()):
                continue
            known = thing.shared is not None or thing.text.casefold() in shared
            if known or thing.visibility == "never" or not self._may_be_said(thing.text):
                continue
            return " ".join(part for part in (_one_line(thing.text), thing.url) if part)
        return None

    def _may_be_said(self, words: str) -> bool:
        """Whether it is not to be avoided, harsh, secret, or an untimely pitch."""
        code = str(self.language.locale.language)
        tact = Tact.with_words(
            avoided_with(self.contact, self._languages()),
            language=code,
            edition="table",
            languages=(self.contact.language,),
        )
        if says_any(_NOT_FOR_THEM, words, self._languages()):
            return False
        if tact.avoided_in(words) or self.vocabulary.tone(tuple(words_of(words))) == "low":
            return False
        return self._is_calm() or not is_pitch(words, self._languages())

    def _is_good(self, words: str) -> bool:
        """Whether their words were said when things went well, and can be quoted."""
        if not self.answers.signals or self.vocabulary.tone(self.answers.signals) != "high":
            return False
        return self._may_be_said(words)

    def _languages(self) -> tuple[str, ...]:
        return reading_languages(str(self.language.locale), self.contact.language)

    def _is_calm(self) -> bool:
        """Whether there is no grief, hurt, frustration or strain."""
        relationship = self.contact.relationship
        if relationship and (relationship.status == "strained" or relationship.apology_owed):
            return False
        found = (self.vocabulary.find(word) for word in self.answers.signals)
        if any(signal is not None and signal.family.name in _SORE for signal in found):
            return False
        return not any(self._is_fresh_grief(event) for event in self.contact.life_events)

    def _is_fresh_grief(self, event: LifeEvent) -> bool:
        first = event.date.first_day() if event.date else None
        if first is None or not -_GRIEF <= first - self.day <= _GRIEF:
            return False
        return event_kind(event, self._languages()).kind == "hard"


def _one_line(words: str) -> str:
    return " ".join(words.split()).rstrip(".")

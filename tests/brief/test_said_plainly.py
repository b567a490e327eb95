"""What a thoughtful colleague would say, and how: former firms, quarrels, last words, promises."""

import pytest

from briefgen.brief.events import event_kind
from briefgen.brief.redaction import mentions
from briefgen.brief.show import as_text
from briefgen.contacts.contact import LifeEvent
from briefgen.workspace.language import language_of

from .conftest import Desk, every_line, past, section, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def _told(*contacts: str, **given: object) -> str:
    return "\n".join(texts(every_line(Desk().with_contacts(*contacts).compose(**given))))


def _shown(*contacts: str) -> str:
    brief = Desk().with_contacts(*contacts).compose(title="Review")
    return as_text(brief, language_of("en_GB"))


_LEFT = """
past_organizations: [Halden Bank]
life_events: [{date: 2026-08, note: left Halden Bank and opened her own studio}]
"""


@pytest.mark.parametrize(
    "noted",
    [
        "agreed: [Halden Bank takes the whole package]",
        "agreed: [weekly calls]",
        "concerns: [{date: 2026-04-01, text: billed twice}]",
        "situation: {desired_outcome: one handbook, as_of: 2026-05-01}",
        "promises: [{by: me, text: train the branches of Halden, due: 2026-09-30}]",
        "interactions: [{date: 2026-05-12, needs: the handbook, needs_met: no}]",
    ],
)
def test_the_business_of_a_firm_they_left_is_not_raised(noted: str) -> None:
    """What names it, and what was wanted, needed or complained of while they were there."""
    said = noted.split(": ", 1)[1].strip("[]{}")
    words = said.split(": ")[-1].rsplit(",", 1)[0] if "text:" not in said else said
    told = _told(HEAD + _LEFT + noted).casefold()
    for word in ("package", "weekly calls", "billed twice", "handbook", "train the branches"):
        assert word not in told, words
    assert any(
        word in _told(HEAD + noted).casefold()
        for word in ("package", "weekly calls", "billed twice", "handbook", "train the branches")
    )


def test_what_was_noted_before_they_left_says_where_they_were_then() -> None:
    """What was noted since does not."""
    notes = """
interactions:
  - {date: 2026-05-12, channel: call, summary: The board approved it.}
  - {date: 2026-11-04, channel: call, summary: First clients.}
"""
    lines = texts(section(Desk().with_contacts(HEAD + _LEFT + notes).compose(), "history"))
    assert lines == [
        "4 Nov | First clients.",
        "12 May | The board approved it. (then at Halden Bank)",
    ]


def test_a_quarrel_is_not_told_again_after_months() -> None:
    """Recently it is; of months ago what else was noted stays, and no harsh words do."""
    note = (
        "interactions: [{{date: {0}, channel: call, summary: {1}, signals: [angry], words: {2}}}]"
    )
    old = note.format("2026-03-01", "He threatened to leave. The blue is too dark.", "I am gone")
    told = _told(HEAD + old)
    assert "The blue is too dark." in told
    assert "threatened" not in told
    assert "I am gone" not in _told(HEAD + note.format("2026-03-01", "He shouted.", "I am gone"))
    fresh = note.format("2026-11-01", "He threatened to leave.", "I am gone")
    assert "threatened" in _told(HEAD + fresh)


def test_a_quarrel_noted_as_a_life_event_is_neither_mourned_nor_asked_about() -> None:
    """`He threatened to leave` is no blow, and no question."""
    told = _told(HEAD + "life_events: [{date: 2026-10-01, note: He threatened to leave}]")
    assert "threatened" not in told
    assert "sorry" not in told


def test_who_nearly_died_is_not_mourned() -> None:
    """It is a hard event, and where it turned out well one says that one is glad."""
    for note in (
        "nearly died of sepsis but is home again",
        "fast gestorben, ist wieder zu Hause",
        "a failli mourir, est sorti de l'hôpital",
        "casi muere, ya salió del hospital",
    ):
        kind = event_kind(LifeEvent(note=note), ("en",))
        assert kind.kind == "hard", note
        assert not kind.is_grief, note
        shown = _shown(f'{HEAD}life_events: [{{date: 2026-10-15, note: "{note}"}}]')
        assert "ONLY LISTEN" not in shown
        assert "Say that you are glad it turned out well." in shown
    assert event_kind(LifeEvent(note="her father died"), ("en",)).is_grief


def test_what_may_be_hard_is_left_to_them() -> None:
    """Only a weak word: nobody says that they are sorry for what may be no loss."""
    shown = _shown(HEAD + "life_events: [{date: 2026-10-15, note: lost the tender for the pier}]")
    assert "Leave it to Dana to speak of it." in shown
    assert "sorry" not in shown


def test_what_befell_one_is_not_told_where_it_is_about_another_who_is_there() -> None:
    """`Told us his wife Rose wants to stop working`, with Rose at the table."""
    hal = "name: Hal Carson\nemails: [hal@pier.example]\n"
    event = "life_events: [{date: 2026-10-15, note: his wife Rose stopped working}]"
    rose = "name: Rose Mortimer\nemails: [rose@pier.example]\n"
    assert "stopped working" not in _told(hal + event, rose)
    assert "stopped working" in _told(hal + event)


def test_a_note_of_ones_own_is_not_a_mourners_last_word() -> None:
    """Only words are headed as such; anger from before the loss is not brought up."""
    event = "life_events: [{date: 2026-10-28, note: daughter Mia died}]\n"
    note = "interactions: [{{date: {0}, channel: call, summary: {1}, signals: [{2}]{3}}}]"
    own = _shown(HEAD + event + note.format("2026-11-09", "Sent a card.", "sad", ""))
    assert "WHAT DANA SAID LAST" not in own
    assert "Sent a card." in own
    said = note.format("2026-11-09", "Sent a card.", "sad", ", words: it is so quiet")
    quoted = _shown(HEAD + event + said)
    assert "WHAT DANA SAID LAST\n  9 Nov (call): “it is so quiet”" in quoted
    angry = note.format("2026-10-01", "Proofs late.", "angry", ", words: never again")
    assert "never again" not in _shown(HEAD + event + angry)


def test_nobody_cheers_beside_what_only_a_note_tells() -> None:
    """Her husband is in chemo: no birthday cheer; the work, and what the user wrote, stay."""
    notes = """
birthday: 11-25
talking_points: ["her star sign is Cancer, she jokes about it", ask about the press]
interactions: [{date: 2026-10-10, channel: call, summary: Her husband is in chemo.}]
"""
    told = _told(HEAD + notes)
    assert "irthday" not in told
    assert "Ask about the press" in told
    assert "Her star sign is Cancer" in told
    assert "irthday" in _told(HEAD + notes.replace("Her husband is in chemo", "The press runs"))


def test_a_need_noted_beside_the_open_question_is_not_told_as_one() -> None:
    """You left without knowing: what you noted then was a guess."""
    note = """
interactions:
  - {date: 2026-11-06, channel: meeting, summary: Short., needs: faster results, needs_met: no,
     reflection: {needs_answered: no}}
"""
    told = _told(HEAD + note)
    assert "left without knowing" in told
    assert "aster results" not in told
    assert "aster results" in _told(HEAD + note.replace("answered: no", "answered: yes"))


def test_once_in_the_calendar_says_nothing_beside_a_note() -> None:
    """Twice does, and once if there is no note."""
    note = "interactions: [{date: 2026-11-06, channel: call, summary: Short.}]"
    desk = Desk().with_contacts(HEAD + note)
    desk.past = (past("2026-11-06T10:00", "dana@acme.example"),)
    assert "calendar" not in "".join(texts(every_line(desk.compose())))
    desk.past += (past("2026-10-06T10:00", "dana@acme.example"),)
    assert "twice" in "".join(texts(every_line(desk.compose())))
    desk = Desk().with_contacts(HEAD)
    desk.past = (past("2026-11-06T10:00", "dana@acme.example"),)
    assert "In your calendar once" in "".join(texts(every_line(desk.compose())))


def test_what_was_promised_is_owned_up_to_first() -> None:
    """The promise that is most overdue is owned up to; the next is what to bring."""
    notes = """
promises:
  - {by: me, text: send the list, made: 2026-11-01, due: 2026-11-15}
  - {by: me, text: call the harbour, made: 2026-11-01, due: 2026-11-17}
"""
    share = "to_share: [a map of the harbour]\n"
    shown = _shown(HEAD + notes + share)
    assert "First  Own up: the list (8 days late)" in shown
    assert "Bring  call the harbour (6 days late)" in shown
    assert "Bring  a map of the harbour" in shown


def test_a_line_with_a_name_before_it_has_one_colon() -> None:
    """A dash stands between the name and a text that has its own colon."""
    event = """life_events:
  - {date: 2026-06-01, note: started a boat, expect: {after: 6m, note: launch}}
"""
    shown = _shown(HEAD + event, "name: Lee Wong\nemails: [lee@acme.example]")
    assert "Dana – About now: launch? (started a boat) [1 Jun]" in shown


@pytest.mark.parametrize(
    ("matter", "said"),
    [
        ("weight", "her boss called her a whale"),
        ("weight", "she has piled on the pounds"),
        ("weight", "her trousers do not close"),
        ("layoffs", "let forty people go after the summer"),
        ("layoffs", "they trimmed the headcount"),
        ("layoffs", "half the shift was shown the door"),
        ("alcohol", "a hamper with a magnum"),
        ("age", "no spring chicken any more"),
        ("debts", "she is feeling the pinch"),
        ("divorce", "they have separate bedrooms now"),
        ("Gewicht", "sie hat Kummerspeck angesetzt"),
        ("licenciement", "ils ont supprimé quarante postes"),
        ("deudas", "la empresa está en números rojos"),
        ("debts", "la empresa está en números rojos"),
    ],
)
def test_what_is_avoided_is_known_in_pictures_too(matter: str, said: str) -> None:
    """The everyday ways of not naming it."""
    assert mentions(said, matter, "en")


def test_pictures_hide_no_ordinary_words() -> None:
    """Whales in the sea, heavier looms, a malt house in plans, closing a deal."""
    for matter, said in (
        ("weight", "they watch whales off the coast"),
        ("weight", "a heavier loom"),
        ("layoffs", "let the paint dry, then let it go"),
        ("age", "ask about the loom from 1911"),
        ("alcohol", "a weaving pattern from Ghent"),
    ):
        assert not mentions(said, matter, "en"), said

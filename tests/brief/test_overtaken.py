"""Notes know each other: what a later note has overtaken, and what does not fit someone."""

import pytest

from briefgen.brief.events import event_kind
from briefgen.brief.show import as_text
from briefgen.contacts.contact import LifeEvent
from briefgen.workspace.language import language_of

from .conftest import Desk, every_line, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
LEE = "name: Lee Wong\nemails: [lee@acme.example]\norganization: Acme\n"


def shown(*contacts: str) -> str:
    """The whole brief as the terminal shows it."""
    brief = Desk().with_contacts(*contacts).compose(title="Review")
    return as_text(brief, language_of("en_GB"))


def talk(summary: str, day: str = "2026-11-02", **fields: object) -> str:
    """One interaction."""
    more = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"interactions: [{{date: {day}, channel: email, summary: {summary!r}{more}}}]\n"


def test_what_was_expected_and_has_happened_is_not_asked() -> None:
    """`Callum has found his first job?` after `Callum got a job`."""
    event = (
        "life_events: [{date: 2025-07-12, note: son Callum graduated, "
        "expect: {after: 1y, note: Callum has found his first job}}]\n"
    )
    assert "About now: Callum has found his first job?" in shown(HEAD + event)
    told = shown(HEAD + event + talk("Callum got a job!! At the railway.", "2026-06-18"))
    assert "About now" not in told


def test_a_complaint_that_was_answered_is_closed() -> None:
    """By an accepted apology for it, or a promise made on its day and kept since."""
    concern = "concerns: [{date: 2026-10-07, text: adjuster went to the wrong unit twice}]\n"
    assert "Complaint, still open" in shown(HEAD + concern)
    apology = (
        "apologies: [{date: 2026-10-20, for: adjuster sent twice to the wrong unit, "
        "taken: TAKEN}]\n"
    )
    assert "Complaint" not in shown(HEAD + concern + apology.replace("TAKEN", "accepted"))
    assert "Complaint" in shown(HEAD + concern + apology.replace("TAKEN", "refused"))
    kept = (
        "promises: [{by: me, text: send a new adjuster, made: 2026-10-07, due: 2026-10-21, "
        "kept: 2026-11-04}]\n"
    )
    assert "Complaint" not in shown(HEAD + concern + kept)


@pytest.mark.parametrize(
    ("reply", "news"),
    [
        ("Thank you, just what we needed.", False),
        ("Merci beaucoup.", False),
        ("The estimate is on her desk.", False),
        ("She is travelling.", True),
    ],
)
def test_what_they_have_answered_is_no_news(reply: str, news: bool) -> None:  # noqa: FBT001  # a case
    """`Done since you spoke … Say so` only while they have not thanked, nor spoken of it."""
    kept = "promises: [{by: me, text: send the estimate, made: 2026-10-02, kept: 2026-11-10}]\n"
    assert "Done since you spoke" in shown(HEAD + kept)
    told = shown(HEAD + kept + talk(reply, "2026-11-12"))
    assert ("Done since you spoke" in told) == news


def test_a_pregnancy_ends_with_its_loss() -> None:
    """Nobody waits for her to speak of it any more."""
    early = "{date: 2026-03, note: told me in confidence that she is pregnant}"
    late = "{date: 2026-05-02, note: lost the baby at 17 weeks}"
    assert "Something told in confidence" in shown(HEAD + f"life_events: [{early}]")
    assert "Something told in confidence" not in shown(HEAD + f"life_events: [{early}, {late}]")


@pytest.mark.parametrize(
    "later", ["Everybody knows by now.", "Jetzt wissen es alle.", "Lo sabe toda la empresa."]
)
def test_what_all_know_is_no_confidence(later: str) -> None:
    """It is asked about; the file may still say `kind: confidential`."""
    event = "{date: 2026-07, note: pregnant}"
    told = shown(HEAD + f"life_events: [{event}]\n" + talk(later, "2026-09-21"))
    assert "about: pregnant" in told
    kept = event.replace("pregnant", "pregnant, kind: confidential")
    assert "confidence" in shown(HEAD + f"life_events: [{kept}]\n" + talk(later, "2026-09-21"))


def test_a_loss_told_to_you_alone_does_not_lead_before_others() -> None:
    """Neither on top nor below; to her alone it is shown."""
    event = 'life_events: [{date: 2026-11-01, note: "miscarriage, nobody knows"}]\n'
    told = shown(HEAD + event, LEE)
    assert "miscarriage" not in told
    assert "sorry" not in told
    assert "Listen, and only listen" not in told
    assert "miscarriage" in shown(HEAD + event)


def test_what_was_brought_already_is_not_asked_for() -> None:
    """What would show that an apology is meant, once a promise of it is kept."""
    apology = (
        "apologies: [{date: 2026-09-18, for: the outage, taken: refused, "
        "proof: a named engineer at night}]\n"
    )
    assert "Bring: a named engineer at night" in shown(HEAD + apology)
    kept = (
        "promises: [{by: me, text: named engineer on call, made: 2026-10-07, kept: 2026-10-30}]\n"
    )
    assert "Bring: a named engineer" not in shown(HEAD + apology + kept)


@pytest.mark.parametrize(
    ("noted", "thing", "interest"),
    [
        ("He stopped drinking.", "a bottle of porter", "real ale"),
        ("Il ne boit plus que de l'eau.", "a bottle of 2005 Pauillac", "vieux Bordeaux"),
        ("Trinkt nicht mehr.", "eine Flasche Riesling", "Wein"),
        ("They keep kosher.", "a honey ham", ""),
        ("She is pregnant.", "Rohmilchkäse", ""),
        ("County ethics: handed it straight back. No gifts.", "two tickets for the Cubs", ""),
        ("Lost the baby.", "an article on swimming and menopause", ""),
    ],
)
def test_nothing_is_offered_that_the_notes_speak_against(
    noted: str, thing: str, interest: str
) -> None:
    """`care.yaml` says what does not fit whom; without the note it may be brought."""
    likes = f"interests: [{interest}]\n" if interest else ""
    share = f"to_share: [{thing}]\n" + likes
    told = shown(HEAD + share + talk(noted, "2026-06-01"))
    assert thing not in told
    assert not interest or interest not in told
    assert thing in shown(HEAD + share + talk("Talked.", "2026-06-01"))


@pytest.mark.parametrize(
    ("note", "languages", "kind", "family"),
    [
        ("Kilian hat als Zimmerer angefangen", ("de", "en"), "neutral", None),
        ("diagnosed with ALS", ("en",), "hard", "grave_illness"),
        ("passed her diploma with distinction", ("en",), "good", "graduation"),
        ("her mother passed in May", ("en",), "hard", "death"),
        ("his sister Rivka passed", ("en",), "hard", "death"),
        ("her dog Biscuit (14) put down", ("en",), "hard", "pet_death"),
        ("he put down the phone", ("en",), "neutral", None),
        ("operado del corazón, todo bien", ("es", "en"), "hard", "grave_illness"),
        ("s'est fiancé, motus", ("fr", "en"), "confidential", "confidence"),
        ("wears hearing aids", ("en",), "neutral", None),
    ],
)
def test_words_that_only_look_like_a_blow(
    note: str, languages: tuple[str, ...], kind: str, family: str | None
) -> None:
    """A German `als` is no ALS, and who passed a diploma is alive."""
    found = event_kind(LifeEvent(note=note), languages)
    assert (found.kind, found.family) == (kind, family)
    assert found.turned_well == ("todo bien" in note)


def test_what_they_do_not_want_to_speak_of_is_left_to_them() -> None:
    """`Don't want advice` on the same matter: nobody says that he is sorry first."""
    event = "life_events: [{date: 2026-10-01, note: Robin is ill since school began}]\n"
    assert "Say that you are sorry" in shown(HEAD + event)
    told = shown(HEAD + event + talk("Robin is at home. Don't want advice.", "2026-10-08"))
    assert "Leave it to Dana to speak of it." in told


def test_the_nearest_kin_leads() -> None:
    """Of a sister and a niece it is the sister who is listened to first."""
    sister = HEAD + "life_events: [{date: 2026-11-12, note: her sister Rivka died}]\n"
    niece = LEE + "decides: true\nlife_events: [{date: 2026-11-12, note: aunt Rivka died}]\n"
    assert "LISTEN TO DANA" in shown(sister, niece)


def test_a_mourner_is_not_congratulated() -> None:
    """A point to congratulate on a wedding waits, and so does news of a deed done since."""
    told = shown(
        HEAD + "life_events: [{date: 2026-11-12, note: her husband Ole died}]\n"
        "talking_points: [congratulate on the golden wedding, the new lens]\n"
        "promises: [{by: me, text: give to the hospice, made: 2026-11-13, kept: 2026-11-16}]\n"
    )
    assert "wedding" not in told
    assert "hospice" not in told
    assert "The new lens" in told


DOUG = """
name: Doug Harper
emails: [doug@pinewood.example]
organization: Pinewood Care
title: Chief Executive
life_events: [{{date: 2026-11-12, note: "{note}"}}]
interactions:
  - {{date: 2026-09-28, channel: meeting, summary: First coffee.}}
"""


@pytest.mark.parametrize(
    "note",
    [
        "announced 40 redundancies at Pinewood",
        "had to let twelve people go at Pinewood",
        "Pinewood: staff cuts, 15 % of the workforce",
        "layoffs at Pinewood Care, half the team",
    ],
)
def test_who_announces_that_others_lose_their_work_keeps_their_own(desk: Desk, note: str) -> None:
    """Redundancies in a firm do not make its head a former one."""
    desk.with_contacts(DOUG.format(note=note))
    assert desk.compose().faces[0].role == "Chief Executive, Pinewood Care"


@pytest.mark.parametrize(
    "note",
    [
        "lost his job in the layoffs at Pinewood",
        "made redundant, one of 40 redundancies at Pinewood",
        "retired from Pinewood after the job cuts",
    ],
)
def test_who_lost_their_own_work_among_others_is_a_former_one(desk: Desk, note: str) -> None:
    """That others went too does not keep them in their place."""
    desk.with_contacts(DOUG.format(note=note))
    assert desk.compose().faces[0].role == "until 12 Nov: Chief Executive, Pinewood Care"


def test_a_note_in_former_pronouns_is_not_printed(desk: Desk) -> None:
    """Someone whose pronoun is they is not called she; other sentences of the note stay."""
    desk.with_contacts(
        """
name: Alex Moreau
pronouns: they/them
emails: [alex@pinewood.example]
life_events: [{date: 2026-05, note: came out as non-binary at work}]
interactions:
  - {date: 2026-10-12, channel: visit, summary: Walked two homes. Short of staff.}
  - {date: 2026-09-20, channel: call, summary: Her boss pushes. The rota is late.}
"""
    )
    said = "\n".join(texts(every_line(desk.compose())))
    assert "The rota is late." in said
    assert "Her boss" not in said


def test_congratulations_do_not_come_twice(desk: Desk) -> None:
    """Good news of months ago, with a talk since, was spoken of then, or never will be."""
    head = "name: Graham Tully\nemails: [graham@tully.example]\n"
    news = "life_events: [{date: 2026-07-04, note: daughter Aoife got married}]\n"
    talk = "interactions: [{date: 2026-09-20, channel: call, summary: The lease.}]\n"
    desk.with_contacts(head + news)
    assert "Congratulate: daughter Aoife got married" in "\n".join(
        texts(every_line(desk.compose()))
    )
    desk.with_contacts(head + news + talk)
    assert "Congratulate" not in "\n".join(texts(every_line(desk.compose())))


def test_a_promise_that_touches_a_need_in_one_word_does_not_meet_it(desk: Desk) -> None:
    """Names of people who sell estimating software are no word on what an estimator costs."""
    desk.with_contacts(
        """
name: Graham Tully
emails: [graham@tully.example]
promises:
  - {by: me, text: send the names of two estimating software people, made: 2026-09-08,
     due: 2026-09-22, kept: 2026-09-19}
interactions:
  - {date: 2026-09-08, channel: visit, summary: At the workshop.,
     needs: someone to say what an estimator would cost all in, needs_met: partly}
"""
    )
    assert "someone to say what an estimator would cost" in "\n".join(
        texts(every_line(desk.compose()))
    )


def test_nobody_is_asked_for_what_they_promised_two_years_ago(desk: Desk) -> None:
    """After a year their promise is no longer asked for."""
    promise = "promises: [{by: them, text: the lease draft, made: 2024-09-01, due: 2024-10-15}]\n"
    desk.with_contacts("name: Anneke Visser\nemails: [anneke@visser.example]\n" + promise)
    assert "lease draft" not in "\n".join(texts(every_line(desk.compose())))


def test_a_complaint_about_a_death_is_no_suggested_agenda(desk: Desk) -> None:
    """What went wrong around a death is owned up to, and is no item to go through."""
    desk.with_contacts(
        """
name: Ruth Amberley
emails: [ruth@amberley.example]
concerns:
  - {date: 2026-07-15, text: letter addressed to Tom after he died}
  - {date: 2026-08-15, text: passed between three people}
  - {date: 2026-08-20, text: invoices come late}
  - {date: 2026-08-25, text: wrong forms twice}
interactions: [{date: 2026-10-01, channel: visit, summary: At the nursery.}]
"""
    )
    said = [line.text for line in desk.compose(description="").section("agenda")]
    assert any("Complaint, still open" in text for text in said)
    assert not any("Tom" in text for text in said)

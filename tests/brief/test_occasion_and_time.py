"""Whose call it was, what a celebration leaves out, and how it is shown."""

import pytest

from .conftest import Desk, attendee, by_rule, every_line, on_top

ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))
HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


@pytest.mark.parametrize(
    ("language", "promise"),
    [
        ("en", "ring next Thursday about the quote"),
        ("de", "nächsten Donnerstag wegen des Angebots anrufen"),
        ("fr", "rappeler jeudi pour le devis"),
        ("es", "llamar el jueves por el presupuesto"),
        ("it", "richiamare giovedì per il preventivo"),
        ("nl", "donderdag bellen over de offerte"),
        ("pt", "telefonar quinta-feira"),
        ("ja", "来週電話する"),
        ("ar", "الاتصال يوم الخميس"),
    ],
)
def test_a_thursday_of_two_weeks_ago_is_told_from_its_day(language: str, promise: str) -> None:
    """A day of the week means another one by now."""
    file = f"{HEAD}language: {language}\npromises: [{{by: me, text: {promise}, made: 2026-11-10}}]"
    (said,) = by_rule(Desk().with_contacts(file).compose(), "promise")
    assert said.translate(ISOLATES) == f"You promised on 10 Nov: {promise}"


def test_the_day_of_a_note_on_a_funeral_is_not_that_of_the_death() -> None:
    """Nobody is told that a funeral to come was four days ago."""
    funeral = HEAD + (
        'life_events: [{date: 2026-11-19, note: "her friend Derek\'s funeral is on Sat 28 Nov"}]'
    )
    lead = Desk().with_contacts(funeral).compose().glance.lead
    assert lead is not None
    assert (lead.text, lead.origin) == (
        "Her friend Derek's funeral is on Sat 28 Nov",
        "19 Nov",
    )
    death = funeral.replace("Derek's funeral is", "Derek died, funeral")
    lead = Desk().with_contacts(death).compose().glance.lead
    assert lead is not None
    assert lead.text.startswith("19 November, four days ago: ")


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "Silke rang: the report is late."),
        ("de", "Silke rief an, der Bericht ist spät."),
        ("fr", "Silke a appelé, le rapport est en retard."),
        ("nl", "Silke belde, het rapport is laat."),
        ("en", "Her sister called about the date."),
    ],
)
def test_a_call_of_somebody_else_is_no_talk_with_them(language: str, summary: str) -> None:
    """`Last spoke` is when they themselves spoke."""
    file = (
        f"{HEAD}language: {language}\ninteractions:\n"
        f"  - {{date: 2026-11-18, channel: call, summary: '{summary}'}}\n"
        "  - {date: 2026-10-02, channel: call, summary: Dana rang about the plan.}\n"
    )
    silke = "name: Silke Berg\nemails: [silke@acme.example]"
    desk = Desk().with_contacts(file, silke)
    (dana, *_) = (face for face in desk.compose().faces if face.short == "Dana")
    assert dana.lines[0].text == "Last spoke 2 Oct (call)"


GREAT = HEAD + "life_events: [{date: 2026-05-16, note: great-granddaughter Posy born}]"


def test_a_great_granddaughter_is_no_granddaughter() -> None:
    """What comes before the hyphen belongs to the word."""
    assert by_rule(Desk().with_contacts(GREAT).compose(), "family") == ["great-granddaughter Posy"]


FEAST = HEAD + (
    "concerns: [{date: 2026-11-01, text: the fee is too high}]\n"
    "parked: [who gets the field]\n"
    "promises: [{by: them, text: a decision on Lugano, made: 2026-10-02, due: 2026-11-16}]\n"
    "interactions:\n"
    "  - {date: 2026-11-02, summary: Good talk., needs: a date, needs_met: yes, signals: [happy]}\n"
)


@pytest.mark.parametrize(
    "title",
    ["Retirement lunch", "Jubiläum", "Fête de Noël", "Fiesta", "Festa di fine anno", "Afscheid"],
)
def test_at_a_celebration_nobody_is_dunned(title: str) -> None:
    """No complaint, no promise of theirs, nothing that was put aside."""
    rules = {"concern", "parked", "promise-of-theirs"}
    feast = Desk().with_contacts(FEAST).compose(title=title)
    assert not rules & {line.rule for line in every_line(feast)}
    review = Desk().with_contacts(FEAST).compose(title="Review of third-party audits")
    assert rules <= {line.rule for line in every_line(review)}


@pytest.mark.parametrize(
    ("language", "promise", "thing"),
    [
        ("en", "send the test results", "the test results"),
        ("en", "bring the deed, framed", "the deed, framed"),
        ("de", "Entwurf schicken", "Entwurf"),
        ("fr", "envoyer le rapport", "le rapport"),
        ("es", "mandar la evaluación", "la evaluación"),
        ("it", "inviare il verbale", "il verbale"),
        ("nl", "stuur", "stuur"),
        ("pt", "enviar o orçamento", "o orçamento"),
        ("pt", "enviar a proposta", "a proposta"),
        ("pt", "enviar-lhe o plano", "enviar-lhe o plano"),
        ("pt", "mandar para ela o plano", "mandar para ela o plano"),
        ("en", "send her the keys", "send her the keys"),
        ("en", "ring about the keys", "ring about the keys"),
    ],
)
def test_what_is_brought_is_the_thing(language: str, promise: str, thing: str) -> None:
    """Neither `Bring: send …` nor `Own up to Dana: bring …`."""
    file = (
        f"{HEAD}language: {language}\npromises:\n"
        f"  - {{by: me, text: '{promise}', made: 2026-11-01, due: 2026-11-20}}\n"
        f"  - {{by: me, text: '{promise}', made: 2026-11-01, due: 2026-11-21}}\n"
    )
    brief = Desk().with_contacts(file, "name: Lee Wong\nemails: [lee@acme.example]").compose()
    assert on_top(brief, "first") == [f"Own up to Dana: {thing}"]


def test_the_question_on_top_does_not_say_ask_twice() -> None:
    """The label does."""
    file = HEAD + "life_events: [{date: 2026-11-01, note: ran a race in the hills}]"
    brief = Desk().with_contacts(file).compose()
    assert on_top(brief, "ask") == ["about: ran a race in the hills"]


def test_of_whom_the_notes_tell_nobody_asks_what_they_do() -> None:
    """Stuart has no file, but is named in the file of someone who comes with him."""
    file = HEAD + "interactions: [{date: 2026-11-18, summary: 'Stuart Kemp will sit in.'}]"
    desk = Desk().with_contacts(file)
    desk.attendees = (
        attendee("dana@acme.example", "Dana Smith"),
        attendee("stuart@acme.example", "Stuart Kemp"),
    )
    assert by_rule(desk.compose(), "newcomer") == []
    desk.attendees = (desk.attendees[0], attendee("olga@acme.example", "Olga Lenz"))
    assert len(by_rule(desk.compose(), "newcomer")) == 1


GRIEF = HEAD + (
    "life_events:\n"
    "  - {date: 2026-11-10, note: husband Rob died}\n"
    "  - {date: 2025-03, note: got her MBA at last}\n"
    "  - {date: 2025-09, note: son Max started school}\n"
    "promises: [{by: me, text: give to the hospice, made: 2026-11-11, kept: 2026-11-12}]\n"
    "interactions:\n"
    "  - {date: 2026-11-12, channel: call, summary: 'Rob. %s'}\n"
)


def test_in_grief_nobody_boasts_and_nobody_digs() -> None:
    """What was given is not announced; an old diploma is no topic, the family's news may be."""
    brief = Desk().with_contacts(GRIEF % "Quiet.").compose()
    said = "\n".join(line.text for line in every_line(brief))
    assert "hospice" not in said
    assert "MBA" not in said
    assert "Son Max started school" in said
    assert on_top(brief, "not-today") == ["Cheering up, comparing; business, unless Dana begins"]


@pytest.mark.parametrize("wish", ["Let us do it: she wants to work.", "Insists on Monday."])
def test_who_wants_to_work_is_not_kept_from_it(wish: str) -> None:
    """As they have said since."""
    brief = Desk().with_contacts(GRIEF % wish).compose()
    assert on_top(brief, "not-today") == ["Cheering up, comparing"]


BLOW = HEAD + (
    "life_events:\n"
    "  - {date: 2026-11-02, note: laid off from the choir school}\n"
    "  - {date: 2026-11-15, note: first grandchild born}\n"
    "birthday: 11-25\n"
    "approaches: [{date: 2026-06-01, tried: joke about the fire, landed: badly}]\n"
    "promises:\n"
    "  - {by: them, text: sign the fire assessment, made: 2026-10-02, due: 2026-11-16}\n"
    "  - {by: them, text: name a lead, made: 2026-10-02, due: 2026-11-16}\n"
)


def test_a_blow_keeps_neither_joy_nor_the_agenda_away() -> None:
    """Newer good news, a birthday, papers that the agenda needs and what landed badly stay."""
    brief = Desk().with_contacts(BLOW).compose(description="- Fire assessment\n- Budget\n")
    assert [line.rule for line in every_line(brief) if line.rule == "good-news"]
    assert by_rule(brief, "birthday")
    assert len(by_rule(brief, "promise-of-theirs")) == 1
    assert "sign the fire assessment" in by_rule(brief, "promise-of-theirs")[0]
    assert "Joke about the fire (it landed badly on 1 Jun)" in on_top(brief, "not-today")[0]


def test_at_a_celebration_nobodys_mood_is_the_matter() -> None:
    """Among several; of two who meet for a review the nervous one is listened to."""
    nervous = (
        "name: Chiara Rossi\nemails: [chiara@studio.example]\n"
        "interactions: [{date: 2026-11-09, summary: Talked., signals: [nervous]}]"
    )
    desk = Desk().with_contacts(HEAD, nervous)
    feast = desk.compose(title="Anniversary lunch")
    assert feast.glance.stance is None
    assert by_rule(feast, "stance") == []
    assert desk.compose().glance.stance is not None


def test_relief_at_an_apology_is_no_joy_to_share() -> None:
    """It would tell the others that there was something to apologise for."""
    note = "interactions: [{date: 2026-11-09, channel: call, summary: %s, signals: [relieved]}]"
    lee = "name: Lee Wong\nemails: [lee@acme.example]"
    apologised = Desk().with_contacts(HEAD + note % "I apologised for going past her.", lee)
    assert "Enjoy it with them" not in str(apologised.compose())
    other = Desk().with_contacts(HEAD + note % "The tests have passed.", lee)
    assert "Enjoy it with them" in str(other.compose())


def test_what_grief_asks_for_is_said_once() -> None:
    """Of two who lost the same, beside the nearest."""
    lost = "name: {}\nemails: [{}@levin.example]\nlife_events: [{{date: 2026-11-15, note: {}}}]"
    desk = Desk().with_contacts(
        lost.format("Mira Levin", "mira", "aunt Ruth died"),
        lost.format("Ari Levin", "ari", "his sister Ruth died"),
    )
    assert by_rule(desk.compose(), "stance") == [
        "Ari | Listen, and only listen. Leave silence. Offer one small thing."
    ]


def test_the_same_joy_is_said_once() -> None:
    """Of a girl who is the granddaughter of one and the daughter of the other."""
    party = "name: {}\nemails: [{}@levin.example]\nlife_events: [{{date: 2026-10-11, note: {}}}]"
    desk = Desk().with_contacts(
        party.format("Mira Levin", "mira", "daughter Noa's bat mitzvah"),
        party.format("Ari Levin", "ari", "granddaughter Noa's bat mitzvah"),
    )
    assert (
        str(desk.compose().lines).count("Noa's bat") + str(desk.compose().glance).count("Noa's bat")
        == 1
    )


def test_a_joke_that_landed_badly_is_a_warning() -> None:
    """Beside a blow too, though it sounds like selling."""
    file = HEAD + (
        "life_events: [{date: 2026-11-02, note: laid off from the choir school}]\n"
        "approaches: [{date: 2026-06-01, tried: 'smoking hot renewal offer', landed: badly}]\n"
    )
    assert "renewal offer" in on_top(Desk().with_contacts(file).compose(), "not-today")[0]

"""Briefs of every kind, made by hand: what the sheet has to cope with."""

from datetime import date, timedelta
from typing import Any, Final

from handmade import START, brief_of, face, line

from briefgen.brief.brief import (
    Beyond,
    Brief,
    Face,
    Glance,
    GlanceLine,
    GlanceStance,
    Line,
    Mood,
    Prompt,
    Section,
    Source,
)

STANCES: Final = ("listen", "teach", "advise", "coach")
FILE: Final = Source(file="data/contacts/dana-smith.yaml")


def stance(text: str, evidence: str = "", which: str | None = "listen") -> GlanceStance:
    """What is on the left of the glance."""
    return GlanceStance(text=text, stance=which, evidence=evidence, rule="test", source=FILE)  # type: ignore[arg-type]


def row(label: str, *lines: Line) -> GlanceLine:
    """A label of the glance."""
    return GlanceLine(label=label, lines=lines)  # type: ignore[arg-type]


def questions(first: tuple[Line, ...], second: tuple[Line, ...], suggested: str | None) -> Any:  # noqa: ANN401
    """The two questions and what is known beneath them."""
    return (
        Prompt(question="What do they need from me?", lines=first),
        Prompt(
            question="How can I help based on their emotional signals?",
            lines=second,
            stances=STANCES,
            suggested=suggested,  # type: ignore[arg-type]
        ),
    )


def fact(name: str, text: str, note: str = "", origin: str = "") -> Line:
    """The facts beneath a question, with their state and date."""
    return line("prompt", text, label=name, note=note, origin=origin, rank=90, who=name.lower())


def known(name: str, role: str, **more: Any) -> Face:  # noqa: ANN401
    """Someone on file."""
    key = name.split(maxsplit=1)[0].lower()
    made = face(name, role=role, contact=key, **more)
    return made.replace(key=key)


def unknown(name: str, **more: Any) -> Face:  # noqa: ANN401
    """Someone who is not on file."""
    made = face(name, **{"remark": "not on file yet", **more})
    return made.replace(key=name.split(maxsplit=1)[0].lower())


def mood(*felt: tuple[int, int, str, str]) -> tuple[Mood, ...]:
    """Signals by month and day."""
    return tuple(
        Mood(date=date(2026, month, day), signals=tuple(words.split(", ")), tone=tone)  # type: ignore[arg-type]
        for month, day, words, tone in felt
    )


def raised(who: str, text: str, origin: str, section: Section = "say", **more: Any) -> Line:  # noqa: ANN401
    """A line of To raise."""
    return line(section, text, who=who, origin=origin, **more)


def agenda(*items: str) -> tuple[Line, ...]:
    """The items of an agenda; `Sam:` behind a bar is who leads it."""
    found = []
    for at, item in enumerate(items):
        text, _, note = item.partition(" | ")
        found.append(line("agenda", text, label=f"{at + 1}.", note=note, rank=90))
    return tuple(found)


def last(label: str, channel: str, text: str, rank: int = 60) -> Line:
    """A row of Last time, and before."""
    return line("history", text, label=label, channel=channel, rank=rank)


def about(*texts: str) -> tuple[Line, ...]:
    """Facts right beneath a name."""
    return tuple(line("person", text, rank=75).replace(rule="count") for text in texts)


def interests(*texts: str) -> tuple[Line, ...]:
    """Interests."""
    return tuple(line("person", text, rank=41).replace(rule="interest") for text in texts)


DANA = known(
    "Dana Smith",
    "VP Operations, Acme Logistics",
    pronouns="she/her",
    decides=True,
    email="dana@acme.example",
    lines=about("Last spoke 2 Nov (call). In your calendar 7 times since March 2025"),
    mood=mood((9, 1, "angry", "low"), (10, 12, "withdrawn", "low"), (11, 2, "frustrated", "low")),
)
LEE = known(
    "Lee Wong",
    "CFO, Acme Logistics",
    email="lee@acme.example",
    lines=about("Last spoke 20 Oct (call): cautious"),
    mood=mood((10, 20, "cautious", "neutral")),
)
SAM = unknown("Sam Ortiz", email="sam@acme.example")
MIRIAM = known(
    "Miriam Adler",
    "Managing Director, Adler Papers",
    pronouns="she/her",
    decides=True,
    telephone="+49 555 0144",
    email="miriam@adler.example",
    lines=(
        *about("Last met 5 Oct. In your calendar 5 times since May 2025"),
        *interests("letterpress printing", "choral singing", "hiking in the Harz"),
        line("person", "daughter Noa", rank=44).replace(rule="family"),
        line("person", "Birthday: Monday 30 November, 58", rank=60).replace(rule="birthday"),
    ),
    mood=mood(
        (4, 22, "worried", "low"),
        (7, 9, "enthusiastic", "high"),
        (10, 5, "hopeful, tired", "mixed"),
    ),
)

STRAINED: Final = brief_of(
    start=START.replace(hour=10, minute=30),
    end=START.replace(hour=11, minute=30),
    title="Q4 service review",
    join_link="https://teams.microsoft.com/l/meetup/1",
    organizations=("Acme Logistics",),
    glance=Glance(
        stance=stance("Listen first", "Dana, 2 Nov: frustrated, rushed"),
        lead=line("prompt", "Dana still needs: a named engineer"),
        lines=(
            row(
                "first",
                line(
                    "repair",
                    "we missed the go-live by three weeks",
                    label="Apologise, plainly and once",
                    mark="apology",
                ),
            ),
            row(
                "bring",
                line("promises", "the draft service levels", mark="overdue", label="3 days late"),
                line("promises", "the name of the engineer", mark="due", label="due today"),
            ),
            row(
                "not-today",
                line("repair", "A pitch; small talk first (it landed badly on 10 Jun)"),
            ),
        ),
    ),
    faces=(DANA, LEE, SAM),
    lines=(
        *agenda(
            "Where the booking screen stands | Sam",
            "Service levels: draft, response times",
            "A named engineer for Newark",
            "Next steps and who owns them",
        ),
        raised("dana", "Complaint, still open: support answers too slowly", "1 Sept", rank=88),
        raised("dana", "Left unsaid: budget for phase two may be at risk", "2 Nov, call", rank=80),
        raised("dana", "Their words: “nobody ever calls back”", "2 Nov, call", rank=70),
        raised("dana", "Went well: walking the floor with the team", "14 Aug", rank=60),
        raised(
            "dana",
            "Dana promised: to name a project lead",
            "by 27 Nov",
            "promises",
            mark="theirs",
            rank=66,
        ),
        raised("lee", "Their words: “I sign what I can stop”", "20 Oct, call", rank=58),
        raised(
            "lee",
            "You promised: a cost sheet for phase two",
            "by 4 Dec",
            "promises",
            mark="due",
            rank=75,
        ),
        raised(
            "sam", "What does Sam look after, and what does Sam hope for?", "not on file", rank=50
        ),
        line(
            "situation",
            "Three carriers keyed by hand → one booking screen for all carriers",
            origin="14 Aug",
            rank=79,
        ).replace(rule="situation"),
        line(
            "situation", "Agreed: phase one is a success when Newark books on one screen", rank=84
        ).replace(rule="agreed"),
        last(
            "2 Nov", "call", "Went through the missed go-live. A named engineer, not a hotline.", 86
        ),
        last("20 Oct", "call", "Lee: phase two in three steps, with a stop after each.", 78),
        last("12 Oct", "email", "Sent the revised plan. No answer for a week.", 62),
    ),
    prompts=questions(
        (
            fact("Dana", "a named engineer", "partly met", "2 Nov"),
            fact("Lee", "a cost sheet with exits", "not met", "20 Oct"),
        ),
        (
            fact(
                "Dana", "let it out. If Dana softens: steps and options. Don’t explain or defend."
            ),
            fact("Lee", "two options, and the one you would take."),
        ),
        "listen",
    ),
    beyond=(Beyond(section="history", file="data/contacts/dana-smith.yaml", count=6),),
    code="KQTY",
)

PERSONAL: Final = brief_of(
    start=START.replace(hour=9),
    end=START.replace(hour=9, minute=45),
    title="Coffee with Miriam: the Hamburg pilot",
    place="Café Lindner, Lange Reihe 9, Hamburg",
    marks=("straight from the team standup",),
    organizations=("Adler Papers",),
    glance=Glance(
        stance=stance(
            "Listen first", "Miriam, 5 Oct: hopeful, tired. Your note: leave more silence"
        ),
        lead=line("prompt", "Miriam still needs: a plan two people can keep"),
        lines=(
            row(
                "first",
                line(
                    "bring", "Hand over the visit plan for Hamburg, promised for today", mark="due"
                ),
            ),
            row(
                "ask",
                line(
                    "say",
                    "About now: Noa graduates?",
                    note="daughter Noa started college, Sept 2022",
                ),
            ),
            row("not-today", line("repair", "New tasks, long lists; hiring (not before spring)")),
        ),
    ),
    faces=(MIRIAM,),
    lines=(
        *agenda(
            "The visit plan for Hamburg",
            "Which shops come first",
            "How the two in the north would like to start",
        ),
        raised("miriam", "Ask about: sang the Brahms Requiem with her choir", "Jun 2026", rank=70),
        raised("miriam", "Ask about: the paper store has moved", "your note", rank=65),
        raised("miriam", "Their words: “my people know every shop by its dog”", "5 Oct", rank=63),
        raised(
            "miriam",
            "Offer, with no strings: an invitation to the winter print fair",
            "letterpress",
            rank=62,
        ),
        raised("miriam", "Went well: reading the draft aloud together", "9 Jul", rank=60),
        raised(
            "miriam",
            "Miriam promised: the list of shops in the north, by 16 Nov, a week ago. "
            "Ask, but don’t press.",
            "5 Oct",
            "promises",
            mark="theirs",
            rank=66,
        ),
        line(
            "situation",
            "Two sales people for the whole north → every shop visited once a quarter",
            origin="5 Oct",
            rank=79,
        ).replace(rule="situation"),
        last("5 Oct", "meeting", "Agreed on a pilot in Hamburg. No hiring before spring.", 86),
        last("9 Jul", "visit", "Saw the new paper line, proud of the recycled stock.", 78),
        last("22 Apr", "call", "Sales in the north are slipping, for lack of visits.", 62),
    ),
    prompts=questions(
        (fact("Miriam", "A plan two people can keep", "partly met", "5 Oct"),),
        (
            fact(
                "Miriam",
                "Listen, then take one thing off Miriam’s hands. Be brief; offer to end early.",
            ),
        ),
        "listen",
    ),
    code="7ZB9",
)

GRIEF: Final = brief_of(
    start=START.replace(hour=18, minute=15),
    end=START.replace(hour=19),
    title="Tea with Joan",
    place="Fairweather & Sons, 14 Candlemaker Row, Edinburgh",
    kind="grief",
    glance=Glance(
        stance=stance("Only listen", "Last spoke 6 Nov (call)"),
        lead=line("say", "29 October, three weeks ago: husband Alastair died"),
        quiet=True,
        lines=(
            row("first", line("say", "Say that you are sorry; then listen")),
            row(
                "bring",
                line(
                    "promises",
                    "word from the bank, promised for 20 Nov",
                    mark="overdue",
                    origin="3 days late",
                ),
            ),
            row(
                "not-today", line("repair", "Cheering up, comparing; business, unless Joan begins")
            ),
        ),
    ),
    faces=(known("Joan Fairweather", "Owner, Fairweather & Sons", telephone="+44 131 555 0102"),),
    lines=(
        raised("joan", "The shop: no manager since July; a month off in spring?", "1 Oct"),
        raised("joan", "Son Callum: apprenticeship", "Sept 2022"),
        last("6 Nov", "call", "“I keep setting out two cups”"),
    ),
    prompts=questions(
        (fact("Joan", "Someone to deal with the bank", "partly met", "6 Nov"),),
        (fact("Joan", "Listen, and only listen. Leave silence. Offer one small thing."),),
        "listen",
    ),
    code="DBJU",
)

FIRST: Final = brief_of(
    start=START.replace(hour=8),
    end=START.replace(hour=8, minute=45),
    title="Demo for Solaris Freight (inbound lead)",
    join_link="https://teams.microsoft.com/l/meetup/2",
    marks=("no break before it",),
    kind="first-meeting",
    glance=Glance(
        stance=stance("Ask first", "Kim, Deniz: not met, nothing on file", None),
        lead=line(
            "agenda",
            "Kim’s invitation: “We are three people in dispatch and would like to see how it "
            "handles part loads.”",
        ),
        lines=(
            row("first", line("say", "What brings them here, and why now?")),
            row("then", line("say", "Who else has a say? What would make this time well spent?")),
        ),
    ),
    faces=(
        unknown("Kim Larsson", role="solaris-freight.example", remark="invited you"),
        unknown("Deniz Acar", role="solaris-freight.example", remark="has not answered"),
    ),
    prompts=questions((), (), None),
    code="9LBZ",
)

GRACE = known(
    "Grace Okafor",
    "COO, Harbor Clinics",
    decides=True,
    email="grace@harbor.example",
    mood=mood((10, 29, "relieved", "high")),
)
ELENI = known(
    "Ελένη Παπαδάκη",
    "Programme Director, Aegean Health",
    email="eleni@aegean.example",
    mood=mood((11, 12, "relieved", "high")),
)
PRIYA = known(
    "Priya Nair",
    "Director of IT, Harbor Clinics",
    email="priya@harbor.example",
    mood=mood((10, 29, "tired", "low")),
)

FIVE: Final = brief_of(
    start=START.replace(hour=15, minute=30),
    end=START.replace(hour=17),
    title="Patient portal: steering committee",
    place="Harbor Clinics, Quay 3, room 2.14",
    join_link="https://meet.google.com/abc",
    organizations=("Harbor Clinics", "Aegean Health"),
    glance=Glance(
        stance=stance("Listen to Priya", "29 Oct: tired. Grace and Ελένη: relieved"),
        lead=line("agenda", "Leave with: a date for clinic three"),
        lines=(
            row(
                "first",
                line(
                    "promises",
                    "Own up to Grace: the test plan for the nurses",
                    mark="overdue",
                    label="4 days late",
                ),
            ),
            row("then", line("say", "Priya’s complaint, still open: test data arrives a day late")),
            row("not-today", line("repair", "Selling on the spot")),
        ),
    ),
    faces=(
        GRACE,
        ELENI,
        PRIYA,
        unknown("Jonas Weber", email="jonas@harbor.example"),
        unknown("Ines Costa", email="ines@harbor.example"),
    ),
    lines=(
        *agenda(
            "How the second clinic went live | ask Grace",
            "Test plan for the nurses",
            "Test data by noon",
            "Clinics three and four: who goes first",
        ),
        raised("ελένη", "Ask about: the family moved to Chania", "Feb 2026", rank=70),
        raised("ελένη", "Their words: “nobody reads page two”", "12 Nov, call", rank=63),
        raised(
            "ελένη",
            "Ελένη promised: names of two clinics for a visit",
            "by 25 Nov",
            "promises",
            mark="theirs",
            rank=66,
        ),
        raised("grace", "Went well: nurses in the room from the first day", "29 Oct", rank=60),
        raised(
            "jonas", "What do they look after, and what do they hope for?", "not on file", rank=50
        ),
        line(
            "situation",
            "Four clinics, four ways to book → one way to book by summer",
            origin="29 Oct",
            rank=79,
        ).replace(rule="situation"),
        line("situation", "Agreed: nurses test before doctors do", rank=67).replace(rule="agreed"),
        last("12 Nov", "call", "Ελένη: the clinics want fewer forms. Two are open to a visit.", 86),
        last(
            "29 Oct",
            "meeting",
            "Live in the second clinic. Faster than the phone, say the nurses.",
            78,
        ),
        last(
            "29 Oct",
            "meeting",
            "Priya: test data arrives a day late, so the team works at night.",
            70,
        ),
        last("24 Sept", "meeting", "The handover: the ministry had changed the dates again.", 62),
    ),
    prompts=questions(
        (
            fact("Grace", "a test plan for the nurses", "not met", "29 Oct"),
            fact("Priya", "test data by noon", "not met", "29 Oct"),
        ),
        (
            fact("Priya", "listen, then take one thing off Priya’s hands."),
            fact("Grace, Ελένη", "enjoy it with them, then ask what comes next."),
        ),
        "listen",
    ),
    beyond=(Beyond(section="history", file="data/contacts/grace.yaml", count=3),),
    code="WAFQ",
)

TWELVE: Final = FIVE.replace(
    title="Patient portal: kick-off for clinics three and four",
    start=START.replace(day=24, hour=13),
    end=START.replace(day=24, hour=15),
    colleagues=("Noor", "Felix"),
    place="Harbor Clinics, Quay 3, auditorium",
    faces=(
        *FIVE.faces,
        *(
            unknown(name, email="x@harbor.example")
            for name in ("Amara Diallo", "Tom Brandt", "Yusuf Demir", "Lena Hoffmann")
        ),
        *(
            unknown(name, email="x@aegean.example")
            for name in ("Νίκος Γεωργίου", "Μαρία Λάσκαρη", "Πέτρος Σαμαράς")
        ),
    ),
    code="M4QD",
)

_MANY: Final = (
    "Ana Sousa",
    "Ben Carter",
    "Carla Ruiz",
    "Chen Wei",
    "Dimitri Popov",
    "Eva Lindqvist",
    "Femi Adeyemi",
    "Gita Rao",
    "Hugo Martin",
    "Ida Holm",
    "Jack O’Neill",
    "Karim Haddad",
    "Laila Nasser",
    "Marco Bianchi",
    "Nadia Petrova",
    "Oscar Nilsson",
    "Paula Gómez",
    "Quentin Blanc",
    "Rosa Almeida",
    "Tilda Rask",
    "Kim Larsson",
    "Deniz Acar",
    "Ulf Reimann",
    "Vera Novak",
    "Will Turner",
    "Xenia Kraft",
    "Yara Mansour",
    "Zoltán Kiss",
    "Anna Berg",
    "Anna Dahl",
    "Björn Falk",
    "Peter Vogt",
    "Klara Stein",
    "Tim Wolff",
    "Jule Arndt",
    "Mats Krüger",
)

FORTY: Final = STRAINED.replace(
    title="User day: what the booking screen should do next",
    start=START.replace(day=26, hour=14),
    end=START.replace(day=26, hour=17),
    place="Harbour Hall, Pier 4, Hamburg",
    join_link=None,
    colleagues=("Noor", "Felix", "Sam I."),
    organizations=("Acme Logistics", "Adler Papers"),
    faces=(
        DANA,
        LEE,
        MIRIAM,
        SAM,
        *(unknown(name, email="x@acme.example") for name in _MANY[:19]),
        *(unknown(name, email="x@solaris-freight.example") for name in _MANY[19:31]),
        *(unknown(name, email="x@adler.example") for name in _MANY[31:]),
    ),
    code="UD26",
)

RUTH = known("Ruth Abrams", "Treasurer", mood=mood((10, 12, "confused", "low")))
WALTER = known("Walter Hayes", "Chair", decides=True, mood=mood((10, 12, "pleased", "high")))
DENISE = known("Denise Clark", "Secretary")

BOARD: Final = brief_of(
    start=START.replace(hour=8, minute=30),
    end=START.replace(hour=11),
    title="Board of trustees, 47th meeting",
    place="Lakeside Food Bank, 210 Canal Street, Rochester",
    marks=("then another meeting",),
    glance=Glance(
        stance=stance("Explain", "Ruth, Oct 12: confused. Walter, Oct 12: pleased", "teach"),
        lead=line("agenda", "Leave with: a vote on the second warehouse"),
        lines=(
            row(
                "first",
                line(
                    "promises",
                    "Own up to Ruth: the cash-flow table",
                    mark="overdue",
                    label="2 weeks late",
                ),
            ),
            row(
                "bring",
                line("promises", "the lease for Canal Street, promised for today", mark="due"),
            ),
            row("not-today", line("repair", "The merger: not before January")),
        ),
    ),
    faces=(RUTH, WALTER, DENISE, unknown("Al Romano"), unknown("Priya Shah")),
    lines=(
        *agenda(
            "Call to order",
            "Minutes of Sept 15",
            "Treasurer’s report | Ruth",
            "Audit: findings and answers",
            "Budget for 2027",
            "Second warehouse: lease",
            "Cold chain: two trucks | Walter",
            "Volunteers: winter gaps",
            "Food safety: inspection",
            "Donor privacy",
            "Website",
            "Gala",
            "Insurance",
            "Any other business",
            "Adjourn",
        ),
        raised("ruth", "Ask what is still unclear about the lease", "Oct 12", rank=70),
        raised(
            "ruth",
            "Their words: “I can’t sign a number I can’t follow”",
            "Oct 12, meeting",
            rank=63,
        ),
        raised("walter", "Congratulate: fifty years with the Rotary Club", "Nov 2", rank=72),
        raised(
            "walter",
            "Walter promised: two quotes for the trucks",
            "by Nov 30",
            "promises",
            mark="theirs",
            rank=66,
        ),
        raised("denise", "Ask about: started a nursing course", "Sept", rank=60),
        raised("al", "What do they look after, and what do they hope for?", "not on file", rank=50),
        line(
            "situation",
            "One full warehouse → nobody turned away in February",
            origin="Sept 15",
            rank=79,
        ).replace(rule="situation"),
        last("Oct 12", "meeting", "Ruth asked three times where the reserve comes from.", 86),
        last("Sept 15", "meeting", "Agreed: no second site without a lease we can leave.", 78),
    ),
    prompts=questions(
        (fact("Ruth", "a table one can follow", "not met", "Oct 12"),),
        (
            fact("Ruth", "one number at a time; ask what is still unclear."),
            fact("Walter", "enjoy it with Walter."),
        ),
        "teach",
    ),
    code="B47R",
)

_SAID: Final = (
    "Ask how the new night shift in Newark has settled in",
    "Give her the hotline numbers before she has to ask",
    "Her daughter plays in the state final on Saturday",
    "She keeps the minutes herself: bring yours to compare",
    "Thank her for the introduction to the port authority",
    "Ask which of the three carriers gives her most trouble",
    "The new warehouse opens in spring: who plans the move?",
    "Ask what the board wants to hear in January",
)

OVERFULL: Final = STRAINED.replace(
    title="Q4 service review: carrier interface, booking screen, and what was agreed in Newark",
    lines=(
        *STRAINED.lines,
        *(raised("dana", said, "since August", rank=62 - at) for at, said in enumerate(_SAID)),
        *(
            last(f"{28 - at} Aug", "call", f"{said}; and what came of it since.", 58 - at)
            for at, said in enumerate(_SAID)
        ),
    ),
    code="OVER",
)

EMPTY: Final = brief_of(
    title="Kofi",
    faces=(known("Kofi Mensah", ""),),
    prompts=questions((), (), None),
    start=START,
    end=START + timedelta(minutes=30),
    code="EMPT",
)

TWO: Final = STRAINED.replace(faces=(DANA, LEE), code="TWO2")
ONLINE: Final = STRAINED.replace(
    place="https://teams.microsoft.com/l/meetup/1",
    marks=("then 11:30 Fjordlight", "straight from the team standup"),
    code="ONLN",
)

SHEETS: Final[dict[str, Brief]] = {
    "personal": PERSONAL,
    "strained": STRAINED,
    "two": TWO,
    "online": ONLINE,
    "grief": GRIEF,
    "first": FIRST,
    "five": FIVE,
    "twelve": TWELVE,
    "forty": FORTY,
    "board": BOARD,
    "overfull": OVERFULL,
    "empty": EMPTY,
}

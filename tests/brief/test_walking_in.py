"""What the person who walks into that room must not read: kinds found in fifteen ordinary cases."""

import pytest

from briefgen.brief.events import minds_birthday
from briefgen.brief.show import as_text
from briefgen.workspace.language import language_of

from .conftest import Desk, contact_file

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
BOSS = "name: Lee Wong\nemails: [lee@acme.example]\norganization: Acme\ntitle: Managing Director\n"


def page(*contacts: str, locale: str = "en_GB", **given: object) -> str:
    """The whole brief as the terminal shows it."""
    desk = Desk().with_contacts(*contacts)
    desk.locale = locale
    return as_text(desk.compose(**{"title": "Review", **given}), language_of("en_GB"))


def note(said: str, day: str = "2026-11-12", rest: str = "") -> str:
    """One interaction as the file has it."""
    return f"interactions: [{{date: {day}, channel: call, summary: '{said}'{rest}}}]\n"


# What a later note has put an end to


@pytest.mark.parametrize(
    ("language", "complaint", "later"),
    [
        ("en", "two people short on nights", "Both vacancies filled, starting in December."),
        ("de", "nachts unterbesetzt", "Die Stellen sind besetzt, ab Dezember."),
        ("fr", "de nuit en sous-effectif", "Les postes sont pourvus dès décembre."),
        ("es", "de noche falta personal", "Vacantes cubiertas desde diciembre."),
        ("it", "di notte manca personale", "Posti coperti da dicembre."),
        ("nl", "twee mensen tekort in de nacht", "Beide vacatures zijn vervuld."),
        ("pt", "à noite falta pessoal", "As vagas preenchidas a partir de dezembro."),
        ("ja", "夜勤は人手不足", "採用が決まりました。"),
        ("ar", "نقص في الموظفين ليلا", "شغلت الوظائف في ديسمبر."),
    ],
)
def test_nobody_is_missing_any_more(language: str, complaint: str, later: str) -> None:
    """A complaint of too few people is over once a later note says that they were found."""
    file = HEAD + f"language: {language}\nconcerns: [{{date: 2026-10-26, text: {complaint}}}]\n"
    assert complaint in page(file)
    assert complaint in page(file + note(later, "2026-10-20")), "noted before the complaint"
    assert complaint not in page(file + note(later))


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        ("ask whether he found a house in Lisbon", "Visa refused; the appeal takes four months."),
        ("ask about the new plant", "Acme is insolvent, it was in the paper."),
    ],
)
def test_a_plan_that_came_to_nothing_is_not_asked_about(asked: str, later: str) -> None:
    """Neither the move after a refused visa, nor growth once the firm cannot pay."""
    file = HEAD + f"talking_points: [{{text: {asked}, from: 2026-09-01}}]\n"
    assert asked[1:] in page(file)
    assert asked[1:] not in page(file + f"life_events: [{{date: 2026-11-13, note: '{later}'}}]\n")


@pytest.mark.parametrize(
    "later",
    ["Visa came through.", "Her cousin got a visa refused.", "Their competitor is insolvent."],
)
def test_what_befell_others_ends_no_plan(later: str) -> None:
    """Nor does good news."""
    asked = "talking_points: [{text: ask about the move to Lisbon, from: 2026-09-01}]\n"
    assert "move to Lisbon" in page(HEAD + asked + note(later))


@pytest.mark.parametrize(
    ("said", "lost"),
    [
        ("They chose Halden for phase two.", True),
        ("They went to Porto for phase two.", False),
        ("They chose Halden for the catering.", False),
    ],
)
def test_an_order_is_lost_where_somebody_else_has_it(said: str, *, lost: bool) -> None:
    """And not where they only went somewhere for it."""
    promise = "promises: [{by: me, text: offer for phase two, made: 2026-10-08, due: 2026-11-20}]\n"
    assert ("still open? see 12 Nov" in page(HEAD + promise + note(said))) is lost


def test_what_somebody_else_was_given_is_neither_agreed_nor_asked_for() -> None:
    """Of the phase that a rival won; the other phase stays."""
    file = HEAD + (
        "agreed: [phase two follows with us, phase one ends in May]\n"
        "promises: [{by: me, text: proposal for phase two, made: 2026-10-08, due: 2026-11-20},"
        " {by: them, text: sign off phase one, made: 2026-10-08, due: 2026-11-13}]\n"
    )
    told = page(file + note("Phase two went to Halden: the board wanted somebody cheaper."))
    assert "phase two follows" not in told
    assert "phase one ends in May" in told
    assert "proposal for phase two (still open? see 12 Nov)" in told
    assert "sign off phase one (10 days late" in told
    assert "proposal for phase two (3 days late)" in page(file)


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        ("Noor sent the corrected parts list on Friday, it is right.", True),
        ("Noor has not sent the corrected parts list.", False),
        ("Asked when the corrected parts list would be sent.", False),
        ("Noor sent the price list.", False),
        ("Got the corrected parts list of another firm.", False),
    ],
)
def test_a_colleague_may_have_kept_my_promise(said: str, *, closed: bool) -> None:
    """Nobody owns up to what a note says has been sent; the file is to be put right."""
    promise = (
        "promises: [{by: me, text: corrected parts list, made: 2026-10-01, due: 2026-10-30}]\n"
    )
    told = page(HEAD + promise + note(said))
    assert ("corrected parts list (still open? see 12 Nov)" in told) is closed
    assert ("Own up: corrected parts list" in told) is not closed


def test_what_they_have_given_is_not_asked_for() -> None:
    """In German: `Zugang ist da`."""
    promise = "promises: [{by: them, text: Zugang zum Lager, made: 2026-10-01, due: 2026-10-20}]\n"
    told = page(HEAD + "language: de\n" + promise + note("Alles ruhig. Zugang ist da."))
    assert "Zugang zum Lager (still open? see 12 Nov)" in told


def test_somebody_they_now_speak_of_gladly_may_be_spoken_of() -> None:
    """After years, the father shows a photo of the restaurant of his son."""
    file = HEAD + (
        "approaches: [{date: 2023-03-08, tried: asked after Daniel, landed: badly}]\n"
        "to_share: [{text: article on the restaurant of Daniel}]\n"
    )
    quiet = page(file + note("Talked about lorries."))
    assert "Asked after Daniel (it landed badly" in quiet
    assert "article on the restaurant" not in quiet
    told = page(file + note("Showed me a photo of Daniel at the stove."))
    assert "landed badly" not in told
    assert "article on the restaurant of Daniel" in told


def test_how_they_felt_before_they_were_well_again_is_no_mood_of_today() -> None:
    """No dot says `frightened` beside someone who has had the all clear since."""
    felt = note("Chemo every third week.", "2025-12-10", ", signals: [frightened]")
    told = Desk().with_contacts(HEAD + felt).compose()
    assert [one.signals for one in told.faces[0].mood] == [("frightened",)]
    well = "life_events: [{date: 2026-08, note: 'all clear, recovered'}]\n"
    assert Desk().with_contacts(HEAD + felt + well).compose().faces[0].mood == ()


def test_what_they_do_not_want_to_talk_about_is_not_asked() -> None:
    """As the last notes say, whatever was to be asked before."""
    file = HEAD + "talking_points: [{text: ask what happened at Brixham, from: 2026-05-20}]\n"
    assert "what happened at Brixham" in page(file)
    assert "what happened" not in page(file + note("Will not talk about Brixham: she signed."))


# What others there must not read


SEALED = HEAD + (
    "situation: {current_state: 'Falcon: buying Aster', as_of: 2026-11-03}\n"
    "talking_points: [{text: 'Falcon is under NDA: nothing in front of Lee', from: 2026-11-03}]\n"
    "promises: [{by: me, text: Falcon staffing plan, made: 2026-11-05, due: 2026-11-20},"
    " {by: them, text: the key to the Falcon room, made: 2026-11-05, due: 2026-11-17}]\n"
    "interactions: [{date: 2026-11-05, channel: call, summary: 'Falcon is on. Rota is fine.',"
    " needs: staffing for Falcon, needs_met: no}]\n"
)


def test_a_matter_under_seal_is_on_no_line_before_those_who_do_not_know() -> None:
    """Its name is the user's own word for it; alone with her, the page has it all."""
    assert page(SEALED).count("Falcon") > 3
    told = page(SEALED, BOSS)
    assert "Falcon" not in told
    assert "Rota is fine." in told
    assert "See Dana apart: your promise of 5 Nov (3 days late)" in told


def test_it_may_be_named_where_the_agenda_does() -> None:
    """Then they know."""
    assert "Falcon staffing plan" in page(SEALED, BOSS, title="Falcon: where we are")


EXPECTING = HEAD + (
    "life_events: [{date: 2026-09-16, kind: confidential, note: expecting their first child}]\n"
)


@pytest.mark.parametrize(
    "field",
    [
        "to_share: [{text: the name of a good pushchair shop}]",
        "promises: [{by: me, text: plan for her leave, made: 2026-09-20, due: 2026-11-16}]",
        "talking_points: [{text: ask who will stand in for her from April, from: 2026-10-01}]",
        "talking_points: [{text: ask how she is feeling, from: 2026-09-20}]",
        "interactions: [{date: 2026-09-16, channel: call, summary: Whispered the news.}]",
    ],
)
def test_nothing_hints_at_what_she_told_in_confidence(field: str) -> None:
    """Not a pram, not her leave, not a kind question before her boss, nor the note of that day."""
    told = page(EXPECTING + field + "\n", BOSS)
    for word in ("pushchair", "leave", "stand in", "feeling", "Whispered"):
        assert word not in told


def test_a_stroke_of_the_father_is_told_of_him_and_not_of_the_son() -> None:
    """Both are there, of one name: each has his own name, and the grief is the father's."""
    father = (
        "name: Tom Hale\nemails: [tom@hale.example]\norganization: Hale\ntitle: Founder\n"
        "life_events: [{date: 2026-09-21, note: stroke, kind: hard}]\n"
        + note("Slow after the stroke. Has not told the bank.", "2026-10-30")
    )
    son = (
        "name: Tom Hale\naliases: [Tom Hale Junior]\nemails: [tj@hale.example]\n"
        "organization: Hale\nlife_events: [{date: 2026-09-21, note: his father had a stroke}]\n"
    )
    told = page(father, son)
    assert "Tom Hale (Founder) – 21 September, nine weeks ago: stroke" in told
    assert "his father" not in told


# What is not wished, and not brought


@pytest.mark.parametrize(
    "field",
    [
        "talking_points: [{text: never wish her a happy birthday}]",
        "approaches: [{date: 2024-11-25, tried: sent a birthday card, landed: badly}]",
        "notes: Hates her birthday.",
        "notes: Mag es nicht, wenn man ihr zum Geburtstag gratuliert.",
    ],
)
def test_who_wants_no_birthday_wishes_gets_none(field: str) -> None:
    """Not on the sheet, and nowhere else, since the file is asked alone."""
    file = HEAD + "birthday: 11-24\n"
    assert "Birthday tomorrow" in page(file)
    assert "Birthday tomorrow" not in page(file + field + "\n")
    assert minds_birthday(contact_file(file + field + "\n").contact, ("en", "de"))
    for kept in ("do not forget her birthday", "bring a cake on her birthday"):
        point = f"talking_points: [{{text: {kept}}}]\n"
        assert not minds_birthday(contact_file(file + point).contact, ("en", "de"))
    liked = "approaches: [{date: 2024-11-25, tried: sent a birthday card, landed: well}]\n"
    assert not minds_birthday(contact_file(file + liked).contact, ("en", "de"))


def test_no_cheese_for_somebody_who_fasts() -> None:
    """Also where only your own point says so; what is to be minded is shown once."""
    file = HEAD + "to_share: [{text: voucher for a cheese shop}]\n"
    assert "cheese" in page(file)
    told = page(file + "talking_points: [{text: 'keeps the fast: no meat, no dairy'}]\n")
    assert "cheese" not in told
    assert told.count("no dairy") == 1


def test_no_evening_for_customers_in_the_week_of_a_blow() -> None:
    """An invitation to one is no comfort to a firm that is insolvent."""
    file = HEAD + "to_share: [{text: invitation to the customers' evening}]\n"
    assert "evening" in page(file)
    assert "evening" not in page(
        file + "life_events: [{date: 2026-11-19, note: Acme is insolvent, kind: hard}]\n"
    )


def test_the_death_of_a_dog_that_is_called_by_its_name_is_no_page_of_grief() -> None:
    """It is shown with sympathy, and the roof is spoken of; quotes of others are no pitch."""
    file = HEAD + (
        "language: nl\nlife_events: [{date: 2026-09, note: hond Boef heeft een tumor},"
        " {date: 2026-11-08, note: 'Boef ingeslapen, veertien jaar oud'}]\n"
        "promises: [{by: me, text: offertes van twee dakdekkers, due: 2026-11-17}]\n"
    )
    told = page(file)
    assert "8 November, two weeks ago: Boef ingeslapen" in told
    assert "ONLY LISTEN" not in told
    assert "offertes van twee dakdekkers (6 days late)" in told


def test_somebody_who_is_embarrassed_is_not_asked_what_would_make_it_right() -> None:
    """It is they who feel at fault: be light about it."""
    told = page(HEAD + note("The board decided otherwise.", rest=", signals: [embarrassed]"))
    assert "Be light about it" in told
    assert "own your part" not in told


# What is of another time, and what no agenda is made of


def test_the_illness_of_somebody_who_has_died_since_is_not_brought_up() -> None:
    """Of the dog that was put to sleep nobody says that it has a tumour."""
    file = HEAD + (
        "language: nl\nlife_events: [{date: 2026-09, note: hond Boef heeft een tumor},"
        " {date: 2026-11-08, note: Boef ingeslapen}]\n"
    )
    assert "tumor" not in page(file)
    assert "tumor" in page(file.replace("Boef ingeslapen", "hond Rex ingeslapen"))


def test_a_note_from_the_days_of_an_old_blow_is_not_read_out() -> None:
    """A refusal of last year, which has long been overcome."""
    file = HEAD + "life_events: [{date: 2025-03, note: licence refused, kind: hard}]\n"
    told = note("Licence refused. Long faces.", "2025-03-20")
    assert "Licence refused." in page(HEAD + told)
    assert "Licence refused." not in page(file + told)
    assert "Licence refused." in page(file + note("Licence refused. New lawyer.", "2025-07-20"))


def test_a_complaint_of_everybody_or_in_a_blow_is_no_agenda() -> None:
    """It is on the sheet all the same."""
    complaints = "concerns: [" + ", ".join(
        f"{{date: 2026-10-0{day}, text: TEXT {day}}}" for day in (1, 2, 3)
    )
    assert "This may serve" in page(HEAD + complaints.replace("TEXT", "no receipt") + "]\n")
    blow = "life_events: [{date: 2026-11-13, note: visa refused, kind: hard}]\n"
    everybody = complaints.replace("TEXT", "everybody tells him to sell")
    for file in (everybody, blow + complaints.replace("TEXT", "no receipt")):
        told = page(HEAD + file + "]\n")
        assert "This may serve" not in told
        assert "Complaint, still open" in told


def test_after_a_separation_nobody_asks_about_the_weekends_of_the_children() -> None:
    """The move is asked about if nothing says that they have parted."""
    moved = "{date: 2026-10, note: 'moved to a flat in Ely, kids every other weekend'}"
    parted = "{date: 2026-03, note: she and Tom separated}"
    assert "flat in Ely" in page(HEAD + f"life_events: [{moved}]\n")
    assert "flat in Ely" not in page(HEAD + f"life_events: [{parted}, {moved}]\n")


def test_an_agenda_is_read_in_the_language_of_those_who_meet() -> None:
    """In an English workspace too, `Schwungräder` names the `Schwungrad` that he cares about."""
    karl = "name: Karl Brenner\nemails: [karl@acme.example]\ninterests: [Schwungrad]\n"
    said = {"title": "Zeitplan", "description": "1. Schwungräder\n2. Zeitplan"}
    assert "Schwungräder (ask Karl)" in page(karl + "language: de\n", BOSS, **said)


def test_late_promises_that_others_must_not_read_are_one_line() -> None:
    """Of one person with the days on which they were made; the oldest says how late."""
    sealed = SEALED.replace(
        "promises: [", "promises: [{by: me, text: Falcon memo, made: 2026-11-03, due: 2026-11-16}, "
    )
    told = page(sealed, BOSS)
    assert "See Dana apart: your promises of 3 Nov and 5 Nov (7 days late)" in told.replace(
        "3 and 5 Nov", "3 Nov and 5 Nov"
    )
    assert told.count("See Dana apart") == 1


def test_the_dealers_of_a_maker_of_pumps_sell_pumps() -> None:
    """Their list is asked for before a colleague, as nothing private."""
    late = "promises: [{by: them, text: list of dealers, made: 2026-10-07, due: 2026-11-13}]\n"
    assert "Dana promised: list of dealers" in page(HEAD + late, BOSS)

"""What the person who walks into that room must not read: kinds found in fifteen ordinary lives."""

from pathlib import Path

import pytest

from briefgen.brief.events import minds_birthday
from briefgen.brief.show import as_text
from briefgen.brief.signals import read_vocabulary
from briefgen.workspace.language import language_of

from .conftest import Desk, contact_file
from .test_walking_in import HEAD, note, page

# What a note says to be over


@pytest.mark.parametrize(
    ("language", "complaint", "later"),
    [
        ("en", "overcharged for call-outs", "She withdrew the complaint: booked twice by them."),
        ("en", "Linda still gets his letters", "Address changed. He said that settles it."),
        ("en", "invoices go to the wrong desk", "Cost centre on invoices: the mix-up is over."),
        ("de", "Rückrufe dauern Tage", "Durchwahl gegeben. Damit ist es für ihn erledigt."),
        ("fr", "on lui a coupé la parole", "Elle retire sa plainte : un malentendu."),
        ("es", "facturas sin pedido", "Retiró la queja, el error era suyo."),
        ("it", "sinistro in ritardo", "Ha ritirato il reclamo."),
        ("nl", "rekening van mei te hoog", "Ze haalt de klacht terug, verkeerd gelezen."),
        ("pt", "fatura errada", "Retirou a queixa."),
        ("ja", "電話の折り返しが遅い", "苦情は取り下げるとのこと。"),
        ("ar", "الفاتورة أعلى من المتفق عليه", "سحب الشكوى بعد المراجعة."),
    ],
)
def test_a_complaint_that_was_withdrawn_is_not_open(
    language: str, complaint: str, later: str
) -> None:
    """Whether the note names its matter or not; an older note, or one of years later, does not."""
    file = HEAD + f"language: {language}\nconcerns: [{{date: 2026-10-26, text: {complaint}}}]\n"
    assert complaint in page(file)
    assert complaint in page(file + note(later, "2026-10-20")), "noted before the complaint"
    assert complaint not in page(file + note(later))


def test_the_note_of_a_complaint_goes_with_it() -> None:
    """Once it is withdrawn; what else was noted that day stands."""
    file = HEAD + "concerns: [{date: 2026-10-26, text: overcharged for call-outs}]\n"
    noted = (
        "interactions:\n"
        "  - {date: 2026-10-26, summary: 'Overcharged for call-outs. “Brilliant.” Roof is done.'}\n"
    )
    assert "Overcharged" in page(file + noted)
    later = "  - {date: 2026-11-12, summary: She withdrew the complaint.}\n"
    told = page(file + noted + later)
    assert "Overcharged" not in told
    assert "Brilliant" not in told
    assert "Roof is done." in told


# What was told to you alone


@pytest.mark.parametrize(
    "said",
    [
        "Oliver rang: nights close. She is to be told on 11 December. Not a word before.",
        "Under NDA: the target is 340 m. Not to be written anywhere.",
        "Seeing Maureen from the club. Does not want Beth to hear of it yet.",
        "In strict confidence: Ted has left. Officially he is on a course.",
        "Sous le sceau du secret : Bruno est en burn-out. Officiellement, il est en formation.",
        "Sob acordo de confidencialidade: vendas de 3,1 milhões. O Tomás quer sair.",
        "Begoña me cuenta que habrá un ERE en enero. Él no lo sabe.",
        "Quer adotar. Pede que não se comente.",
        "Thomas hat sie verklagt. Anwalt rät: kein Wort dazu.",
        "O irmão pôs-lhe um processo. Não quer falar disso.",
    ],
)
def test_nothing_of_a_confidence_lies_on_the_table(said: str) -> None:
    """Not even before the person alone, and not a sentence beside it."""
    told = page(HEAD + note(said, rest=", signals: [uneasy]"))
    words = {word for word in said.replace(":", "").replace(".", "").split() if len(word) > 5}
    assert not {word for word in words if word in told} - {"Officially"}, told


def test_a_paper_that_came_back_is_no_confidence() -> None:
    """`Signed NDA came back` closes a promise; what was told under it stays off the sheet."""
    assert "Signed NDA came back." in page(HEAD + note("Signed NDA came back."))
    assert "340" not in page(HEAD + note("Sent us under NDA: the target is 340 million."))


def test_what_is_kept_from_them_is_neither_their_mood_nor_a_talk_with_them() -> None:
    """The boss rang; she knows of nothing."""
    said = "Oliver Trent rang: her post goes. She is to be told on 11 December."
    desk = Desk().with_contacts(HEAD + note(said, rest=", signals: [uneasy], needs: calm"))
    told = as_text(desk.compose(title="Review"), language_of("en_GB"))
    assert "uneasy" not in told
    assert "calm" not in told
    assert "LISTEN" not in told


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        ("en", "Rumour: Acme is for sale. Wants the fee by Friday.", "Wants the fee by Friday."),
        ("de", "Sachlich. Man munkelt, Thomas sei pleite.", "Sachlich."),
        ("fr", "On dit qu'elle part. Veut un atelier.", "Veut un atelier."),
        ("es", "Quiere un curso. Se rumorea una venta.", "Quiere un curso."),
        ("it", "Corre voce di una vendita. Vuole un corso.", "Vuole un corso."),
        ("nl", "Er gaat een gerucht. Wil een cursus.", "Wil een cursus."),
        ("pt", "Consta que vai sair. Quer um curso.", "Quer um curso."),
    ],
)
def test_a_rumour_lies_on_no_sheet(language: str, said: str, kept: str) -> None:
    """The rest of its note does."""
    told = page(HEAD + f"language: {language}\n" + note(said.replace("'", "''")))
    assert kept in told
    assert not {
        word for word in said.replace(kept, "").split() if len(word) > 3 and word in told
    } - {"Acme"}


def test_nothing_is_brought_that_touches_what_is_kept_from_them() -> None:
    """No article on keeping the night shift to somebody who does not know that it closes."""
    share = "to_share: [{text: how three mills kept their night shift}, {text: a book on bread}]\n"
    kept = note("The night shift closes in May. She is to be told on 11 December.")
    assert "night shift" in page(HEAD + share)
    told = page(HEAD + share + kept)
    assert "night shift" not in told
    assert "a book on bread" in told


def test_what_hangs_on_a_rumour_goes_with_it() -> None:
    """After a semicolon too."""
    told = page(HEAD + note("Now at Quay. Word is that Bright pushed him out; he says he walked."))
    assert "Now at Quay." in told
    assert "walked" not in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "great, late again"),
        ("de", "toll, schon wieder drei Tage"),
        ("fr", "génial, encore un tableau"),
        ("it", "complimenti, solo quattro mesi"),
        ("nl", "lekker dan, weer een formulier"),
        ("pt", "ótimo, atrasado outra vez"),
        ("ja", "さすが、お早いですね"),
        ("ar", "ممتاز، خطأ جديد"),
    ],
)
def test_irony_is_nothing_to_come_back_to(language: str, words: str) -> None:
    """Other words of theirs are."""
    head = HEAD + f"language: {language}\n"
    assert words not in page(head + note("Talked.", rest=f', words: "{words}", signals: [amused]'))
    assert "one screen" in page(head + note("Talked.", rest=', words: "one screen for all"'))


# Names and days


def test_whoever_is_cut_from_a_note_is_not_left_in_it_as_a_pronoun() -> None:
    """Of one who has separated: `She did most of the talking`, `Both want the cottage`."""
    head = HEAD + "pronouns: he/him\n"
    parted = "life_events: [{date: 2026-03, kind: hard, note: divorce from Linda final}]\n"
    told = note("Review with Linda. She did most of the talking. Both want it. He will sign.")
    told = told.replace("2026-11-12", "2026-01-12")
    assert "She did most" in page(head + told)
    after = page(head + parted + told)
    assert "She did" not in after
    assert "Both" not in after
    assert "He will sign." in after


def test_a_former_name_is_known_from_an_event_that_has_both() -> None:
    """However the event words it; a note from before is not printed with it."""
    file = (
        "name: Samantha Doyle\ncall_me: Sam\naliases: [Samuel Doyle]\npronouns: she/her\n"
        "emails: [dana@acme.example]\n"
        "life_events: [{date: 2026-05, kind: neutral, note: 'Samantha now, was Samuel'}]\n"
    )
    told = page(file + note("Samuel wants one supplier. The frame ends in March.", "2025-02-04"))
    assert "Samuel" not in told
    assert "The frame ends in March." in told


def test_a_birthday_on_the_day_of_a_death_is_not_wished_for() -> None:
    """On no sheet, whatever the year of the death."""
    event = "life_events: [{date: 2025-11-23, kind: hard, note: brother Enrico died}]\n"
    assert "Birthday" not in page(HEAD + "birthday: 11-23\n" + event)
    assert "Birthday" in page(HEAD + "birthday: 11-24\n")
    assert minds_birthday(contact_file(HEAD + "birthday: 11-23\n" + event).contact, ("en",))


@pytest.mark.parametrize(
    "refused",
    [
        "Returned with a kind note: compliance allows nothing over 50.",
        "社内規程により受け取れないと丁重に断られた。",
        "أعاده معتذرًا: سياسة الامتثال لا تسمح.",
        "Omaggi: il codice etico non ammette omaggi.",
    ],
)
def test_who_returned_a_present_is_brought_none(refused: str) -> None:
    """In whatever language the note says so."""
    thing = "to_share: [{text: bottle of Lagavulin}]\n"
    assert "Lagavulin" in page(HEAD + thing)
    assert "Lagavulin" not in page(HEAD + thing + note(refused, "2023-12-15"))


def test_a_next_step_that_is_a_promise_is_told_once() -> None:
    """The promise has its day."""
    file = (
        "next_step: {text: send the proposal, due: 2026-11-25}\n"
        "promises: [{by: me, text: Send the proposal, made: 2026-11-19, due: 2026-11-25}]\n"
    )
    assert page(HEAD + file).casefold().count("send the proposal") == 1


def test_a_feminine_form_is_no_misspelling(tmp_path: Path) -> None:
    """`agacée` is a form of `agacé`; `hopefull` is not one of `hopeful`."""
    french, _ = read_vocabulary(tmp_path, language_of("fr_FR"))
    assert french.misspelt("agacée") is None
    assert french.misspelt("soulagée") is None
    english, _ = read_vocabulary(tmp_path, language_of("en_GB"))
    assert english.misspelt("hopefull") == "hopeful"

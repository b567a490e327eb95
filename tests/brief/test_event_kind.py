"""What kind of event a note tells: hard, good, confidential or neutral, and how sure that is."""

import pytest

from briefgen.brief.events import event_kind
from briefgen.contacts.contact import LifeEvent

ENGLISH = [
    ("husband Peter died", "hard", "death", True),
    ("told me in confidence that she is pregnant", "confidential", "confidence", True),
    ("miscarriage", "hard", "child_loss", True),
    ("laid off from Orbis Retail in the restructuring", "hard", "work_loss", True),
    ("wedding with Katrin", "good", "wedding", True),
    ("son Adam born", "good", "birth", True),
    ("changed name from Samantha to Sam", "confidential", "identity", True),
    ("moved to Hamburg", "neutral", None, True),
    ("lost the tender of her life", "hard", None, False),
    ("born three weeks after her father died", "hard", "death", False),
]


@pytest.mark.parametrize(("note", "kind", "family", "sure"), ENGLISH)
def test_a_note_tells_its_kind(note: str, kind: str, family: str | None, sure: bool) -> None:  # noqa: FBT001  # a row of a table
    """By its words; a hard word beside a good one, or only a weak one, is not sure, and hard."""
    told = event_kind(LifeEvent(note=note), ("en",))
    assert (told.kind, told.family, told.sure) == (kind, family, sure)


def test_what_is_given_is_so() -> None:
    """The words decide nothing if the file says it."""
    told = event_kind(LifeEvent(note="husband Peter died", kind="neutral"), ("en",))
    assert (told.kind, told.given, told.sure) == ("neutral", True, True)


def test_the_gravest_of_several_families_counts() -> None:
    """A death before a separation before a lost job."""
    note = "laid off, then separated, then her mother died"
    assert event_kind(LifeEvent(note=note), ("en",)).family == "death"
    assert event_kind(LifeEvent(note="laid off, then separated"), ("en",)).family == "separation"
    assert event_kind(LifeEvent(note="laid off"), ("en",)).is_grief is False
    assert event_kind(LifeEvent(note="separated"), ("en",)).is_grief is True


NINE = [
    ("de", "liegt im Krankenhaus", "hard", None, False),
    ("de", "nach Köln gezogen", "neutral", None, True),
    ("fr", "sa fille Maya a eu son bac", "good", "graduation", True),
    ("es", "boda con Ana", "good", "wedding", True),
    ("es", "cáncer de mama", "hard", "grave_illness", True),
    ("it", "matrimonio con Anna", "good", "wedding", True),
    ("it", "in confidenza: è incinta", "confidential", "confidence", True),
    ("nl", "zijn baan kwijt", "hard", "work_loss", True),
    ("pt", "mudou-se para o Porto", "neutral", None, True),
    ("pt", "o marido Pedro faleceu", "hard", "death", True),
    ("ja", "大阪に引っ越した", "neutral", None, True),
    ("ja", "入院した", "hard", None, False),
    ("ar", "انتقل إلى دبي", "neutral", None, True),
    ("ar", "زواج من ليلى", "good", "wedding", True),
]


@pytest.mark.parametrize(("language", "note", "kind", "family", "sure"), NINE)
def test_a_note_tells_its_kind_in_nine_languages(
    language: str, note: str, kind: str, family: str | None, *, sure: bool
) -> None:
    """Read in the language and in English, whose stems are no words of the other."""
    told = event_kind(LifeEvent(note=note), (language, "en"))
    assert (told.kind, told.family, told.sure) == (kind, family, sure)


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "son Ilyas born, 6 weeks early, in NICU"),
        ("en", "their baby Mara was born, still in an incubator"),
        ("de", "Sohn Jonas geboren, liegt im Brutkasten"),
        ("fr", "naissance de Léa, en couveuse"),
        ("es", "nació Pablo, está en la incubadora"),
        ("nl", "dochter Noor geboren, ligt in de couveuse"),
    ],
)
def test_a_newborn_in_intensive_care_is_nobody_to_congratulate_on(language: str, note: str) -> None:
    """Good and hard at once is unsure, and treated as hard."""
    told = event_kind(LifeEvent(note=note), (language, "en"))
    assert (told.kind, told.sure) == ("hard", False)


def test_a_firm_in_an_incubator_is_no_patient() -> None:
    """A word that also means something else counts only beside those that tell which."""
    assert (
        event_kind(LifeEvent(note="incubadora de empresas en Bilbao"), ("es", "en")).kind != "hard"
    )

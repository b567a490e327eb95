"""What an entry of `avoid` means, which lines it hides, and by which words."""

from datetime import date

import pytest
from handmade import face, line

from briefgen.brief.brief import Face, Line, Mood
from briefgen.brief.redaction import Hidden, Tact, mentions, understand
from briefgen.brief.word_families import language_file


def tact(*words: str, edition: str = "full", language: str = "en") -> Tact:
    """Tact about these words."""
    return Tact.with_words(
        words, language=language, edition="table" if edition == "table" else "full"
    )


def test_each_word_counts_once() -> None:
    """Without spaces around it, and not if nothing is left; so does each language."""
    made = Tact.with_words(
        [" divorce ", "", "  ", "divorce", "chess"],
        language="en",
        edition="full",
        languages=["de", None, "de", "fr"],
    )
    assert made.avoided == ("divorce", "chess")
    assert made.languages == ("de", "fr")


def test_which_entry_hides_a_text() -> None:
    """The first one that it mentions, and the words by which it does."""
    known = tact("chess", "divorce")
    assert known.hidden_by("Her divorce, and chess") == Hidden(entry="chess", words="chess")
    assert known.hidden_by("the alimony is paid") == Hidden(entry="divorce", words="alimony")
    assert known.hidden_by("They separated in May") == Hidden(entry="divorce", words="separated")
    assert known.hidden_by("the weather") is None
    assert tact("chess").avoided_in("a game of Chess") == "chess"
    assert tact("chess").avoided_in("a game of draughts") is None
    assert tact().avoided_in("a game of chess") is None


def test_parts_are_read_by_themselves() -> None:
    """A mention over the edge of two parts is none; one in any of the parts is."""
    known = tact("laid off")
    assert known.hidden_by("laid off") is not None
    assert known.hidden_by("laid off", "laid", "off") is None
    assert known.hidden_by("laid off", "nothing", "was laid off") is not None


def test_a_script_without_spaces_is_read_whole() -> None:
    """Its mentions are not made of words between spaces."""
    assert tact("離婚", language="ja").hidden_by("昨年離婚した") is not None
    assert tact("離婚", language="ja").hidden_by("昨年結婚した") is None


def test_which_lines_are_refused() -> None:
    """`never` first, then what is not for the table, then what is avoided; each says by what."""
    lines = [
        line("say", "chess", visibility="never"),
        line("say", "chess", visibility="private"),
        line("say", "chess", visibility="print"),
        line("say", "golf", visibility="print"),
        line("say", "golf", visibility="private"),
    ]
    for edition, reasons in (
        ("full", {0: "visibility", 1: "avoid", 2: "avoid"}),
        ("table", {0: "visibility", 1: "edition", 2: "avoid", 4: "edition"}),
    ):
        refused = tact("chess", edition=edition).refusals(lines)
        assert {at: one.reason for at, one in refused.items()} == reasons
        assert all(one.line == lines[at] for at, one in refused.items())
        assert (refused[0].by, refused[2].by, refused[2].words) == ("never", "chess", "chess")
    assert refused[1].by == "table"
    assert tact().refusals(lines[1:]) == {}


@pytest.mark.parametrize(
    "hidden",
    [
        line("say", "Ask about chess"),
        line("say", "Ask about golf", note="he plays chess"),
        line("say", "Ask about golf", label="Chess"),
        line("history", "We met", channel="chess"),
        line("promises", "You promised: das Schachspiel zur Scheidung", note=""),
    ],
)
def test_where_a_line_is_read(hidden: Line) -> None:
    """Its text, note, label and channel, and what was noted after our own words."""
    assert 0 in tact("chess", "divorce", language="de").refusals([hidden])


def test_faces_lose_what_is_avoided() -> None:
    """Role, remark and those moods alone; the name, and a face without any of it, stay."""
    sad = Mood(date=date(2026, 11, 2), signals=("sad", "on chess"), tone="low")
    glad = Mood(date=date(2026, 11, 9), signals=("glad",), tone="high")
    dana = face("Dana Chess", role="VP Chess", remark="plays chess", mood=(sad, glad))
    lee = face("Lee Wong", role="VP", remark="new", mood=(glad,))
    found = tact("chess").tactful([dana, lee])
    assert found[0] == dana.replace(role="", remark="", mood=(glad,))
    assert found[1] is lee
    faces: list[Face] = [dana]
    assert tact().tactful(faces) is faces


@pytest.mark.parametrize("kept", ["role", "remark", "mood"])
def test_one_thing_of_a_face_is_enough(kept: str) -> None:
    """Whichever it is, it goes."""
    moods = (Mood(date=date(2026, 11, 2), signals=("chess",), tone="low"),)
    value = moods if kept == "mood" else "chess"
    dana = face("Dana Smith", **{kept: value})
    (found,) = tact("chess").tactful([dana])
    assert not getattr(found, kept)


# What an entry means.


def test_an_entry_of_a_family() -> None:
    """All words of its matters, in their languages, and what they are called in any of them."""
    found = understand("divorce", ("en", "de"))
    assert found.matters == ("separation",)
    families = [language_file(code).families["separation"] for code in ("en", "de")]
    assert found.ways == sum(len(one.words) + len(one.also) for one in families)
    assert found.names("de") == ("Trennung und Scheidung",)
    assert found.names("en") == ("separation and divorce",)
    assert understand("marathon", ("en",)).names("en") == ()


def test_a_family_with_others_in_its_matter() -> None:
    """Who avoids death avoids the death of a child, too."""
    assert understand("death", ("en",)).families >= {"death", "child_loss", "pet_death"}
    assert mentions("the miscarriage", "death", "en")


def test_an_entry_of_no_family() -> None:
    """Its own words in their forms, and no way of saying it beside them."""
    found = understand("marathon", ("en",))
    assert (found.matters, found.families, found.ways) == ((), frozenset(), 0)
    assert found.hides("two marathons") == Hidden(entry="marathon", words="marathons")
    assert found.hides("a divorce") is None
    assert found.may_be_in("marathons")
    assert not found.may_be_in("divorce")


def test_which_words_can_mention_something() -> None:
    """One of its family or one of its own; no other."""
    found = understand("divorce", ("en",))
    assert found.may_be_in("alimony")
    assert found.may_be_in("divorces")
    assert not found.may_be_in("chess")


@pytest.mark.parametrize(
    ("entry", "language", "read_in"),
    [
        ("Scheidung", "en", ("en", "de")),
        ("décès", "en", ("en", "fr")),
        ("Scheidung", "de", ("de", "en")),
        ("divorce", "de", ("de", "en")),
        ("marathon", "en", ("en",)),
        ("mort", "en", ("en",)),
    ],
)
def test_an_entry_in_another_language(entry: str, language: str, read_in: tuple[str, ...]) -> None:
    """It is read in the first that knows it, unless it is a word of the user's language."""
    own = ("en",) if language == "en" else (language, "en")
    assert understand(entry, own).languages == read_in


@pytest.mark.parametrize(
    ("entry", "matters"),
    [
        ("the death of her father", ("death",)),
        ("his father's long illness", ("illness",)),
        ("the new divorce rules of the county office", ()),
        ("separation and divorce", ("separation",)),
        ("Separation and Divorce ", ("separation",)),
        ("loss", ("death",)),
        ("her father", ()),
        ("the", ()),
        ("", ()),
        ("quotation", ()),
        ("Scheidung im Amt von Berlin", ()),
        ("divorce county office", ()),
        ("divorce county", ("separation",)),
        ("nervous breakdown in Turin Italy", ("illness",)),
        ("nervous breakdown Turin Italy Rome", ()),
        ("my ex Marcus Bell", ("separation",)),
        ("my ex Marcus Bell Smith", ()),
        ("Split", ("separation",)),
        ("marriage troubles", ("separation",)),
    ],
)
def test_when_an_entry_is_of_a_family(entry: str, matters: tuple[str, ...]) -> None:
    """By its name, by a word listed as an entry, or where half of its telling words are of it.

    A mention of small words alone ("my ex") counts as one word.
    """
    assert understand(entry, ("en",)).matters == matters


def test_words_that_mean_too_much_else() -> None:
    """`will` hides the matter of wills, and not every future."""
    found = understand("will", ("en",))
    assert found.words is None
    assert "inheritance" in found.matters
    assert found.hides("we will meet") is None
    assert found.hides("her will was read") is not None

"""File names of briefs."""

import unicodedata
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from briefgen.delivery.folder import file_name, file_stems, slug
from briefgen.meetings.meeting import Meeting

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


def meeting(title: str, *, uid: str = "a", start: datetime = TEN) -> Meeting:
    """A meeting of an hour."""
    return Meeting(feed="f", uid=uid, title=title, start=start, end=start + timedelta(hours=1))


def test_a_name_says_time_and_title() -> None:
    """A brief's file is named by the time and the words of the title."""
    assert file_stems([meeting("Q4 service review")]) == ("1000-q4-service-review",)
    assert file_name("1000-q4", "full") == "1000-q4.pdf"
    assert file_name("1000-q4", "table") == "1000-q4-table.pdf"


def test_letters_of_every_script_stay() -> None:
    """A title in Greek, Japanese or Hindi keeps its letters."""
    assert slug("Ελένη: επόμενα βήματα") == "ελένη-επόμενα-βήματα"
    assert slug("東京 会議") == "東京-会議"
    assert slug("हिन्दी") == "हिन्दी"


def test_a_title_without_letters_is_a_meeting() -> None:
    """Emoji, dots or nothing at all still give a name."""
    assert slug("🎉") == slug("") == slug("../..") == "meeting"


def test_equal_names_each_carry_their_hash() -> None:
    """Two meetings of one minute and title both get a hash, in whichever order they come."""
    one, two = meeting("Review"), meeting("review!", uid="b")
    there, back = file_stems([one, two]), file_stems([two, one])
    assert there == back[::-1]
    assert len(set(there)) == 2
    assert all(stem.startswith("1000-review-") for stem in there)


def test_the_same_name_on_another_day_is_no_collision() -> None:
    """Each day has its own folder."""
    later = meeting("Review", uid="b", start=TEN + timedelta(days=1))
    assert file_stems([meeting("Review"), later]) == ("1000-review", "1000-review")


@given(title=st.text(max_size=400))
def test_any_title_gives_a_safe_name(title: str) -> None:
    """No separator, control, leading dot, or more than 255 bytes, whatever a title holds."""
    name = file_name(file_stems([meeting(title)])[0], "table")
    assert len(name.encode()) <= 255
    assert len(slug(title)) <= 60
    assert not name.startswith(".")
    assert not any(sign in name for sign in "/\\:\0")
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)

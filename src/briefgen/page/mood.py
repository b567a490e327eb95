"""The mood line: the last signals as a small drawing above their own words."""

from datetime import date
from typing import Final
from unicodedata import east_asian_width

from briefgen.brief.brief import Mood, Tone
from briefgen.page.text import breadth
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

WIDTH: Final = 52
"""Of the drawing, in units of its own."""
_EDGE: Final = 1.8
_HIGH: Final = 6.2
_FLAT: Final = 3.6
_LEVELS: Final[dict[Tone, float]] = {"high": 1.8, "neutral": 3.1, "mixed": 3.1, "low": 4.4}
_SHORTEST: Final = 14
"""How broad a column is at least, for a date, in halves of a letter."""
_ROUND: Final = 4
"""What a column is broader than its words."""
_ROOM: Final[dict[Size, int]] = {"A4": 62, "Letter": 62, "A5": 44}
"""What all columns together hold, so that no word is broken."""


class Dot(Value, frozen=True, kw_only=True):
    """One interaction; dark is low and half is mixed, so that it shows without colour too.

    Attributes:
        words, date: what stands beneath it.
        share: of the width, in per cent, from it to the next.
        last: whether it is the newest, which is drawn larger.
    """

    x: float
    y: float
    tone: Tone
    words: str
    date: str
    share: float
    last: bool


class MoodLine(Value, frozen=True, kw_only=True):
    """A drawing `width` by `height` units, and what it shows in words.

    Attributes:
        narrow: whether a word is too long for its column and has to be hyphenated.
    """

    width: int
    height: float
    dots: tuple[Dot, ...]
    path: str
    words: str
    narrow: bool

    @property
    def flat(self) -> bool:
        """Whether nothing has changed."""
        return self.height == _FLAT


def mood_line(
    moods: tuple[object, ...], *, day: date, language: Language, size: Size
) -> MoodLine | None:
    """The last signals, oldest first; nothing where there are fewer than two.

    Where their words are too long for the column, the last ones take a line each, then the oldest
    mood goes, then the second word of the last.
    """
    given = [mood for mood in moods if isinstance(mood, Mood)]
    comma = language.text("{one}, {other}", one="", other="")
    signals = [list(mood.signals[: 2 if mood is given[-1] else 1]) for mood in given]
    broad = [max(_breadth(comma.join(each)), _SHORTEST) + _ROUND for each in signals]
    if sum(broad) > _ROOM[size]:
        broad[-1] = max(_SHORTEST, *(_breadth(f"{each},") for each in signals[-1])) + _ROUND
    if sum(broad) > _ROOM[size] and len(given) > 2:  # noqa: PLR2004  # two are a line
        return mood_line(tuple(given[1:]), day=day, language=language, size=size)
    if sum(broad) > _ROOM[size] and len(signals[-1]) > 1:
        shorter = given[-1].replace(signals=given[-1].signals[:1])
        return mood_line((*given[:-1], shorter), day=day, language=language, size=size)
    if len(given) < 2:  # noqa: PLR2004  # one point is no line
        return None
    flat = len({_LEVELS[mood.tone] for mood in given}) == 1
    places = [round(100 * each / sum(broad), 1) for each in broad]
    dots = []
    for at, mood in enumerate(given):
        place = _EDGE + WIDTH * sum(places[:at]) / 100
        x = WIDTH - place if language.right_to_left else place
        dots.append(
            Dot(
                x=round(x, 1),
                y=_FLAT / 2 if flat else _LEVELS[mood.tone],
                tone=mood.tone,
                words=comma.join(signals[at]),
                share=places[at],
                date=language.short_date(mood.date, beside=day),
                last=at == len(given) - 1,
            )
        )
    return MoodLine(
        width=WIDTH,
        height=_FLAT if flat else _HIGH,
        dots=tuple(dots),
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        words=comma.join(f"{dot.date} {dot.words}" for dot in dots),
        narrow=sum(broad) > _ROOM[size],
    )


def _breadth(words: str) -> int:
    """About how wide words are set, in halves of a letter; an East Asian sign counts twice."""
    return breadth(words) + 2 * sum(east_asian_width(sign) == "W" for sign in words)

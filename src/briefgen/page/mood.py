"""The mood line: the last signals as a small drawing above their own words."""

from datetime import date
from typing import Final

from briefgen.brief.brief import Mood, Tone
from briefgen.page.text import breadth
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

WIDTH: Final = 52
"""Of the drawing, in units of its own."""
_EDGE: Final = 1.8
_HIGH: Final = 6.2
_FLAT: Final = 3.6
_LEVELS: Final[dict[Tone, float]] = {"high": 1.8, "neutral": 3.1, "mixed": 3.1, "low": 4.4}
_SHORTEST: Final = 14
"""How broad a column is at least, for a date; and all of them together at most, before the last
one's words take a line each."""
_MOST: Final = 56


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
    """A drawing `width` by `height` units, and what it shows in words."""

    width: int
    height: float
    dots: tuple[Dot, ...]
    path: str
    words: str

    @property
    def flat(self) -> bool:
        """Whether nothing has changed."""
        return self.height == _FLAT


def mood_line(moods: tuple[object, ...], *, day: date, language: Language) -> MoodLine | None:
    """The last signals, oldest first; nothing where there are fewer than two."""
    given = [mood for mood in moods if isinstance(mood, Mood)]
    if len(given) < 2:  # noqa: PLR2004  # one point is no line
        return None
    comma = language.text("{one}, {other}", one="", other="")
    flat = len({_LEVELS[mood.tone] for mood in given}) == 1
    words = [comma.join(one.signals[: 2 if one is given[-1] else 1]) for one in given]
    broad = [max(breadth(each), _SHORTEST) for each in words]
    if sum(broad) > _MOST:
        broad[-1] = max(breadth(f"{each},") for each in given[-1].signals[:2])
    places = [round(100 * (each + 3) / sum(one + 3 for one in broad), 1) for each in broad]
    dots = []
    for at, mood in enumerate(given):
        last = at == len(given) - 1
        place = _EDGE + WIDTH * sum(places[:at]) / 100
        x = WIDTH - place if language.right_to_left else place
        dots.append(
            Dot(
                x=round(x, 1),
                y=_FLAT / 2 if flat else _LEVELS[mood.tone],
                tone=mood.tone,
                words=words[at],
                share=places[at],
                date=language.short_date(mood.date, beside=day),
                last=last,
            )
        )
    return MoodLine(
        width=WIDTH,
        height=_FLAT if flat else _HIGH,
        dots=tuple(dots),
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        words=comma.join(f"{dot.date} {dot.words}" for dot in dots),
    )

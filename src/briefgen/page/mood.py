"""The mood line: the last signals as a small drawing, and the same in words."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from briefgen.brief.brief import Mood, Tone
from briefgen.workspace.language import Language

_MOST: Final = 5
_WIDTH: Final = 112  # in units of the drawing, half a millimetre each
_EDGE: Final = 4
_HEIGHTS: Final[dict[Tone, float]] = {"high": 3, "neutral": 7, "mixed": 8.5, "low": 11}
_FILLS: Final[dict[Tone, str]] = {
    "high": "#fff", "neutral": "#fff", "mixed": "#999", "low": "#111",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One interaction on the line; dark is low, so that it shows without colour too."""

    x: float
    y: float
    fill: str


@dataclass(frozen=True, kw_only=True)
class MoodLine:
    """A drawing `width` by 14 units; `parts` say the same in words, one for each dot."""

    width: int
    dots: tuple[Dot, ...]
    path: str
    parts: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it as one text."""
        return " · ".join(self.parts)


def mood_line(moods: tuple[Mood, ...], *, day: date, language: Language) -> MoodLine | None:
    """The last signals, oldest first; nothing where there are fewer than two."""
    moods = moods[-_MOST:]
    if len(moods) < 2:  # noqa: PLR2004  # one point is no line
        return None
    step = (_WIDTH - 2 * _EDGE) / (len(moods) - 1)
    dots = tuple(
        Dot(x=round(_EDGE + at * step, 1), y=_HEIGHTS[mood.tone], fill=_FILLS[mood.tone])
        for at, mood in enumerate(moods)
    )
    parts = tuple(
        f"{language.short_date(mood.date, beside=day)} {', '.join(mood.signals[:2])}"
        for mood in moods
    )
    return MoodLine(
        width=_WIDTH, dots=dots, path=" ".join(f"{dot.x},{dot.y}" for dot in dots), parts=parts
    )

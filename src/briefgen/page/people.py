"""The people of a page: who has a face, who a line, and what each is called for short."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from briefgen.brief.brief import Brief, Face
from briefgen.page.blocks import tidy
from briefgen.page.text import length
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

Arrangement = Literal["column", "band", "crowd"]
"""One beneath the other; from five people on a band of three columns; from ten on by name."""

_BAND_FROM: Final = 5
_CROWD_FROM: Final = 10
_MOST_IN_BAND: Final = 6
_MOST_ABOVE_CROWD: Final = 3
_MOST_NAMED: Final = 60
_LONGEST_NAME: Final = 44
_LONGEST_NAME_IN_CROWD: Final = 30
_LONGEST_ROLE: Final = 90
_HONORIFIC: Final = re.compile(
    r"(?:(?:prof|dr|mr|mrs|ms|mx|sir|dame|hr|fr|frau|herr|ing|dipl|mag|med|phil|jur|rer|nat|med|"
    r"sr|sra|dott|dottssa|mme|m|mlle|ir|drs)\.?|d\.?r\.?-ing\.?)",
    re.IGNORECASE,
)


class People(Value, frozen=True, kw_only=True):
    """Everybody on the page.

    Attributes:
        arrangement: how they stand.
        faces: who has a block of their own, in order.
        others: who has none, and is named in one line.
        shorts: the short name of everybody, by key.
        uncounted: how many there are besides.
    """

    arrangement: Arrangement
    faces: tuple[Face, ...]
    others: tuple[Face, ...]
    everybody: tuple[Face, ...]
    shorts: dict[str, str]
    uncounted: int

    @property
    def names(self) -> list[str]:
        """The short names of all, each once."""
        return list(dict.fromkeys(self.shorts.values()))

    @property
    def alone(self) -> bool:
        """Whether one person is met."""
        return len(self.everybody) + self.uncounted <= 1


def people_of(brief: Brief, size: Size) -> People:
    """Who stands where."""
    everybody = tuple(map(_within_lengths, brief.faces[:_MOST_NAMED]))
    beyond = len(brief.faces) - len(everybody) + brief.uncounted
    count = len(everybody) + beyond
    table = brief.edition == "table"
    if table:
        arrangement: Arrangement = "crowd" if count > 2 * _MOST_IN_BAND else "band"
        faces = everybody if arrangement == "band" else ()
    elif count >= _CROWD_FROM:
        arrangement = "crowd"
        above = _MOST_ABOVE_CROWD if size != "A5" else 0
        faces = tuple(face for face in everybody if face.contact)[:above]
    elif count >= _BAND_FROM:
        arrangement = "band"
        known = tuple(face for face in everybody if face.contact)[:_MOST_IN_BAND]
        faces = known or everybody[: _MOST_IN_BAND // 2]
    else:
        arrangement = "column"
        faces = tuple(face for face in everybody if face.contact or size != "A5")
        faces = faces or everybody[:1]
    others = tuple(face for face in everybody if face not in faces)
    return People(
        arrangement=arrangement,
        faces=faces,
        others=() if arrangement == "crowd" else others,
        everybody=everybody,
        shorts=_shorts(brief, everybody),
        uncounted=beyond,
    )


def _within_lengths(face: Face) -> Face:
    return face.replace(
        name=shortened(face.name, _LONGEST_NAME),
        role=tidy(face.role, _LONGEST_ROLE),
        remark=tidy(face.remark, _LONGEST_ROLE),
        initials=tidy(face.initials, 2).removesuffix("…"),
    )


def in_crowd(face: Face) -> str:
    """The name of somebody among many, in one piece."""
    return shortened(face.name, _LONGEST_NAME_IN_CROWD)


def shortened(name: str, most: int) -> str:
    """A name in at most `most` characters, shortened from the front, so that the surname stays."""
    words = " ".join(name.split()).split(" ")
    for at in range(len(words) - 1):
        if length(" ".join(words)) <= most:
            break
        if len(words[at]) > 2:  # noqa: PLR2004  # an initial is not shorter
            words[at] = f"{words[at][0]}."
    return tidy(" ".join(words), most)


def _shorts(brief: Brief, everybody: Sequence[Face]) -> dict[str, str]:
    """What each is called for short: as the brief's own lines call them, else the first name."""
    labels = dict(_labels(brief))
    firsts = {face.key: _first_name(face.name) for face in everybody}
    taken = list(firsts.values())
    return {
        face.key: tidy(
            labels.get(face.key)
            or (firsts[face.key] if taken.count(firsts[face.key]) == 1 else face.name),
            24,
        )
        for face in everybody
    }


def _labels(brief: Brief) -> Iterable[tuple[str, str]]:
    """The names with which lines begin, by the person they are about."""
    names = {face.key: face.name for face in brief.faces}
    lines = [*brief.lines, *(line for prompt in brief.prompts for line in prompt.lines)]
    for line in lines:
        if line.who in names and line.label and line.section in {"say", "repair", "prompt"}:
            yield line.who, line.label.rstrip(":")


def _first_name(name: str) -> str:
    words = name.split()
    while len(words) > 1 and _HONORIFIC.fullmatch(words[0]):
        del words[0]
    return words[0].partition("@")[0] if words else name

"""The people of a page: who has a face, who has only a line, and everyone's short name."""

from typing import Final, Literal

from briefgen.brief.brief import Brief, Face
from briefgen.brief.names import given_name
from briefgen.page.text import length, tidy
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

Arrangement = Literal["column", "band", "crowd"]
"""One below another; from five people, in a band of three columns; from ten, by name."""

_BAND_FROM: Final = 5
_CROWD_FROM: Final = 10
_MOST_IN_BAND: Final = 6
_MOST_ABOVE_CROWD: Final = 3
_MOST_NAMED: Final = 60
_LONGEST_NAME: Final = 44
_LONGEST_NAME_IN_CROWD: Final = 30
_LONGEST_ROLE: Final = 90


class People(Value, frozen=True, kw_only=True):
    """Everyone on the page.

    Attributes:
        arrangement: how they are placed.
        faces: the people with a block, in order.
        others: the people named in one line.
        names: everyone's short name.
        labels: everyone's short name as a label has it, by key.
        uncounted: how many more there are.
    """

    arrangement: Arrangement
    faces: tuple[Face, ...]
    others: tuple[Face, ...]
    everybody: tuple[Face, ...]
    names: tuple[str, ...]
    labels: dict[str, str]
    uncounted: int

    @property
    def alone(self) -> bool:
        """Whether one person is met."""
        return len(self.everybody) + self.uncounted <= 1


def people_of(brief: Brief, size: Size, language: Language) -> People:
    """Decides who is shown where."""
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
    shorts = {one.key: tidy(one.short or given_name(one.name), 24) for one in everybody}
    return People(
        arrangement=arrangement,
        faces=faces,
        others=() if arrangement == "crowd" else others,
        everybody=everybody,
        names=tuple(dict.fromkeys(shorts.values())),
        labels={key: language.person(short) for key, short in shorts.items()},
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
    """The name of someone among many, in one piece."""
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

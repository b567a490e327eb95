"""The sieve: which lines of the rules get into a brief, and why the others do not."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final

from briefgen.brief.brief import Face, LeftOut, Line, Section
from briefgen.brief.line_use import Usage
from briefgen.brief.occasion import Occasion
from briefgen.brief.sections import SECTIONS
from briefgen.brief.words import fold

_MOST: Final[dict[Section, int]] = {
    row.key: row.most for row in SECTIONS if row.column != "foot" and row.key != "person"
}
"""About two pages."""
_section = attrgetter("section")
_SAID_APART: Final[dict[Section, Callable[[Line], str | None]]] = {
    "agenda": lambda _: "agenda",
    "bring": lambda _: "promise",  # kept even where the agenda names the same thing
    "promises": lambda _: "promise",
    "history": lambda line: line.label,
    "prompt": lambda line: line.who,
    "repair": lambda line: line.who,
}
"""Within what a line must not say the same as another; the others within all that is said."""
_BY_RANK: Final = frozenset({"say", "repair"})


class Sieve:
    """Takes out what must not be said, said twice, or is too much; remembers what and why."""

    def __init__(self, occasion: Occasion, usage: Mapping[str, Usage], *, why: bool) -> None:
        self.occasion = occasion
        self.usage = usage
        self.why = why
        self.tact = occasion.tact
        self.left_out: list[LeftOut] = []
        self._said: set[tuple[str | None, str]] = set()

    def kept(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines that may be said."""
        may = []
        refusals = self.tact.refusals(lines)
        for at, line in enumerate(lines):
            if (refused := refusals.get(at) or self._refusal(line)) is None:
                may.append(line)
            else:
                self.left_out.append(refused)
        return tuple(may)

    def kept_again(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines that may be said, be they said elsewhere or not."""
        refusals, refusal = self.tact.refusals(lines), self.occasion.knowledge.refusal
        return tuple(
            line for at, line in enumerate(lines) if at not in refusals and refusal(line) is None
        )

    def faces(self, faces: Sequence[Face]) -> tuple[Face, ...]:
        """The faces with those of their facts that may be said."""
        kept = set(map(id, self.kept([line for face in faces for line in face.lines])))
        return tuple(
            face
            if all(id(line) in kept for line in face.lines)
            else face.replace(lines=tuple(line for line in face.lines if id(line) in kept))
            for face in self.tact.tactful(faces)
        )

    def _refusal(self, line: Line) -> LeftOut | None:
        """Why a line that mentions nothing avoided is left out all the same."""
        if (refused := self.occasion.knowledge.refusal(line)) is not None:
            return refused
        if self._is_said_already(line):
            return LeftOut(line=line, reason="duplicate", by="said already")
        return None

    def _is_said_already(self, line: Line) -> bool:
        """Whether a line said the same before, be it in another section or another file."""
        if line.section == "person":
            return False
        apart = _SAID_APART.get(line.section)
        key = (apart and apart(line), fold(line.text).rstrip("."))
        if key in self._said:
            return True
        self._said.add(key)
        return False

    def _worth(self, line: Line) -> tuple[int, float]:
        """Where a line belongs among those of its section: by rank, then by use."""
        if line.section not in _BY_RANK:
            return 0, 0.0
        used = self.usage.get(line.rule, Usage()).share if line.section == "say" else 0.0
        return -line.rank, -used

    def _with_use(self, line: Line) -> Line:
        """The line with how often its kind was used, where somebody asked why."""
        if not self.why or line.section != "say" or line.rule not in self.usage:
            return line
        return line.replace(use=str(self.usage[line.rule]))

    def capped(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Advice by its rank, the rest in its order; of too many the lowest ranks are left out."""
        ranked = [self._with_use(line) for line in sorted(lines, key=self._worth)]
        counts = Counter(map(_section, ranked))
        too_many = [section for section, most in _MOST.items() if counts[section] > most]
        allowed: dict[int, bool] = {}
        for section in too_many:
            mine = [(at, line) for at, line in enumerate(ranked) if line.section == section]
            mine.sort(key=lambda one: (not one[1].must_stay, -one[1].rank, one[0]))
            for place, (at, _) in enumerate(mine):
                allowed[at] = place < _MOST[section]
        kept = []
        for at, line in enumerate(ranked):
            if allowed.get(at, True):
                kept.append(line)
            else:
                self.left_out.append(LeftOut(line=line, reason="rank", by=f"rank {line.rank}"))
        return tuple(kept)

"""What was used before breaks ties between talking points, and nothing else."""

import pytest
from small_workspaces import Place

from briefgen.brief.sheet_memory import LineUse, add_line_uses
from briefgen.workspace.folder import Workspace

DANA = """\
name: Dana Smith
emails: [dana.smith@acme.example]
interactions: [{date: 2026-11-02, channel: call, summary: a talk}]
talking_points:
  - {text: ask about Lisbon, from: 2026-11-01}
  - ask about Porto
  - ask about Faro
"""


def _order(place: Place, *options: str) -> str:
    return place.call("show", "review@calendar.example", *options).output


def _use(place: Place, day: str, *, used: bool) -> None:
    one = LineUse(day=day, meeting="m", rule="written", line=day, used=used)
    add_line_uses(Workspace(root=place.root), [one])


def test_use_is_told_where_somebody_asks_why(place: Place) -> None:
    """`--why` says how often lines of the rule were used, of meetings a week ago or more."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    before = _order(place)
    _use(place, "2026-11-16", used=True)
    _use(place, "2026-11-15", used=False)
    _use(place, "2026-11-17", used=True)  # six days before: no page changes as it comes in
    assert "used 1 of 2" in _order(place, "--why")
    assert _order(place) == before, "where one rule made the lines their order stays"


@pytest.mark.parametrize(
    ("used", "first"), [("life-event", "life-event"), ("interest", "interest")]
)
def test_use_breaks_ties_alone(used: str, first: str) -> None:
    """Of two lines with one rank the one whose kind was used more comes first."""
    from briefgen.brief.brief import Line, Source
    from briefgen.brief.compose import Sieve
    from briefgen.brief.sheet_memory import Usage

    sieve = Sieve.__new__(Sieve)
    sieve.usage = {used: Usage(printed=4, used=4)}
    sieve.why = False
    sieve.left_out = []
    here = Source(file="x")
    lines = [
        Line(section="say", text="a", rule="life-event", source=here, rank=70),
        Line(section="say", text="b", rule="interest", source=here, rank=70),
        Line(section="say", text="c", rule="written", source=here, rank=71),
    ]
    assert [line.rule for line in sieve.capped(lines)][:2] == ["written", used]

"""The table of states: the docs print it, and no page can be composed against it."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefgen.brief.states import CARE, STATES, silencing_state, table

from .conftest import Desk, every_line

DOCS = Path(__file__).parents[2] / "docs" / "brief.md"
PARTS = {
    "life_events": [
        "{date: 2026-10-02, note: husband Peter died}",
        "{date: 2026-10-02, note: husband Peter died, visibility: never}",
        "{date: 2026-11-05, note: she was made redundant}",
        "{date: 2026-10-20, note: promoted to COO}",
        "{date: 2016-11-25, note: son Leo was born}",
        "{date: 2022-11-01, note: Leo started school, expect: {after: 4y, note: Leo swims}}",
    ],
    "talking_points": ["offer the premium package", "a joke about goats", "ask about tea"],
    "promises": [
        "{by: them, text: send it, due: 2026-11-16}",
        "{by: me, text: the draft, due: 2026-11-20}",
    ],
    "concerns": ["{date: 2026-10-01, text: support is slow}"],
    "parked": ["who pays"],
    "interests": ["chess"],
    "to_share": ["an article"],
    "apologies": ["{date: 2026-11-02, for: the outage, taken: refused, proof: an engineer}"],
    "interactions": [
        "{date: 2026-11-02, channel: call, signals: [worried], needs: a price, needs_met: no}",
        "{date: 2026-11-02, channel: call, signals: [happy], needs: a plan, needs_met: yes}",
        "{date: 2026-11-02, channel: call, signals: [angry], unsaid: the budget}",
    ],
}
STATUS = ["new", "steady", "warm", "strained", "lapsed"]
FILES = st.tuples(
    st.sampled_from(STATUS),
    st.booleans(),
    st.fixed_dictionaries(
        {field: st.lists(st.sampled_from(items), unique=True) for field, items in PARTS.items()}
    ),
)


def text_of(name: str, file: tuple[str, bool, dict[str, list[str]]]) -> str:
    """A contact file."""
    status, owed, parts = file
    rows = [f"{field}: [{', '.join(items)}]" for field, items in parts.items() if items]
    relation = f"relationship: {{status: {status}, apology_owed: {'yes' if owed else 'no'}}}"
    head = [f"name: {name} Example", f"emails: [{name.lower()}@acme.example]", "birthday: 11-27"]
    return "\n".join([*head, relation, *rows])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(FILES, FILES)
def test_no_line_stands_beside_a_state_that_forbids_it(
    one: tuple[str, bool, dict[str, list[str]]], other: tuple[str, bool, dict[str, list[str]]]
) -> None:
    """Of two people with anything on file; and who is hurt hears of no offer and no joke."""
    desk = Desk().with_contacts(text_of("Dana", one), text_of("Lee", other))
    brief = desk.compose(why=True)
    hurt = {
        key
        for key, file in (("dana-example", one), ("lee-example", other))
        if file[0] == "strained" or file[1] or file[2]["apologies"]
    }
    mourning = {
        key
        for key, file in (("dana-example", one), ("lee-example", other))
        if any("died" in event for event in file[2]["life_events"])
    }
    for line in every_line(brief):
        if hurt or mourning:
            assert "premium" not in line.text
        if line.who in mourning:
            assert line.rule not in {"birthday", "date", "good-news", "promise-of-theirs"}
            assert "joke" not in line.text
        if line.who in hurt:
            assert line.rule != "parked"
    states = {by for left in brief.left_out if left.reason == "state" for by in [left.by]}
    assert all(state.rpartition(": ")[2] in STATES for state in states)


def test_every_rule_of_the_table_is_silent_only_beside_known_states() -> None:
    """The strictest state is shown as the reason."""
    assert frozenset(table().states) == frozenset(STATES)
    assert silencing_state(("birthday",), frozenset({"blow", "grief"})) == "grief"
    assert silencing_state(("birthday",), frozenset({"steady"})) is None
    assert silencing_state(("unheard-of",), frozenset(STATES)) is None
    assert STATES[: len(CARE)] == tuple(state for state in STATES if state in CARE)


def test_the_documentation_prints_the_table() -> None:
    """Word for word."""
    text = DOCS.read_text(encoding="utf-8")
    printed = text.partition("<!-- states -->\n")[2].partition("\n<!-- /states -->")[0]
    assert printed == as_markdown()


def as_markdown() -> str:
    """The table for the documentation."""
    read = table()
    head = "| line | " + " | ".join(STATES) + " |"
    rows = [
        f"| {name} | " + " | ".join("–" if s in kind.silent else "✓" for s in STATES) + " |"
        for name, kind in read.lines.items()
    ]
    states = [f"- **{name}**: {meaning}" for name, meaning in read.states.items()]
    rule = "| --- " * (len(STATES) + 1) + "|"
    return "\n".join([*states, "", head, rule, *rows])

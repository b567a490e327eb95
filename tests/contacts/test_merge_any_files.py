"""Any two files merged: every value of both is there afterwards, and the result reads well."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.edits import contact_text, merge
from briefgen.contacts.splice import splice
from briefgen.workspace.document import Plain

WORDS = st.sampled_from(
    ["trains", "Send the plan", "send the plan", "sailing: often", "no", "Acme #1"]
)
DAYS = st.sampled_from(["2026-11-02", "2026-10-02", "2025-01-01"])
PROMISE = st.one_of(
    WORDS,
    st.fixed_dictionaries(
        {"text": WORDS}, optional={"due": DAYS, "by": st.sampled_from(["me", "them"])}
    ),
)
EVENT = st.one_of(WORDS, st.fixed_dictionaries({"note": WORDS}, optional={"date": DAYS}))
TALK = st.fixed_dictionaries({"date": DAYS}, optional={"summary": WORDS, "needs": WORDS})
FIELDS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Dana Smith", "Dana Smith-Ortiz"])},
    optional={
        "title": WORDS,
        "organization": WORDS,
        "birthday": st.sampled_from(["03-26", "1980-03-26"]),
        "interests": st.lists(WORDS, min_size=1, max_size=3),
        "promises": st.lists(PROMISE, min_size=1, max_size=3),
        "life_events": st.lists(EVENT, min_size=1, max_size=3),
        "interactions": st.lists(TALK, min_size=1, max_size=3),
        "relationship": st.fixed_dictionaries({}, optional={"reason": WORDS, "since": DAYS}),
        "custom": st.dictionaries(st.sampled_from(["Assistant", "Room"]), WORDS, max_size=2),
        "notes": WORDS,
    },
)


def _file(fields: dict[str, Any], stem: str) -> tuple[ContactFile, bytes]:
    content = contact_text(fields, hints=False).encode()
    found, problems = parse_contact(content, f"data/contacts/{stem}.yaml")
    assert found is not None, content
    assert not problems, problems
    return found, content


def _leaves(value: Plain) -> set[str]:
    if isinstance(value, dict):
        return {leaf for inner in value.values() for leaf in _leaves(inner)}
    if isinstance(value, list):
        return {leaf for inner in value for leaf in _leaves(inner)}
    return {value.casefold()} if isinstance(value, str) else set()


@settings(max_examples=150, deadline=None)
@given(FIELDS, FIELDS)
def test_nothing_is_lost(one: dict[str, Any], two: dict[str, Any]) -> None:
    """Each text and date of either file is in the merged one, in a field or in the notes."""
    kept, content = _file(one, "one")
    other, _ = _file(two, "two")
    after = splice(content, merge(kept, other).additions, file=kept.file)
    assert isinstance(after, bytes), after
    merged, problems = parse_contact(after, kept.file)
    assert merged is not None
    assert not problems
    told = _leaves(merged.kept.document.data)
    notes = (merged.contact.notes or "").casefold()
    for leaf in _leaves(kept.kept.document.data) | _leaves(other.kept.document.data):
        assert leaf in told or leaf in notes, (leaf, after.decode())
    again = merge(merged, other)
    assert not [a for a in again.additions if a.keys[0] != "notes"], (
        "and a second time adds nothing"
    )

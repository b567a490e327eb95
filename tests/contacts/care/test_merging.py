"""An import into a file that someone wrote: all of it stays, and only what is missing comes."""

from hypothesis import given, settings
from hypothesis import strategies as st
from whole_book import WholeBook

from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.person import Incoming
from briefgen.contacts.exchange.plan import Step, plan_import
from briefgen.contacts.splice import splice

ADDRESS = "dana.smith@acme.example"
NAMES = {
    "name": ["name: Dana Smith", "name:   'Dana Smith'  # as she signs", '"name": "Dana Smith"'],
    "emails": [
        f"emails: [{ADDRESS}]",
        f"emails:\n- {ADDRESS}  # work",
        f"emails:\n    -   {ADDRESS}\n    - d@home.example",
        f"emails: [ {ADDRESS} , ]  # one",
    ],
    "title": ["", "title: VP", "title:", "# title: none yet", "title: |\n  VP\n  Ops"],
    "organization": ["", "organization: 'Acme, Inc.'", "organization:   # who knows"],
    "telephones": ["", "telephones: []", "telephones:\n  - '+1 555 0100'", "telephones:"],
    "life_events": ["", "life_events:\n- {date: 2010-06-01, note: anniversary}"],
    "notes": ["", "notes: >-\n  long\n  story\n", "\n\n# the end"],
}
files = st.tuples(
    st.permutations(list(NAMES)),
    st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in NAMES.items()}),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
).map(
    lambda made: (
        made[2].join([*"\n".join(made[1][name] for name in made[0] if made[1][name]).split("\n")])
        + (made[2] if made[3] else "")
    )
)
people = st.builds(
    Incoming,
    line=st.just(1),
    name=st.sampled_from(["Dana Smith", "D. Smith", "Smith, Dana"]),
    emails=st.lists(
        st.sampled_from(["d@home.example", "new@acme.example", "z@z.example"]), max_size=3
    ).map(lambda more: (ADDRESS, *dict.fromkeys(more))),
    title=st.none() | st.sampled_from(["COO", "VP: all of it", "- x", "no"]),
    organization=st.none() | st.sampled_from(["Acme", "#1 Inc", "yes"]),
    telephones=st.lists(st.sampled_from(["+1 (555) 0100", "030 1234567"]), max_size=2).map(tuple),
    birthday=st.none() | st.just(PartialDate(month=3, day=26)),
    life_events=st.just(()) | st.just(((PartialDate(year=2010, month=6, day=1), "anniversary"),)),
    notes=st.none() | st.just("several\nlines: of # text"),
)


def planned(text: bytes, incoming: Incoming) -> tuple[ContactFile, Step]:
    """The contact of a file, and what an import would do to it."""
    contact, problems = parse_contact(text, "data/contacts/dana.yaml")
    assert contact is not None, problems
    (step,) = plan_import([incoming], WholeBook(contacts=(contact,))).steps
    return contact, step


@settings(max_examples=80, deadline=None)
@given(text=files, incoming=people)
def test_every_line_stays_and_a_second_import_finds_nothing_to_add(
    text: str, incoming: Incoming
) -> None:
    """Whatever the style of the file."""
    content = text.encode()
    before, step = planned(content, incoming)
    if step.action == "unchanged":
        return
    assert step.action == "merge"
    after = splice(content, step.additions, file="data/contacts/dana.yaml")
    assert isinstance(after, bytes), after
    rest = iter(after.decode())
    assert all(sign in rest for sign in text), "what was written is still there, in order"
    contact, again = planned(after, incoming)
    assert again.action == "unchanged"
    there = before.contact.model_dump()
    for name in before.contact.model_dump(exclude_defaults=True):
        value, now = there[name], contact.contact.model_dump()[name]
        assert now[: len(value)] == value if isinstance(value, tuple) else now == value

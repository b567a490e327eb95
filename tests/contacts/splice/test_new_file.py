"""A new file and an addition to one are written by one hand."""

from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.contacts.book import parse_contact, parse_organization
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.edits import contact_text, organization_text
from briefgen.contacts.splice import Put, splice
from briefgen.contacts.yaml_text import Word, Writable

ODD = ["No", "yes", "0301", "12:30", "2026-11-02", "1e3", "null", "~", "0x1f", "1_000",
       "a: b",
       "# no", "- x", "*b", "it's", '"q"', "1.5", "+49 30 1", "=1+1", "é", "山本",
       "on", "y"]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_any_text_is_that_text_to_every_reader_of_yaml(text: str) -> None:
    """Ours, and one that takes `No` for a truth value and 0301 for a number."""
    content = contact_text({"name": text, "title": text, "telephones": [text], "notes": text})
    data = yaml.safe_load(content)
    assert (data["name"], data["title"], data["telephones"]) == (text, text, [text])
    contact, problems = parse_contact(content.encode(), "data/contacts/a.yaml")
    assert not problems
    assert contact is not None
    assert (contact.contact.name, contact.contact.notes) == (text, text)


FIELDS: dict[str, Writable] = {
    "title": "No",
    "emails": ["a@acme.example", "b@acme.example"],
    "telephones": ["0301", "+49 30 1"],
    "birthday": PartialDate(month=3, day=26),
    "address": "12: Harbor St",
    "tags": ["key account", "yes"],
    "links": [{"label": "LinkedIn", "url": "https://social.example/dana"}],
    "life_events": [{"date": date(2010, 6, 1), "note": "anniversary"}],
    "interactions": [{"date": date(2026, 11, 2), "channel": Word("call"), "summary": "one\ntwo"}],
    "custom": {"Contract": "2027-03"},
    "notes": "several\nlines",
}


@pytest.mark.parametrize("name", list(FIELDS))
def test_a_field_of_a_new_file_reads_as_one_that_is_added(name: str) -> None:
    """To the letter."""
    value = FIELDS[name]
    new = contact_text({"name": "Dana", name: value}, hints=False)
    bare = contact_text({"name": "Dana"}, hints=False).encode()
    added = splice(bare, [Put(keys=(name,), value=value)], file="data/contacts/dana.yaml")
    assert isinstance(added, bytes)

    def lines(text: str) -> set[str]:
        return set(text.splitlines()) - set(bare.decode().splitlines())

    assert lines(new) == lines(added.decode())


def test_a_date_is_plain_and_a_text_that_looks_like_one_is_quoted() -> None:
    """So that an editor and other readers see which is which."""
    text = contact_text({"name": "2026-11-02", "birthday": PartialDate(year=1980, month=3, day=26)})
    assert 'name: "2026-11-02"' in text
    assert "birthday: 1980-03-26" in text


def test_a_new_organization_is_read_back() -> None:
    """Its domains in brackets, its notes as a block."""
    text = organization_text({"name": "No", "domains": ["no.example"], "notes": "one\ntwo"})
    assert "domains: [no.example]" in text
    made, problems = parse_organization(text.encode(), "data/organizations/no.yaml")
    assert not problems
    assert made is not None
    assert (made.organization.name, made.organization.notes) == ("No", "one\ntwo")


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(name=texts, values=st.lists(texts, max_size=3), label=texts)
def test_whatever_is_written_into_a_new_file_is_read_back(
    name: str, values: list[str], label: str
) -> None:
    """Names, lists, fields of your own."""
    fields: dict[str, Writable] = {"name": name, "aliases": values, "custom": {label: name}}
    contact, problems = parse_contact(contact_text(fields).encode(), "data/contacts/a.yaml")
    assert not problems
    assert contact is not None
    assert contact.contact.name == name.strip()
    assert contact.contact.aliases == tuple(value.strip() for value in values)
    assert dict(contact.contact.custom) == {label.strip(): name.strip()}

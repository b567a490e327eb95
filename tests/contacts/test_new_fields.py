"""The optional fields of a contact: what is taken, and how the rest is reported."""

import pytest

from briefgen.contacts.contact import Contact
from briefgen.workspace.document import parse_document
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import validate


def read(text: str) -> tuple[Contact | None, tuple[Problem, ...]]:
    """A contact file and its problems."""
    document, problems = parse_document(f"name: Dana Smith\n{text}\n".encode(), "dana.yaml")
    assert document is not None
    contact, _, faults = validate(Contact, document)
    return contact, (*problems, *faults)


def test_a_file_of_before_is_read_as_before() -> None:
    """None of the new fields is needed."""
    contact, problems = read("life_events: [{date: 2022-09, note: moved}]\npromises: [call]")
    assert contact is not None
    assert not problems
    assert contact.life_events[0].kind is None
    assert contact.promises[0].is_open
    assert (contact.country, contact.next_step, contact.custom) == (None, None, {})


def test_plain_texts_stand_for_links_and_next_steps() -> None:
    """Where an item needs nothing but its text."""
    contact, problems = read("links: ['https://social.example/dana']\nnext_step: sign phase two")
    assert contact is not None
    assert not problems
    assert contact.links[0].url == "https://social.example/dana"
    assert contact.next_step is not None
    assert contact.next_step.text == "sign phase two"


def test_custom_fields_are_text_as_typed() -> None:
    """A number, a date and `no` stay what was typed; an empty one is not there."""
    contact, problems = read("custom: {Contract: 2027-03, Floor: 02, Coffee: no, Later: }")
    assert contact is not None
    assert not problems
    assert contact.custom == {"Contract": "2027-03", "Floor": "02", "Coffee": "no"}


def test_codes_are_written_in_one_way() -> None:
    """`de-by` is DE-BY."""
    contact, problems = read("country: de-by\nlanguage: pt_BR")
    assert contact is not None
    assert not problems
    assert (contact.country, contact.language) == ("DE-BY", "pt-BR")


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("life_events: [{note: moved, kind: bad}]", "life_events[0].kind", "is not one of"),
        ("country: Germany", "country", "unknown country 'Germany'; write its code"),
        ("country: XX", "country", "like US or DE-BY"),
        ("language: English", "language", "unknown language 'English'; write its code"),
        ("links: [{label: home}]", "links[0].url", "is missing"),
        ("links: ['javascript:alert(1)']", "links[0]", "not the address of a page"),
        ("apologies: [{taken: maybe}]", "apologies[0].taken", "is not one of"),
        ("promises: [{text: call, moved: [soon]}]", "promises[0].moved[0]", "not a date: 'soon'"),
        ("next_step: {due: 2026-12-15}", "next_step.text", "is missing"),
        ("custom: {Contract: [a, b]}", "custom.Contract", "must be one text, not a list"),
        ("custom: [a]", "custom", "must be `field: value` lines"),
        ("tags: key account", "tags", "must be a list"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(text: str, field: str, message: str) -> None:
    """File, line, field, what is wrong and the fix."""
    _, (problem,) = read(text)
    assert (problem.file, problem.line, problem.field) == ("dana.yaml", 2, field)
    assert message in problem.message

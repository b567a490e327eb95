"""Whatever is in a contact file, it ends in a contact or in a problem with its place."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_book import read_book

from briefgen.contacts.book import parse_contact
from briefgen.workspace.document import MAX_BYTES, parse_document, read_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Settings
from briefgen.workspace.validation import validate


def said(content: str | bytes) -> list[str]:
    """What the reader says about a contact file."""
    if isinstance(content, str):
        content = content.encode()
    _, problems = parse_contact(content, "data/contacts/dana.yaml")
    return [str(problem).removeprefix("data/contacts/dana.yaml") for problem in problems]


def refused(content: str | bytes) -> str:
    """The one thing said about a file of which nothing is used."""
    if isinstance(content, str):
        content = content.encode()
    contact, problems = parse_contact(content, "data/contacts/dana.yaml")
    assert contact is None
    (problem,) = problems
    assert problem.severity == "error"
    return str(problem).removeprefix("data/contacts/dana.yaml")


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    """No anchor is read, so that nothing can multiply."""
    bomb = "name: Dana\na: &a [x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert refused(bomb) == ":2: a `&` starts an anchor, which is not read here; quote it"


@pytest.mark.parametrize(
    ("second_line", "mend"),
    [
        ('notes: "she said', "a quote or bracket is not closed"),
        ("emails: [a@acme.example", "brackets are not closed, or a text in them needs quotes"),
        ("relationship: {status: warm", "braces are not closed, or a text in them needs quotes"),
        ("emails:[a@acme.example]", "a space is missing after the colon; write `field: value`"),
        ("title VP", "a `field: value` line without its colon"),
    ],
)
def test_a_mistake_is_told_where_it_begins(second_line: str, mend: str) -> None:
    """Not where the reader notices, which may be the end of the file."""
    rest = "title: VP Operations\ninterests:\n  - chess\n"
    assert refused(f"name: Dana\n{second_line}\n{rest}") == f":2: {mend}"


def test_a_field_by_another_name() -> None:
    """What other address books call a field leads to the one meant."""
    assert said("name: Dana\nphone: +1 555 0100\nCompany: Acme\n") == [
        ":2: phone: unknown field 'phone'; did you mean 'telephones'?",
        ":3: Company: unknown field 'Company'; did you mean 'organization'?",
    ]


def test_an_alias_is_refused_with_its_line() -> None:
    """A note that begins with an asterisk asks for quotes."""
    assert refused("name: Dana\nnotes: *important\n").startswith(":2: a `*` starts an alias")


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(opening: str) -> None:
    """Ten thousand levels neither crash nor hang."""
    assert "nested deeper than 20 levels" in refused("name: Dana\nnotes: " + opening * 10_000)


def test_a_huge_integer_is_a_text_as_typed() -> None:
    """Digits are never turned into a number where a text is meant."""
    digits = "9" * 5_000
    contact, problems = parse_contact(f"name: {digits}\n".encode(), "x.yaml")
    assert contact is not None
    assert contact.contact.name == digits
    assert not problems


@pytest.mark.parametrize("day", ["2024-02-30", "1980-13-01", "0000-01-01"])
def test_a_day_that_does_not_exist_is_a_problem_of_that_item_alone(day: str) -> None:
    """The interaction with the wrong day is left out, and the others stay."""
    text = f"name: Dana\ninteractions:\n  - date: {day}\n  - date: 2024-02-29\n"
    contact, problems = parse_contact(text.encode(), "x.yaml")
    assert contact is not None
    assert [i.date.isoformat() for i in contact.contact.interactions] == ["2024-02-29"]
    assert [str(p) for p in problems] == [
        f"x.yaml:3: interactions[0].date: there is no day '{day}'"
    ]
    assert contact.line("interactions", 0) == 4


def test_a_lone_surrogate_is_a_problem() -> None:
    r"""`\ud800` is no character; it never reaches the page."""
    assert refused('name: Dana\nnotes: "\\ud800"\n').startswith(":2: ")


@pytest.mark.parametrize("text", ["- name: Dana\n", "just words\n", "[]\n", '"x"\n'])
def test_a_list_or_text_at_the_top_is_a_problem(text: str) -> None:
    """A contact file is a mapping."""
    assert "must be `field: value` lines" in refused(text)


def test_an_empty_file_says_that_the_name_is_missing() -> None:
    """Nothing in it is not a crash."""
    for text in ("", "---\n", "# nothing\n", "null\n", "~"):
        assert "name: is missing" in refused(text)


def test_a_key_that_stands_twice_is_a_problem_with_both_lines() -> None:
    """Neither of the two wins: the field, or the list's item, is left out and the rest stays."""
    text = "name: Dana\nnotes: a\nnotes: b\ntitle: VP\n"
    contact, (problem,) = parse_contact(text.encode(), "dana.yaml")
    assert str(problem) == "dana.yaml:3: notes: 'notes' is given twice (first on line 2); keep one"
    assert contact is not None
    assert (contact.contact.title, contact.contact.notes) == ("VP", None)
    text = "name: Dana\npromises:\n  - {text: a}\n  - {text: b, visibility: never, text: c}\n"
    contact, (problem,) = parse_contact(text.encode(), "dana.yaml")
    assert problem.field == "promises[1].text"
    assert contact is not None
    assert [promise.text for promise in contact.contact.promises] == ["a"]


def test_keys_that_stand_twice_hide_no_other_problem() -> None:
    """All that is wrong in a file comes out at once, in the order it is mended."""
    text = "name: Dana\nnotes: a\nnotes: b\nbirthday: soon\ntitle: x\ntitle: y\nemails: z\n"
    _, problems = parse_contact(text.encode(), "dana.yaml")
    assert {problem.field for problem in problems} == {"notes", "title", "birthday", "emails"}


def test_words_to_avoid_that_stand_twice_hold_the_file_back() -> None:
    """Nobody can know which of the two lists was meant, and no line is to slip through."""
    text = "name: Dana\navoid: [divorce]\navoid: [illness]\n"
    contact, problems = parse_contact(text.encode(), "dana.yaml")
    assert contact is None
    assert any("nothing of this file is printed" in problem.message for problem in problems)


def test_a_name_that_stands_twice_is_no_name() -> None:
    """A contact cannot be known by one of two names."""
    contact, problems = parse_contact(b"name: Dana\nname: Dora\n", "dana.yaml")
    assert contact is None
    assert any("is given twice" in problem.message for problem in problems)


def test_a_thousand_keys_that_stand_twice_are_refused() -> None:
    """What is no contact file fills no screen."""
    contact, problems = parse_contact(b"name: Dana\n" * 1000, "dana.yaml")
    assert contact is None
    assert len(problems) < 110


@pytest.mark.parametrize(
    "value",
    ["!!python/object/apply:os.system [id]", "!!python/name:os.system", "!!int 3", "!secret x"],
)
def test_tags_are_refused(value: str) -> None:
    """No tag of YAML has any effect but its problem."""
    assert refused(f"name: Dana\nnotes: {value}\n").startswith(":2: ")


def test_a_tab_as_indent_is_a_problem_with_its_line() -> None:
    """The message names the tab, not the grammar."""
    message = refused("name: Dana\nrelationship:\n\tstatus: warm\n")
    assert message == ":3: a tab is used to indent; use spaces"


def test_latin_1_is_a_problem_with_its_line() -> None:
    """A file in another encoding is not guessed at."""
    assert refused("name: Dana\nnotes: Café\n".encode("latin-1")) == (
        ":2: not UTF-8 text; save it as UTF-8"
    )


def test_utf_16_is_a_problem() -> None:
    """As Windows editors may save it."""
    assert "not UTF-8" in refused("name: Dana\n".encode("utf-16"))


def test_crlf_a_byte_order_mark_and_no_final_newline_are_read() -> None:
    """Lines are counted as an editor counts them."""
    content = b"\xef\xbb\xbfname: Dana\r\nemails:\r\n  - nope\r\nnotes: x"
    contact, problems = parse_contact(content, "x.yaml")
    assert contact is not None
    assert contact.contact.notes == "x"
    assert [(p.line, p.field) for p in problems] == [(3, "emails[0]")]


def test_a_second_document_is_a_problem() -> None:
    """One person a file."""
    assert refused("name: Dana\n---\nname: Eve\n").startswith(":2: a second document")


def test_nul_and_other_controls_are_problems_with_their_line() -> None:
    """A control character never gets into a name."""
    assert (
        refused("name: Dana\nnotes: a\0b\n") == ":2: there is a control character here; delete it"
    )
    assert refused('name: "Dana\\0"\n')


def test_more_than_a_megabyte_is_refused() -> None:
    """Without being read to its end."""
    assert refused(b"notes: " + b"x" * MAX_BYTES) == ": larger than 1 MB; split it"


@pytest.mark.parametrize("key", ["[a]", "{a: b}", "? [x]\n"])
def test_a_list_as_a_key_is_refused(key: str) -> None:
    """Only a word names a field."""
    assert refused(f"name: Dana\n{key}: 1\n")


def test_an_unknown_field_names_the_one_that_was_meant() -> None:
    """With its line, and the file is used without it."""
    assert said("name: Dana\norganisation: Acme\n") == [
        ":2: organisation: unknown field 'organisation'; did you mean 'organization'?"
    ]
    assert said("name: Dana\nrelationship: {statsu: warm}\n") == [
        ":2: relationship.statsu: unknown field 'statsu'; did you mean 'status'?"
    ]


def test_wrong_types_are_told_in_plain_words() -> None:
    """The word of the message is what to do."""
    assert said("name: Dana\nemails: dana@acme.example\n") == [
        (
            ":2: emails: must be a list, not 'dana@acme.example'; "
            "write `- ` before each item, or [in, brackets]"
        )
    ]
    assert said("name: Dana\ntitle: [VP]\n") == [
        ":2: title: must be one text, not a list; if it begins with a bracket, quote it"
    ]
    assert said("name: Dana\ndecides: maybe\n") == [":2: decides: must be yes or no, not 'maybe'"]
    empty = "mail: {host: localhost, from: a@b.example, to: []}\n"
    document, _ = parse_document(empty.encode(), "briefgen.yaml")
    assert document is not None
    (fault,) = validate(Settings, document)[2]
    assert str(fault).endswith(":1: mail.to: is empty; write at least one, or delete the line")
    assert said("name: Dana\nrelationship: strained\n") == [
        ":2: relationship: must be `field: value` lines, not 'strained'"
    ]


def test_a_plain_scalar_stays_as_it_was_typed() -> None:
    """`no`, a time, leading zeros and a plus sign are texts in text fields."""
    text = "name: no\ntitle: 12:30\ntelephones: [0301234567, +1555, 1_000, 0x1F, 1e3, .inf]\n"
    contact, problems = parse_contact(text.encode(), "x.yaml")
    assert contact is not None
    assert not problems
    made = contact.contact
    assert (made.name, made.title) == ("no", "12:30")
    assert made.telephones == ("0301234567", "+1555", "1_000", "0x1F", "1e3", ".inf")


@pytest.mark.parametrize(("word", "meant"), [("yes", True), ("no", False), ("True", True)])
def test_yes_and_no_mean_true_and_false_in_a_flag(word: str, meant: bool) -> None:  # noqa: FBT001
    """And only there."""
    contact, _ = parse_contact(f"name: D\ndecides: {word}\n".encode(), "x.yaml")
    assert contact is not None
    assert contact.contact.decides is meant


def test_visibility_stands_on_any_item_and_on_the_relationship() -> None:
    """A plain text stands for an item that has none."""
    text = (
        "name: D\ninterests: [opera, {text: golf, visibility: print}]\n"
        "relationship: {status: warm, visibility: never}\n"
    )
    contact, problems = parse_contact(text.encode(), "x.yaml")
    assert contact is not None
    assert not problems
    assert [(i.text, i.visibility) for i in contact.contact.interests] == [
        ("opera", None),
        ("golf", "print"),
    ]
    assert contact.contact.relationship is not None
    assert contact.contact.relationship.visibility == "never"


def test_a_wrong_visibility_leaves_the_item_out() -> None:
    """What should perhaps be hidden is not shown."""
    text = "name: D\ninterests: [opera, {text: golf, visibility: nevr}]\n"
    contact, problems = parse_contact(text.encode(), "x.yaml")
    assert contact is not None
    assert [i.text for i in contact.contact.interests] == ["opera"]
    assert len(problems) == 1


@pytest.mark.parametrize(
    "avoid",
    ["avoid: divorce", "avoid: [{word: x}]", "avoid: [a, [b]]", "avoids: [x]", "Avoid: [x]",
     "avoid:\n  - divorce #1"],
)  # fmt: skip
def test_a_fault_in_avoid_holds_the_file_back(avoid: str) -> None:
    """A line it should hide might show, so that nothing of the file is used."""
    contact, problems = parse_contact(f"name: Dana\n{avoid}\nnotes: x\n".encode(), "x.yaml")
    assert contact is None
    assert any("until `avoid` can be read" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("line", "field"),
    [("notes: Issue #3", "notes"), ("interests: [chess, Issue #3]", "interests[1]")],
)
def test_a_text_cut_by_a_number_sign_is_told(line: str, field: str) -> None:
    """`Issue #3` would be read as `Issue`."""
    messages = said(f"name: Dana\n{line}\n")
    assert messages
    assert "quote" in messages[0]
    assert field.split("[", maxsplit=1)[0] in messages[0] or "brackets" in messages[0]


def test_a_comment_after_a_value_is_no_problem() -> None:
    """A space behind the number sign is how people write comments."""
    assert said("name: Dana  # as she signs\ndecides: yes   ## sure\n") == []


def test_a_comma_that_splits_a_text_asks_for_quotes() -> None:
    """Half an item could say what its other half forbids: the whole item is left out."""
    text = "name: D\npromises:\n  - {by: me, text: send, then call}\n  - text: other\n"
    contact, problems = parse_contact(text.encode(), "x.yaml")
    assert contact is not None
    assert [p.text for p in contact.contact.promises] == ["other"]
    assert "quote it" in problems[0].message
    assert problems[0].line == 3


def workspace(root: Path, **files: str) -> Workspace:
    """A workspace with these contact files."""
    folder = root / "data" / "contacts"
    folder.mkdir(parents=True)
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text)
    return Workspace(root=root)


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    """Its problems are beside the contacts that were read."""
    place = workspace(tmp_path, a="name: A\n", b="name: [\n", c="name: C\n")
    book, problems = read_book(place)
    assert [c.stem for c in book] == ["a", "c"]
    assert {p.file for p in problems} == {"data/contacts/b.yaml"}


def test_two_files_with_one_address_are_both_told(tmp_path: Path) -> None:
    """Each names the other, with its line; case does not matter."""
    place = workspace(
        tmp_path,
        a="name: A\nemails: [x@acme.example]\n",
        b="name: B\nemails:\n  - y@acme.example\n  - X@Acme.example\n",
    )
    book, problems = read_book(place)
    assert [str(p) for p in problems] == [
        (
            "data/contacts/a.yaml:2: emails[0]: x@acme.example is also in "
            "data/contacts/b.yaml; keep it in one of them"
        ),
        (
            "data/contacts/b.yaml:4: emails[1]: x@acme.example is also in "
            "data/contacts/a.yaml; keep it in one of them"
        ),
    ]
    assert len(book.by_address("x@ACME.example")) == 2


def test_one_address_twice_in_one_file_is_no_conflict(tmp_path: Path) -> None:
    """Nobody is mistaken for another."""
    place = workspace(tmp_path, a="name: A\nemails: [x@acme.example, X@acme.example]\n")
    book, problems = read_book(place)
    assert not problems
    assert len(book.by_address("x@acme.example")) == 1


def test_yml_and_subfolders_are_warned_of(tmp_path: Path) -> None:
    """They look like contacts and are not read; hidden files and photos are left in peace."""
    place = workspace(tmp_path, a="name: A\n")
    (place.contacts / "b.yml").write_text("name: B\n")
    (place.contacts / "old").mkdir()
    (place.contacts / "old" / "c.yaml").write_text("name: C\n")
    (place.contacts / "photos").mkdir()
    (place.contacts / "photos" / "d.yaml").write_text("name: D\n")
    (place.contacts / ".e.yaml").write_text("name: E\n")
    (place.contacts / "readme.md").write_text("hello\n")
    book, problems = read_book(place)
    assert [c.stem for c in book] == ["a"]
    assert [(p.severity, str(p)) for p in problems] == [
        ("warning", "data/contacts/b.yml: is not read; rename it to b.yaml"),
        (
            "warning",
            "data/contacts/old: contact files in subfolders are not read; move them up",
        ),
    ]


def test_no_folder_and_a_broken_link_are_no_crash(tmp_path: Path) -> None:
    """A link that leads nowhere is a problem of that file."""
    book, problems = read_book(Workspace(root=tmp_path))
    assert not list(book)
    assert not problems
    place = workspace(tmp_path)
    (place.contacts / "gone.yaml").symlink_to("nowhere.yaml")
    (place.contacts / "folder.yaml").mkdir()
    _, problems = read_book(place)
    assert [p.file for p in problems] == ["data/contacts/gone.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_place_of_a_file_is_a_problem_and_no_wait(tmp_path: Path) -> None:
    """A FIFO would hold the run for ever."""
    os.mkfifo(tmp_path / "pipe.yaml")
    document, problems = read_document(tmp_path / "pipe.yaml", "pipe.yaml")
    assert document is None
    assert "not a regular file" in problems[0].message


yaml_like = st.text(
    alphabet=st.sampled_from(list("ab: -#[]{}&*!|>%@`'\"\n\t,?~é\x00\ud7ff")), max_size=60
)


@settings(max_examples=200, deadline=None)
@given(text=yaml_like)
def test_any_text_gives_data_or_a_problem(text: str) -> None:
    """No text raises, and what cannot be read is always told."""
    document, problems = parse_document(b"name: D\n" + text.encode(), "x.yaml")
    assert document is not None or problems


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=80))
def test_any_bytes_give_data_or_a_problem(content: bytes) -> None:
    """Nor do any bytes."""
    contact, problems = parse_contact(content, "x.yaml")
    assert contact is not None or problems


def test_thousands_of_faults_are_told_by_the_first_and_their_number() -> None:
    """Nobody reads more, and none is lost for what it holds back."""
    addresses = "".join(f"- x{n}\n" for n in range(5_000))
    messages = said(f"name: D\nemails:\n{addresses}")
    assert len(messages) == 101
    assert messages[-1].endswith("and 4900 more")
    contact, problems = parse_contact(
        ("name: D\n" + "".join(f"k{n}: 1\n" for n in range(5_000))).encode(), "x.yaml"
    )
    assert contact is None
    assert len(problems) < 120


def test_a_file_whose_name_is_no_text_is_a_warning(tmp_path: Path) -> None:
    """As archives from elsewhere unpack them."""
    place = workspace(tmp_path, a="name: A\n")
    path = os.path.join(os.fsencode(place.contacts), b"\xff.yaml")  # noqa: PTH118  # bytes
    try:
        with open(path, "w") as stream:  # noqa: PTH123  # bytes
            stream.write("name: B\n")
    except OSError:
        pytest.skip("this disk holds no such names")
    book, problems = read_book(place)
    assert [c.stem for c in book] == ["a"]
    assert [(p.severity, p.file) for p in problems] == [("warning", "data/contacts/?.yaml")]


@pytest.mark.parametrize("ending", ["\r", "\x85", "\u2028"])
def test_lines_that_end_in_another_way(ending: str) -> None:
    """Found by fuzzing: a mistake below such lines broke off the whole run."""
    text = f"name: Dana{ending * 90}tags: [a]{ending}notes\nmore: b: c\n"
    document, problems = parse_document(text.encode(), "dana.yaml")
    assert document is None
    assert [one.file for one in problems] == ["dana.yaml"]


def test_a_bracket_left_open_at_the_end() -> None:
    """Found by fuzzing: a file saved in the middle of typing broke off the whole run."""
    document, (problem,) = parse_document(b"name: Dana\nrelation: {status: warm, ", "dana.yaml")
    assert document is None
    assert problem.line == 2

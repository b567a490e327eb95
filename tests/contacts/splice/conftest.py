"""Contact files as people write them, in many styles."""

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

WORDS = [
    "Dana",
    "no",
    "yes",
    "12:30",
    "0301234567",
    "+1 555 0100",
    "a: b",
    "x # y",
    "# x",
    "- dash",
    "* star",
    "!bang",
    "&amp",
    "it's",
    'say "hi"',
    "ends with colon:",
    "comma, here",
    "[brackets]",
    "{braces}",
    "null",
    "~",
    "2026-11-02",
    "1.5",
    "true",
    "%percent",
    "@at",
    "`tick",
    "| bar",
    "> more",
    "? ask",
    "tab\there",
    "C#",
    "C# and F#",
    "a:b",
    "::",
    "back\\slash",
    "日本語の名前",
    "שלום",
    "👩‍👩‍👧 family",
    "e\u0301 accent",
    "\u00a0nbsp",
    "\u2028separator",
    "\u0085next",
    " leading",
    "trailing ",
    "two\nlines",
    "three\n\nlines\n",
    "\nstarts empty",
    "  deep\nfirst",
    "ends\n\n\n",
    "trailing space \nhere",
    "a\r\nb",
    "---",
    "...",
    "--- x",
    "key: [x",
    "\x07bell",
    "=",
    "<<",
    "-",
    "?",
    ":",
    "'",
    '"',
    "\\",
]

_texts = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map("\n".join),
)
"""Texts that YAML would read as something else, and any other."""

_COMMENTS = ["", "", "", "  # a remark", " # no: [not, this]"]
_ABOVE = ["", "", "", "\n", "# a section\n", "\n# one\n# two\n\n"]

_NAMES = ["Dana Smith", '"Dana Smith"', "'Dana O''Brien'", '"Zo\\u00eb"', "田中"]
_STRING_LISTS = [
    " [vegetarian cooking, Boston Red Sox]",
    " [a, 'b, c', \"d\"]",
    " []",
    " [\n  a,   # first\n  b,\n]",
    " [ a ,b ]",
    "",
    " ~",
    " null",
    "\n{d}- vegetarian cooking{c}\n{d}- 'quoted: text'",
    "\n{d}-   far away\n\n{d}-   # nothing yet\n{d}    text below",
    "\n{d}- text: |\n{d}    literal\n\n{d}    more\n\n{d}- {{text: a, visibility: print}}",
    "\n{d}- >-\n{d}  folded\n{d}  text",
    "\n{d}- |+\n{d}  kept\n\n",
    "\n{d}- plain over\n{d}  two lines",
    '\n{d}- "double\n{d}  folded"{c}\n{d}  # deeper remark\n{d}# remark at the dash',
]
_PROMISES = [
    "\n{d}- {{by: me, text: send it, made: 2026-11-02, due: 2026-11-20}}{c}",
    "\n{d}- by: me\n{d}  text: send it\n{d}  due: 2026-11-20{c}\n{d}  # she insisted",
    ' [{{by: me, text: send it}}, {{by: them, text: "name, a lead",}}]',
    " []",
    "",
    "\n{d}- call her back\n{d}- by: them\n{d}  text: >\n{d}    name a lead\n{d}    soon\n",
    "\n{d}-\n{d}    by: me\n{d}    text: send",
]
_INTERACTIONS = [
    "\n{d}- date: 2026-11-02\n{d}  channel: call{c}\n{d}  signals: [frustrated, rushed]",
    "\n{d}- date: 2026-11-02\n{d}  reflection:\n{d}      needs_answered: yes\n{d}      # why?",
    "\n{d}- {{date: 2026-11-02, summary: 'short'}}\n{d}- {{date: 2026-10-02}}",
    "\n{d}- date: 2026-11-02\n{d}  summary: |\n{d}    Went through it.\n\n{d}    Twice.\n\n\n",
    "\n{d}- date: 2026-11-02\n{d}  summary: |+2\n{d}    indented\n{d}  words:\n{d}    below",
    " [{{date: 2026-11-02, signals: [a, b]}}]",
    " []",
    "",
    " # nothing yet\n{d}# - date: 2026-01-01",
]
_POINTS = [
    "\n{d}- ask how Lisbon went{c}\n{d}- {{text: b, used: [2026-11-12]}}",
    "\n{d}- text: ask\n{d}  from: 2026-11-10\n{d}  used:\n{d}    - 2026-11-12{c}",
    " [ask how it went, 'b', {{text: c}}]",
    "\n{d}- 'ask: how'\n{d}- text: b\n{d}  used: []",
]
_RELATIONSHIPS = [
    " {{status: strained, stay_in_touch: 6w}}",
    "\n{m}status: strained\n{m}since: 2026-09-01{c}\n{m}# why\n",
    "",
    " {{}}",
]
_SECTIONS = {
    "interests": _STRING_LISTS,
    "agreed": _STRING_LISTS,
    "promises": _PROMISES,
    "interactions": _INTERACTIONS,
    "talking_points": _POINTS,
    "relationship": _RELATIONSHIPS,
    "emails": [" [dana@acme.example]", "\n{d}- dana@acme.example{c}", ""],
    "title": [" VP Operations{c}", " 'VP'", "", " |\n{m}VP\n{m}of all", " >+\n{m}VP\n\n"],
    "notes": [
        " text{c}",
        " |\n{m}some\n\n{m}notes\n",
        " plain\n{m}goes on\n{m}and on",
        ' "q\n\n  r"',
    ],
}


@st.composite
def _contact_files(draw: st.DrawFn) -> bytes:
    """A contact file that the reader takes, in one of many styles."""
    if draw(st.integers(0, 19)) == 0:
        return draw(
            st.sampled_from(
                [
                    b"{name: Dana, interests: [a], promises: []}",
                    b"{\n  name: Dana,\n  talking_points: [ask]\n}\n# end\n",
                    b"name: Dana",
                    b"---\nname: Dana\n...\n",
                    b"--- {name: Dana}\n",
                    b"  name: Dana\n  interests:\n  - a\n",
                    b"? name\n: Dana\n",
                    b"# only\n\nname: Dana   \n   \n",
                    b'"name": Dana\n"interests": []\n',
                ]
            )
        )
    names = draw(st.permutations(list(_SECTIONS)))
    kept = names[: draw(st.integers(0, 6))]
    dash = draw(st.sampled_from(["", "  ", "    "]))
    step = draw(st.sampled_from(["  ", "    "]))
    parts = [f"name: {draw(st.sampled_from(_NAMES))}{draw(st.sampled_from(_COMMENTS))}\n"]
    for name in kept:
        form = draw(st.sampled_from(_SECTIONS[name]))
        body = form.format(d=dash, m=step, c=draw(st.sampled_from(_COMMENTS)))
        end = "" if body.endswith("\n") else "\n"
        parts.insert(
            draw(st.integers(0, len(parts))), f"{draw(st.sampled_from(_ABOVE))}{name}:{body}{end}"
        )
    text = "".join(parts) + draw(st.sampled_from(["", "", "# the end\n", "\n\n  # deep end\n"]))
    # a block that keeps its line ends cannot be added to where it ends the file without one
    if draw(st.booleans()) and not text.endswith("\n\n") and "+" not in text:
        text = text.removesuffix("\n")
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if draw(st.integers(0, 7)) == 0 else b"") + text.encode()


@pytest.fixture(scope="session")
def contact_files() -> SearchStrategy[bytes]:
    """Contact files that the reader takes, in many styles."""
    return _contact_files()


@pytest.fixture(scope="session")
def texts() -> SearchStrategy[str]:
    """Texts that YAML would read as something else, and any other."""
    return _texts

"""What sections and stances are called, on the page and wherever else a brief is shown."""

from typing import Final

from briefgen.brief.brief import GlanceLabel, GlanceLine
from briefgen.contacts.contact import Stance
from briefgen.workspace.language import Language

_CAREFUL: Final = frozenset({"apology", "overdue", "warning", "space"})


def glance_label(label: GlanceLabel, language: Language) -> str:
    """What stands before a line of the glance."""
    text = language.text
    words: dict[GlanceLabel, str] = {
        "first": text("First"),
        "bring": text("Bring"),
        "ask": text("Ask"),
        "then": text("Then"),
        "not-today": text("Not today"),
    }
    return words[label]


def is_careful(row: GlanceLine) -> bool:
    """Whether a line of the glance is about what is late, owed or needs care."""
    return row.label == "first" and any(line.mark in _CAREFUL for line in row.lines)


def named(name: str, said: str, language: Language) -> str:
    """`Dana: call her`; before a text that has a colon of its own a dash: `Dana – Next step: …`."""
    if ": " in said or "\uff1a" in said:
        return language.text("{label} – {text}", label=name, text=said)  # a dash
    return language.labelled(name, said)


def stance_word(stance: Stance, language: Language) -> str:
    """The word of a stance."""
    text = language.text
    words: dict[Stance, str] = {
        "listen": text("listen"),
        "teach": text("teach"),
        "advise": text("advise"),
        "coach": text("coach"),
    }
    return words[stance]

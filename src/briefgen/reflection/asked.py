"""What a reflection asks in the terminal and in a form: each question by its field."""

from typing import Final

from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value


class Asked(Value, frozen=True, kw_only=True):
    """One question.

    Attributes:
        hint: what can be answered, in small print.
        about: what `?` says of it.
    """

    title: Phrase
    hint: str = ""
    about: str = ""


_RECALLED: Final = Phrase(
    "Whether you knew it when you left the room. briefgen stats shows how these answers change."
)
_ONE_A_LINE: Final = Phrase(
    "One promise, and then when it is due. What is still open is asked about after the next "
    "meeting."
)
DEGREES: Final = ("yes", "partly", "no")
STANCES: Final = ("listen", "teach", "advise", "coach")
TAKEN: Final = ("accepted", "not yet", "refused")
ASKED: Final = {
    "needs_answered": Asked(
        title=Phrase("Could you answer: What do they need from me?"),
        about=_RECALLED,
    ),
    "needs": Asked(
        title=Phrase("What did they need from you?"),
        about=Phrase("In a few words. After the next meeting you are asked whether it was met."),
    ),
    "needs_met": Asked(
        title=Phrase("Did they get it?"),
        about=Phrase("Whether they left with what they had come for."),
    ),
    "help_answered": Asked(
        title=Phrase("Could you answer: How can I help based on their emotional signals?"),
        about=_RECALLED,
    ),
    "summary": Asked(
        title=Phrase("What was said and decided?"),
        about=Phrase("One or two sentences; the next sheet recalls them."),
    ),
    "words": Asked(
        title=Phrase("Their own words, worth keeping?"),
        about=Phrase("One sentence as they said it; the next sheet quotes it."),
    ),
    "signals": Asked(
        title=Phrase("Which signals did you see?"),
    ),
    "stance": Asked(
        title=Phrase("How did you meet them?"),
        about=Phrase(
            "Listen: you let them speak. Teach: you explained. Advise: you recommended something. "
            "Coach: you asked until they found it."
        ),
    ),
    "unsaid": Asked(
        title=Phrase("What was left unsaid?"),
        about=Phrase("What you noticed although nobody said it."),
    ),
    "me": Asked(
        title=Phrase("What did you promise?"),
        about=_ONE_A_LINE,
    ),
    "them": Asked(
        title=Phrase("What did they promise?"),
        about=_ONE_A_LINE,
    ),
    "personal": Asked(
        title=Phrase("Something personal you learned?"),
        about=Phrase(
            "What matters to them outside of business: a child's exam, a journey, sailing. It "
            "comes back on the sheet when it is time to ask."
        ),
    ),
    "lines": Asked(
        title=Phrase("Which lines of your sheet did you use?"),
        about=Phrase("The numbers of what you spoke about."),
    ),
    "points": Asked(
        title=Phrase("Which of your talking points did you use?"),
        about=Phrase("The numbers of what you spoke about; it is not printed again."),
    ),
    "concerns": Asked(
        title=Phrase("Did they raise a concern?"),
        about=Phrase("What worries or annoys them; it is asked about until it is resolved."),
    ),
    "adjust": Asked(
        title=Phrase("What will you do differently next time?"),
        about=Phrase("One thing to try when you meet again."),
    ),
    "photo": Asked(
        title=Phrase("A photo of {name}?"),
        about=Phrase("The path of a picture, which is copied to the others."),
    ),
}
"""Those without an explanation show their words at `?`."""

"""What a reflection costs: answers spliced into a contact file, against reading that file once."""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from briefgen.contacts.book import parse_contact
from briefgen.contacts.splice import splice
from briefgen.reflection.answers import Answered, Answers
from briefgen.reflection.record import ReflectedMeeting, record

FILE = "data/contacts/dana.yaml"
OCCASION = ReflectedMeeting(day=date(2026, 11, 23), uid="review@calendar.example")
ANSWERS = Answers.model_validate(
    {
        "summary": "Went through the plan.\nShe wants a named engineer.",
        "words": "finally somebody calls",
        "signals": ["relieved"],
        "needs_answered": "yes",
        "promises": [{"by": "me", "text": "send the plan", "due": "Friday"}],
        "interests": ["sailing"],
    }
)
ROUNDS = 15


def file_of(interactions: int) -> bytes:
    """A contact file with so many interactions, about 190 bytes each."""
    first = date(2026, 11, 20)
    rows = "".join(
        f"  - date: {first - timedelta(days=3 * n)}\n    channel: call  # by phone\n"
        f'    summary: "Call {n}: went through the plan, and what is open"\n'
        f"    signals: [calm, hopeful]\n    needs: a plan for week {n}\n"
        for n in range(interactions)
    )
    head = "name: Dana Smith\nemails: [dana@acme.example]\ninterests: [cooking]\n"
    return f"{head}promises: []\ninteractions:\n{rows}".encode()


def seconds(work: Callable[[], object]) -> float:
    """The median time of the work."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def reflect(content: bytes) -> bytes:
    """A reflection over this file."""
    contact, _ = parse_contact(content, FILE)
    assert contact is not None
    recording = record(Answered(answers=ANSWERS), contact, OCCASION)
    after = splice(content, recording.additions[FILE], file=FILE)
    assert isinstance(after, bytes), after
    return after


def main() -> None:
    """Print the cost of a reflection in readings of the same file, for short and long files."""
    for interactions in (15, 200, 2000):
        content = file_of(interactions)
        read = seconds(lambda content=content: parse_contact(content, FILE))  # type: ignore[misc]
        whole = seconds(lambda content=content: reflect(content))  # type: ignore[misc]
        print(
            f"reflection, {len(content) / 1000:.0f} KB: {whole / read:.1f} readings of the file "
            f"({whole * 1000:.1f} ms)"
        )


if __name__ == "__main__":
    main()

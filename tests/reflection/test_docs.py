import re
from pathlib import Path

from briefgen.reflection.answers import Answers, read_answers

PAGE = Path(__file__).parents[2] / "docs" / "reflect.md"


def test_the_notes_of_the_docs_are_right() -> None:
    """The example has every key, and is read without a problem."""
    block = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (answered,), problems = read_answers(block[1].encode(), "notes.yaml")
    assert problems == ()
    assert set(Answers.model_fields) - answered.answers.model_fields_set == {"contact", "lines"}

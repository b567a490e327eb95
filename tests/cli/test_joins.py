"""No sentence is put together in code of parts that are translated one by one."""

import ast
from pathlib import Path

import pytest

import briefgen

ROOT = Path(briefgen.__file__).parent


def is_message(node: ast.expr) -> bool:
    """Whether an expression makes a message: `Phrase("…")` or `Phrase.plural(…)`."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.value.id == "Phrase" and called.attr == "plural"
    return isinstance(called, ast.Name) and called.id == "Phrase"


def joined(node: ast.AST) -> bool:
    """Whether a message is added to another text here, or put into an f-string."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (is_message(node.left) or is_message(node.right))
    return isinstance(node, ast.AugAssign | ast.FormattedValue) and is_message(node.value)


def joins(path: Path) -> list[int]:
    """The lines on which a message is joined."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return sorted(node.lineno for node in nodes if joined(node))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(ROOT.rglob("*.py")) if "Phrase" in p.read_text(encoding="utf-8")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_message_is_joined_to_another_text(path: Path) -> None:
    """Adding texts loses the translation, and its order of words is that of English."""
    assert joins(path) == []


def test_a_join_is_found(tmp_path: Path) -> None:
    """The three ways of joining are seen."""
    code = tmp_path / "a.py"
    code.write_text('a = Phrase("x") + b\na += Phrase("y")\na = f"{Phrase(\'z\')}"\n')
    assert joins(code) == [1, 2, 3]

"""Puts small faults into a module, one at a time, and lists those that its tests do not notice.

    python tools/mutants.py delivery/ledger.py [--most 80] [--seed 1]

A mutant is killed where a test fails; one that runs for ever is told of by itself, since a machine
that is busy looks the same. What survives is printed with its line; tests/mutants.md says
why it may, or a test is missing. Each mutant runs in a process of its own, with the faulty module
in the place of the real one.
"""

import argparse
import ast
import contextlib
import copy
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "briefgen"
MEMORY = "/dev/shm"  # noqa: S108  # each test makes a folder of its own in it
"""Where the tests write, if it is there: most of their time would go into syncing a disk."""
LONGEST_TIMES = 6
"""A mutant whose tests take this many times as long counts as endless."""

QUIETLY = ("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception")

TESTS = {
    "delivery/ledger.py": ["delivery/test_ledger.py"],
    "delivery/ledger_entry.py": ["delivery/test_ledger.py"],
    "delivery/ledger_file.py": ["delivery/test_ledger_file.py", "delivery/test_ledger.py"],
    "delivery/ledger_repair.py": ["delivery/test_ledger_repair.py", "delivery/test_ledger.py"],
    "delivery/conversation.py": ["delivery/test_conversation.py"],
    "delivery/conversation_states.py": ["delivery/test_conversation.py"],
    "delivery/mail_changes.py": [
        "delivery/test_changes_closely.py",
        "delivery/test_mail_changes.py",
    ],
    "delivery/told_meetings.py": [
        "delivery/test_changes_closely.py",
        "delivery/test_mail_changes.py",
    ],
    "workspace/secrets.py": ["delivery/test_passwords.py", "delivery/test_secret_bounds.py"],
    "workspace/atomic.py": ["workspace/test_atomic.py"],
    "contacts/splice.py": ["splicing/test_splice_closely.py", "splicing/test_splicing.py"],
    "brief/redaction.py": ["brief/test_redaction.py", "brief/test_tact.py"],
    "brief/select.py": ["brief/test_selecting.py"],
}
"""The tests that must notice a module's faults."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Every fault: its line, what it is, and the module with it."""
    passed_over = {id(inner) for node in ast.walk(tree) for inner in _of_form(node)}
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in passed_over:
            continue
        for number, said in enumerate(_faults(node)):
            faulty = copy.deepcopy(tree)
            there = next(n for place, n in enumerate(ast.walk(faulty)) if place == at)
            _apply(there, number)
            yield getattr(node, "lineno", 0), said, ast.fix_missing_locations(faulty)


def _of_form(node: ast.AST) -> Iterator[ast.AST]:
    """Decorators and keywords of classes, like `frozen=True`, which tests do not check."""
    for inner in (*getattr(node, "decorator_list", ()), *getattr(node, "keywords", ())):
        if not isinstance(node, ast.Call):
            yield from ast.walk(inner)


def _faults(node: ast.AST) -> list[str]:  # noqa: PLR0911  # a line a fault
    """The faults that can be put into a node."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            return [f"{type(operator).__name__} → {COMPARISONS[type(operator)].__name__}"]
        case ast.BoolOp():
            return ["and ↔ or"]
        case ast.UnaryOp(op=ast.Not()):
            return ["not dropped"]
        case ast.Constant(value=bool() as value):
            return [f"{value} → {not value}"]
        case ast.Constant(value=int() as value):
            return [f"{value} → {value + 1}"]
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return ["+ ↔ -"]
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            return ["returns None"]
        case ast.Expr(value=ast.Call()):
            return ["call dropped"]
        case ast.If():
            return ["if always"]
    return []


def _apply(node: ast.AST, number: int) -> None:  # noqa: ARG001  # a branch a fault
    match node:
        case ast.Compare():
            node.ops = [COMPARISONS[type(node.ops[0])]()]
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            node.op = ast.UAdd()
            node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() as value):
            node.value = value + 1
        case ast.BinOp():
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.Expr():
            node.value = ast.Constant(None)
        case ast.If():
            node.test = ast.Constant(True)


class _Faulty(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports the faulty module in place of the real one."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, path, tree

    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self._path))

    def get_source(self, fullname: str) -> str:  # noqa: ARG002
        return ast.unparse(self._tree)

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self._tree, str(self._path), "exec")


def outcome(room: str, tree: ast.Module, *, seconds: float) -> str:
    """The result of the tests: `killed`, `survived`, or `endless` after so many seconds."""
    path = SOURCE / room
    name = "briefgen." + room.removesuffix(".py").replace("/", ".")
    child = os.fork()
    if child == 0:
        os.setsid()  # so that its children end with it
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        sys.meta_path.insert(0, _Faulty(name, path, tree))
        code = 1
        with contextlib.suppress(BaseException):
            code = int(pytest.main(["-x", *QUIETLY, *_tests(room)]))
        os._exit(min(code, 99))
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end_all(child)
            return "killed" if os.waitstatus_to_exitcode(status) else "survived"
        time.sleep(0.05)
    _end_all(child)
    os.waitpid(child, 0)
    return "endless"


def _end_all(session: int) -> None:
    """End what is left of a mutant, like a command that still runs because of the fault."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


def import_libraries(room: str) -> None:
    """Import what the tests import, then drop our own modules, so that mutants start fast."""
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", *QUIETLY, *_tests(room)])
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and file.startswith((f"{SOURCE}/", f"{ROOT}/tests/")):
            del sys.modules[name]
    gc.collect()
    gc.freeze()  # what is imported already is not looked through again in each child


def _tests(room: str) -> list[str]:
    return [str(ROOT / "tests" / test) for test in TESTS[room]]


def main() -> None:
    """Try a module's mutants: all of them, or a sample chosen by the seed."""
    options = argparse.ArgumentParser()
    options.add_argument("room", choices=TESTS)
    options.add_argument("--most", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    if Path(MEMORY).is_dir():
        tempfile.tempdir = os.environ["TMPDIR"] = MEMORY
    tree = ast.parse((SOURCE / given.room).read_text(encoding="utf-8"))
    import_libraries(given.room)
    began = time.monotonic()
    if outcome(given.room, tree, seconds=600) != "survived":
        sys.exit("the tests fail without any mutant")
    longest = 10 + LONGEST_TIMES * (time.monotonic() - began)
    all_of_them = list(mutants(tree))
    chosen = random.Random(given.seed).sample(  # noqa: S311  # no secret
        all_of_them, min(given.most, len(all_of_them))
    )
    counted = dict.fromkeys(("killed", "endless", "survived"), 0)
    for line, said, faulty in sorted(chosen, key=lambda one: one[0]):
        came = outcome(given.room, faulty, seconds=longest)
        counted[came] += 1
        if came != "killed":
            print(f"{came}: {given.room}:{line}: {said}", flush=True)
    print(
        f"{given.room}: {counted['killed']} killed and {counted['endless']} endless"
        f" of {len(chosen)} ({len(all_of_them)} possible)"
    )


if __name__ == "__main__":
    main()

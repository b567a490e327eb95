"""Puts small faults into a module, one at a time, and lists those that its tests do not notice.

    python tools/mutants.py delivery/ledger.py [--most 80] [--seed 1]

A mutant is killed where a test fails; one that runs for ever is told of by itself, since a machine
that is busy looks the same. What survives is printed with its line; tests/mutants.md says
why it may, or a test is missing. Each mutant runs in a process of its own. A fault in a function
takes the place of that function's code once the tests are collected, which takes a moment; for a
fault outside functions everything is imported again, with the faulty module in its place.
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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "briefgen"
MEMORY = "/dev/shm"  # noqa: S108  # each test makes a folder of its own in it
"""Where the tests write, if it is there: most of their time would go into syncing a disk."""
LONGEST_TIMES = 6
"""A mutant whose tests take this many times as long counts as endless."""

QUIETLY = ("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-k", "not kill")
"""Without the tests that end a process at every step: they take as long as all others together."""

TESTS = {
    "delivery/ledger.py": ["delivery/test_ledger.py"],
    "delivery/ledger_entry.py": ["delivery/test_ledger.py"],
    "delivery/ledger_file.py": ["delivery/test_ledger_file.py", "delivery/test_ledger_repair.py"],
    "delivery/conversation.py": ["delivery/test_conversation.py"],
    "delivery/conversation_states.py": ["delivery/test_conversation.py"],
    "delivery/mail_changes.py": [
        "delivery/test_changes_closely.py",
        "delivery/test_mail_changes.py",
    ],
    "delivery/mailed_meetings.py": [
        "delivery/test_changes_closely.py",
        "delivery/test_mail_changes.py",
    ],
    "workspace/secrets.py": ["delivery/test_passwords.py", "delivery/test_secret_bounds.py"],
    "workspace/atomic.py": ["workspace/test_atomic.py"],
    "contacts/splice.py": [
        "contacts/splice/test_splice_closely.py",
        "contacts/splice/test_splicing.py",
    ],
    "brief/redaction.py": ["brief/test_redaction.py", "brief/test_tact.py"],
    "brief/select.py": ["brief/test_selecting_closely.py", "brief/test_selecting.py"],
}
"""The tests that must notice a module's faults."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


class Mutant(NamedTuple):
    """A fault in a module.

    Attributes:
        tree: the module with it.
        is_inside: whether it lies in a function.
    """

    line: int
    said: str
    tree: ast.Module
    is_inside: bool


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every fault that can be put into a module."""
    passed_over = {id(inner) for node in ast.walk(tree) for inner in _of_form(node)}
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
    }
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in passed_over:
            continue
        for number, said in enumerate(_faults(node)):
            faulty = copy.deepcopy(tree)
            there = next(n for place, n in enumerate(ast.walk(faulty)) if place == at)
            _apply(there, number)
            whole = ast.fix_missing_locations(faulty)
            yield Mutant(getattr(node, "lineno", 0), said, whole, id(node) in inside)


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


def outcome(run: Callable[[], object], *, seconds: float) -> str:
    """The result of tests in a process of their own; `endless` after so many seconds."""
    child = os.fork()
    if child == 0:
        os.setsid()  # so that its children end with it
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        failed: object = True
        with contextlib.suppress(BaseException):
            failed = run()
        os._exit(bool(failed))
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end_all(child)
            return "killed" if os.waitstatus_to_exitcode(status) else "survived"
        time.sleep(0.02)
    _end_all(child)
    os.waitpid(child, 0)
    return "endless"


def _end_all(session: int) -> None:
    """End what is left of a mutant, like a command that still runs because of the fault."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


class _Inside:
    """A pytest plugin: once the tests are collected, tries each mutant with them."""

    def __init__(self, room: str, tree: ast.Module, chosen: Sequence[Mutant]) -> None:
        self.room, self.tree, self.chosen = room, tree, chosen
        self.came: list[tuple[Mutant, str]] = []
        self.longest = 600.0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of the run of the tests."""
        gc.collect()
        gc.freeze()  # what is imported already is not looked through again in each child
        module = sys.modules[_name(self.room)]

        def run(tree: ast.Module) -> bool:
            _exchange_code(module, tree)
            return _fails(session)

        began = time.monotonic()
        if outcome(partial(run, self.tree), seconds=600) != "survived":
            sys.exit("the tests fail without any mutant")
        self.longest = 10 + LONGEST_TIMES * (time.monotonic() - began)
        for one in self.chosen:
            if one.is_inside:
                self.came.append((one, outcome(partial(run, one.tree), seconds=self.longest)))
        return True


def _fails(session: pytest.Session) -> bool:
    """Whether one of the tests fails; those after it are not run."""
    for item, after in zip(session.items, [*session.items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return True
    return False


def _exchange_code(module: ModuleType, tree: ast.Module) -> None:
    """Give each function of a module the code that it has in a faulty version of it."""
    faulty = {**module.__dict__}
    exec(compile(tree, str(module.__file__), "exec"), faulty)  # noqa: S102  # our own module
    new = {one.__qualname__: one for one in _functions(faulty.values(), module.__name__)}
    for one in _functions(module.__dict__.values(), module.__name__):
        other = new[one.__qualname__]
        one.__code__ = other.__code__
        one.__defaults__, one.__kwdefaults__ = other.__defaults__, other.__kwdefaults__


def _functions(values: Iterable[Any], module: str) -> Iterator[FunctionType]:
    """The functions and methods of a module, without what decorators put around them."""
    for one in values:
        names = ("__func__", "fget", "func", "__wrapped__")
        if inner := [found for name in names if (found := getattr(one, name, None))]:
            yield from _functions(inner, module)
        elif isinstance(one, FunctionType) and one.__module__ == module:
            yield one
        elif isinstance(one, type) and one.__module__ == module:
            yield from _functions(vars(one).values(), module)


def drop_modules() -> None:
    """Drop our own modules, so that they are imported again."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and file.startswith((f"{SOURCE}/", f"{ROOT}/tests/")):
            del sys.modules[name]


def _imported_again(room: str, tree: ast.Module) -> int:
    """The exit status of the tests, with a faulty module in place of the real one."""
    sys.meta_path.insert(0, _Faulty(_name(room), SOURCE / room, tree))
    return int(pytest.main(["-x", *QUIETLY, *_tests(room)]))


def _name(room: str) -> str:
    return "briefgen." + room.removesuffix(".py").replace("/", ".")


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
    all_of_them = list(mutants(tree))
    chosen = random.Random(given.seed).sample(  # noqa: S311  # no secret
        all_of_them, min(given.most, len(all_of_them))
    )
    inside = _Inside(given.room, tree, chosen)
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*QUIETLY, *_tests(given.room)], plugins=[inside])
    came = inside.came
    drop_modules()
    for one in chosen:
        if not one.is_inside:
            run = partial(_imported_again, given.room, one.tree)
            came.append((one, outcome(run, seconds=inside.longest + 30)))
    for one, what in sorted(came, key=lambda tried: tried[0].line):
        if what != "killed":
            print(f"{what}: {given.room}:{one.line}: {one.said}")
    counted = Counter(what for _, what in came)
    print(
        f"{given.room}: {counted['killed']} killed and {counted['endless']} endless"
        f" of {len(chosen)} ({len(all_of_them)} possible)"
    )


if __name__ == "__main__":
    main()

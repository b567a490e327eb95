"""Data files that belong to the code, parsed once and cached as Python caches its modules.

The cache lies in the package's `__pycache__` and is rebuilt when the time or size of a source, or
the version of Python or briefgen, changes. It saves `list` and `check` a third of their start.
"""

import marshal
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final, TypeVar

from briefgen import __version__

PACKAGE: Final = Path(__file__).parent.parent
T = TypeVar("T")
_MODE: Final = 0o644
"""Like Python's own caches: whoever may run the code may read them."""


@cache
def read_built_in(file: str) -> Any:  # noqa: ANN401  # each file has a shape of its own
    """The plain data of a YAML file of the package, like `brief/agenda.yaml`.

    Raises:
        ValueError: if it is broken.
    """
    return _read(file)


def _read(file: str) -> Any:  # noqa: ANN401  # as above
    return kept(file, [PACKAGE / file], lambda: parse_built_in(PACKAGE / file))


def read_as(kind: type[T], file: str, plain: type | None = None) -> T:
    """The same as a typed value, not cached; fields of the type `plain` are made from the data.

    Raises:
        ValueError: if it is broken, or has another shape.
    """
    import msgspec  # noqa: PLC0415  # plain data does not need it

    return msgspec.convert(
        _read(file), kind, dec_hook=lambda _, given: plain(given) if plain else given
    )


def parse_built_in(path: Path) -> Any:  # noqa: ANN401  # as above
    """The plain data of such a file, read now, wherever it is."""
    from briefgen.workspace.document import parse_document  # noqa: PLC0415  # mostly it is cached

    document, problems = parse_document(path.read_bytes(), path.name)
    if document is None or problems:
        raise ValueError(f"the built-in {path.name} is broken: {problems}")
    return document.data


def kept(name: str, sources: Sequence[Path], make: Callable[[], Any], *, version: str = "") -> Any:  # noqa: ANN401  # as above
    """The plain data that `make` returns, from the cache if its sources have not changed.

    Args:
        name: of the entry in the cache.
        sources: every file that it depends on.
        make: called if the cache holds nothing made of these sources.
        version: of a library that it depends on too.
    """
    found = [os.stat(source) for source in sources]  # noqa: PTH116  # one call a source
    made_of = [__version__, version, *((one.st_mtime_ns, one.st_size) for one in found)]
    path = Path(cache_from_source(f"{PACKAGE / name.replace('/', '.')}.data"))
    with suppress(OSError, EOFError, ValueError, TypeError):
        known, data = marshal.loads(path.read_bytes())  # noqa: S302  # as safe as the code beside it
        if known == made_of:
            return data
    data = make()
    if not sys.dont_write_bytecode:
        _keep(path, marshal.dumps([made_of, data]))
    return data


def _keep(path: Path, content: bytes) -> None:
    """Write a cache; skip it if the package cannot be written to."""
    from briefgen.workspace.atomic import write_whole  # noqa: PLC0415  # mostly it is cached

    with suppress(OSError):
        path.parent.mkdir(exist_ok=True, parents=True)
        write_whole(path, content, mode=_MODE)

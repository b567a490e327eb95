"""The code to scan for the five minutes after, where reflection by phone is set up."""

from functools import lru_cache

from briefgen.workspace.language import Language
from briefgen.workspace.value import Value


class QrCode(Value, frozen=True, kw_only=True):
    """A drawing of `side` by `side` units.

    Attributes:
        path: the dark modules as the path of an SVG.
        title: what it is, in words.
    """

    side: int
    path: str
    title: str


def qr_code(address: str, code: str, language: Language) -> QrCode:
    """The code that leads to the form of one sheet; it holds its code, and nothing of the brief."""
    side, path = _drawn(f"{address.rstrip('/')}/r/{code}")
    title = language.text("Reflect by phone: code {code}", code=code)
    return QrCode(side=side, path=path, title=title)


@lru_cache(maxsize=64)
def _drawn(content: str) -> tuple[int, str]:
    """Runs of dark modules, one rectangle each."""
    import segno  # noqa: PLC0415  # only where a phone is paired

    path = []
    rows = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return len(rows), "".join(path)

"""Feeds made-up bytes to the readers of strangers' files, to find where they crash or hang.

    python tools/fuzz.py TARGET --seconds 180

atheris (coverage-guided) finds the inputs, beginning with those in tests/fuzz/TARGET, which a test
reads again each time. What breaks is kept in the current folder as `crash-…`.
"""

import argparse
import io
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

CORPORA = Path(__file__).parent.parent / "tests" / "fuzz"
SECONDS_EACH = 10
LARGEST = 4096


def feed(content: bytes) -> None:
    """A calendar, read for a week."""
    from briefgen.meetings.calendar import read_feed
    from briefgen.meetings.meeting import Window

    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 11, 22, tzinfo=zone)
    window = Window(start=start, end=start + timedelta(days=7))
    read_feed(content, feed="work", window=window, zone=zone)


def yaml(content: bytes) -> None:
    """A contact file."""
    from briefgen.contacts.book import parse_contact

    parse_contact(content, "dana.yaml")


def vcard(content: bytes) -> None:
    """Cards from a telephone."""
    from briefgen.contacts.exchange.vcard import read_vcards

    for _ in read_vcards(io.BytesIO(content)):
        pass


def table(content: bytes) -> None:
    """A table from a spreadsheet."""
    from briefgen.contacts.exchange.person import Options
    from briefgen.contacts.exchange.table_files import read_table

    try:
        for _ in read_table(io.BytesIO(content), Options()):
            pass
    except ValueError as error:
        if type(error) is not ValueError:  # a plain ValueError says that the table names nobody
            raise


def answers(content: bytes) -> None:
    """A mail with the answers of a form."""
    from briefgen.reflection.form_answers import is_mail, mail_parts, read_form

    if is_mail(content):
        for name, part in mail_parts(content):
            read_form(part, name)
    read_form(content, "answer")


def html(content: bytes) -> None:
    """A description in HTML."""
    from briefgen.meetings.markup import plain_text

    plain_text(content.decode("utf-8", "replace"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (feed, yaml, vcard, table, answers, html)
}


def main() -> None:
    """Fuzz one target."""
    import atheris

    options = argparse.ArgumentParser()
    options.add_argument("target", choices=TARGETS)
    options.add_argument("--seconds", type=int, default=180)
    given = options.parse_args()
    with atheris.instrument_imports(include=["briefgen"]):
        TARGETS[given.target](b"")
    line = [
        sys.argv[0], f"-max_total_time={given.seconds}", f"-timeout={SECONDS_EACH}",
        f"-max_len={LARGEST}", "-verbosity=0", "-print_final_stats=1", str(CORPORA / given.target),
    ]  # fmt: skip
    atheris.Setup(line, TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()

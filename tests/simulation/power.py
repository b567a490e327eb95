"""Does one thing with files, cuts the power after it or within it, and prints what is left.

python tests/simulation/power.py write|ledger|plain|repair|draft FOLDER SEEDS [FIRST]
"""

import os
import random
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import disk

from briefgen.delivery.ledger_file import open_ledger, open_whole_ledger, rebuild
from briefgen.reflection.answers import Answers, ReflectedMeeting, draft_path, keep_draft
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace

MEETING = ReflectedMeeting(day=date(2026, 11, 22), uid="a")
AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def write(root: Path) -> None:
    """A file in a new folder, and one in the place of another."""
    write_whole(root / "new" / "deep" / "file", b"new" * 5000)
    write_whole(root / "old", b"new" * 5000)


def ledger(root: Path) -> None:
    """A new ledger, and a mail in it that was sent."""
    with open_ledger(root / ".briefgen") as opened:
        one = opened.intend(
            channel="mail", about="day", day=date(2026, 11, 23), recipient="a@b.example",
            version="1", message_id="<1@b.example>", as_of=AS_OF,
        )  # fmt: skip
        opened.sent(opened.sending(one, AS_OF), AS_OF)


def plain(root: Path) -> None:
    """What nobody syncs."""
    (root / "old").write_bytes(b"new" * 5000)
    (root / "new").write_bytes(b"new" * 5000)


def damage(root: Path) -> None:
    """A ledger with a mail in it that was sent, and one night that cannot be read."""
    ledger(root)
    with open_ledger(root / ".briefgen") as opened:
        opened.begin_night(AS_OF)
    with closing(sqlite3.connect(root / ".briefgen" / "state.sqlite")) as connection, connection:
        connection.execute("UPDATE nights SET as_of = 'once'")


def repair(root: Path) -> None:
    """The damaged ledger, rebuilt."""
    rebuild(root / ".briefgen", root / "briefings", AS_OF)


def begin_draft(root: Path) -> None:
    """A draft of a meeting's reflection, which someone else has written."""
    path = draft_path(Workspace(root=root), MEETING)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old" * 5000)


def draft(root: Path) -> None:
    """Another draft of the same meeting."""
    answers = [Answers(summary="new" * 5000)]
    keep_draft(Workspace(root=root), MEETING, answers, title="", taken_up=None)


def left(root: Path) -> str:
    """What is to be found, by the next run."""
    told = []
    for path in sorted(root.rglob("*")):
        if path.name.startswith(("state-broken-", ".briefgen-")):
            continue
        if path.name == "state.sqlite":
            with open_whole_ledger(Workspace(root=root), AS_OF, []) as opened:
                told += [f"ledger {one.state}" for one in opened.latest(9)]
        elif path.is_file():
            content = path.read_bytes()
            whole = [said for said in ("new", "old") if said.encode() * 5000 in content]
            name = "draft" if path.parent.name == "drafts" else path.name
            told.append(f"{name} {whole[0] if whole else 'torn'}")
    return ", ".join(told)


PREPARED = {"repair": damage, "draft": begin_draft}
"""What is there before; in these the power is cut at one step after the other."""
DONE = {"write": write, "ledger": ledger, "plain": plain, "repair": repair, "draft": draft}


def main() -> None:
    """Do it in a separate process, for each of some seeds."""
    what, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    if not disk.load():
        print("no recorder")
        return
    disk.tidy_up()
    for seed in range(first, first + count):
        root = folder / str(seed)
        root.mkdir()
        (root / "old").write_bytes(b"old" * 5000)
        PREPARED.get(what, Path.touch)(root)
        kept, record = disk.Disk(root), os.memfd_create("record")
        child = os.fork()
        if child == 0:
            disk.watch(root, record, cut_at=seed % 20 if what in PREPARED else 0)
            DONE[what](root)
            os._exit(0)
        _, ended = os.waitpid(child, 0)
        assert ended == 0 or os.WIFSIGNALED(ended)
        kept.lose_power(os.pread(record, os.fstat(record).st_size, 0), random.Random(seed))
        os.close(record)
        print(left(root))


if __name__ == "__main__":
    main()

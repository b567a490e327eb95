"""A real CUPS scheduler of our own, with queues that print into files."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CUPSD = "/usr/sbin/cupsd"
DRIVER = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")

FILES = """\
ServerRoot {root}/etc
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/spool/tmp
ErrorLog {root}/error_log
AccessLog {root}/access_log
PageLog {root}/page_log
ServerBin {root}/bin
Sandboxing relaxed
"""
PRINTER = """\
#!/bin/sh
# Prints by writing into the file that the queue's address names, last of all its last byte.
[ $# -gt 0 ] || exit 0
paper=${DEVICE_URI#paper://}
cat "${6:--}" > "$paper.part" && mv "$paper.part" "$paper"
"""
SCHEDULER = """\
LogLevel debug
MaxLogSize 0
Listen {root}/socket
Browsing Off
DefaultAuthType None
WebInterface No
MultipleOperationTimeout 60
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
QUEUES = """\
<DefaultPrinter office>
Info office
DeviceURI paper://{root}/out/office.pdf
State Idle
Accepting Yes
</DefaultPrinter>
<Printer closed>
Info closed
DeviceURI paper://{root}/out/closed.pdf
State Idle
Accepting No
</Printer>
<Printer resting>
Info resting
DeviceURI paper://{root}/out/resting.pdf
State Stopped
Accepting Yes
</Printer>
"""


@dataclass(frozen=True, kw_only=True)
class Cups:
    """A running scheduler: its folder, and where its office printer's paper lands."""

    root: Path

    @property
    def paper(self) -> Path:
        """What the office printer printed last."""
        return self.root / "out" / "office.pdf"

    def waiting(self) -> str:
        """The jobs that wait, or are being printed."""
        asked = ["lpstat", "-o", "office"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    def printed(self, seconds: float = 20) -> bytes:
        """The last job's PDF, without the printer's own commands around it, once nothing waits."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.waiting() and self.paper.exists():
                paper = self.paper.read_bytes()
                return paper[paper.index(b"%PDF") : paper.rindex(b"%%EOF") + len(b"%%EOF\n")]
            time.sleep(0.05)
        log = (self.root / "error_log").read_text().splitlines()
        raise AssertionError("\n".join([line for line in log if "[Job" in line][-80:]))


def _missing() -> str:
    parts = [CUPSD if shutil.which(CUPSD) is None else "", "lp" if not shutil.which("lp") else ""]
    parts.append("" if DRIVER.exists() else str(DRIVER))
    return ", ".join(part for part in parts if part)


@pytest.fixture(scope="session")
def scheduler() -> Iterator[Cups]:
    """The scheduler, listening on its own socket for the whole session."""
    if missing := _missing():
        text = f"no {missing}: sudo apt install cups-daemon cups-client cups-filters"
        if os.environ.get("CI") == "true":
            pytest.fail(f"printing cannot be tested here: {text}")
        pytest.skip(text)
    root = Path(tempfile.mkdtemp(prefix="cups-"))
    root.chmod(0o755)  # the filters run as their own user
    for folder in ("etc/ppd", "spool/tmp", "cache", "state", "out", "bin/backend"):
        (root / folder).mkdir(parents=True)
    for part in ("daemon", "filter"):
        (root / "bin" / part).symlink_to(Path("/usr/lib/cups") / part)
    printer = root / "bin/backend/paper"
    printer.write_text(PRINTER)
    printer.chmod(0o700)  # so that it runs as whoever runs the tests
    (root / "etc/cups-files.conf").write_text(FILES.format(root=root))
    (root / "etc/cupsd.conf").write_text(SCHEDULER.format(root=root))
    (root / "etc/printers.conf").write_text(QUEUES.format(root=root))
    for queue in ("office", "closed", "resting"):
        shutil.copy(DRIVER, root / "etc/ppd" / f"{queue}.ppd")
    with (root / "output").open("wb") as output:
        running = subprocess.Popen(
            [CUPSD, "-f", "-c", root / "etc/cupsd.conf", "-s", root / "etc/cups-files.conf"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        for _ in range(200):
            if (root / "socket").exists():
                break
            assert running.poll() is None, (root / "output").read_text()
            time.sleep(0.05)
        yield Cups(root=root)
    finally:
        running.terminate()
        running.wait(timeout=20)
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def cups(scheduler: Cups, monkeypatch: pytest.MonkeyPatch) -> Cups:
    """The scheduler, as the one that `lp` finds, with no paper out yet."""
    monkeypatch.setenv("CUPS_SERVER", str(scheduler.root / "socket"))
    while scheduler.waiting():  # for what the test before has sent
        time.sleep(0.05)
    scheduler.paper.unlink(missing_ok=True)
    return scheduler


@pytest.fixture
def no_cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where no scheduler listens."""
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "socket"))
    return tmp_path

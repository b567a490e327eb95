"""The night as a real cron and a real systemd start it, apart from those of the machine."""

import os
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefgen.cli import main
from briefgen.upkeep.schedule import schedule_name

APART = ("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc")
BRIEFGEN = shlex.join([sys.executable, "-m", "briefgen"])
SYSTEMD = "/lib/systemd/systemd"
UNTIL = "for _ in $(seq 1200); do {there} && break; sleep 0.1; done\n"
NO_MANAGER = "no-user-manager"
CRON = """\
mount -t tmpfs -o mode=1730,gid=crontab tmpfs /var/spool/cron/crontabs
{briefgen} schedule install --with cron --at 22:00 --workspace {root}
{before}
LD_PRELOAD='/usr/$LIB/faketime/libfaketime.so.1' FAKETIME='@2026-11-22 {clock}' \\
    FAKETIME_DISABLE_SHM=1 cron -f &
"""
SYSTEMD_OF_ONES_OWN = """\
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
{systemd} --user --log-target=null &
"""


def apart(script: str, home: Path) -> str:
    """What a script prints as root with an empty `/run`; all that it started ends with it."""
    if os.geteuid() or subprocess.run([*APART, "true"], check=False).returncode:
        pytest.skip("only root may start a scheduler of its own")
    done = subprocess.run(
        [
            *APART,
            "bash",
            "-euc",
            "mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /dev/shm\n" + script,
        ],
        check=True,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(home),
            "XDG_RUNTIME_DIR": "/run/user",
            "TZ": "UTC",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        },
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    return done.stdout


def need(*commands: str) -> None:
    """Skip the test if one of them is not installed."""
    for command in commands:
        if shutil.which(command, path="/usr/bin:/bin:/usr/sbin:/sbin") is None:
            pytest.skip(f"no {command}: sudo apt install {Path(command).name}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a meeting every day."""
    assert CliRunner().invoke(main, ["init", "--sample", str(tmp_path / "work")]).exit_code == 0
    return tmp_path / "work"


@pytest.mark.parametrize(
    ("clock", "before"),
    [("21:59:58", "touch /run/crond.reboot"), ("23:00:00", "")],
    ids=["at ten", "after a restart"],
)
def test_cron_makes_the_briefs(root: Path, tmp_path: Path, clock: str, before: str) -> None:
    """At the hour that was asked for, and when a machine that was off then has started again."""
    need("cron", "crontab", "faketime")
    script = CRON.format(briefgen=BRIEFGEN, root=root, clock=clock, before=before)
    apart(script + UNTIL.format(there=f"compgen -G '{root}/briefings/*/packet.pdf'"), tmp_path)
    assert list(root.glob("briefings/*/packet.pdf")), (root / ".briefgen/nightly.log").read_text()


def test_systemd_makes_up_for_a_night_that_was_missed(root: Path, tmp_path: Path) -> None:
    """The machine was off for three days: briefs are made at once, and the next night is known."""
    need(SYSTEMD, "systemctl")
    name = schedule_name(root)
    stamp = tmp_path / f".local/share/systemd/timers/stamp-{name}.timer"
    stamp.parent.mkdir(parents=True)
    stamp.touch()
    before = (datetime.now().astimezone() - timedelta(days=3)).timestamp()
    os.utime(stamp, (before, before))
    quick = tmp_path / f".config/systemd/user/{name}.service.d/quick.conf"
    quick.parent.mkdir(parents=True)
    quick.write_text("[Service]\nNice=0\n")  # on a busy machine nobody would wait for it
    show = f"systemctl --user show {name}.service --value -p"
    script = (
        SYSTEMD_OF_ONES_OWN.format(systemd=SYSTEMD)
        + UNTIL.format(there="systemctl --user show-environment >/dev/null 2>&1")
        + f"systemctl --user show-environment >/dev/null || {{ echo {NO_MANAGER}; exit; }}\n"
        + f"{BRIEFGEN} schedule install --with systemd --workspace {root} >&2\n"
        + UNTIL.format(there=f"[ $({show} ExecMainExitTimestampMonotonic) != 0 ]")
        + f"{show} Result\n{BRIEFGEN} schedule show --workspace {root}\n"
    )
    printed = apart(script, tmp_path)
    if NO_MANAGER in printed:
        pytest.skip(
            "systemd starts no user manager here (it needs the control groups of the kernel)"
        )
    assert list(root.glob("briefings/*/packet.pdf")), printed
    assert "success" in printed
    assert "systemd: next run " in printed

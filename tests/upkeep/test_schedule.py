"""The schedule: texts that systemd, cron and launchd understand, put in place and taken away."""

import json
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from briefgen.cli import main
from briefgen.upkeep.schedule import (
    CannotSchedule,
    Schedule,
    cron_lines,
    crontab_part,
    crontab_with,
    crontab_without,
    launchd_agent,
    systemd_units,
)

SETTINGS = """\
me: {name: Robin Keller, emails: [robin@keller.example], internal_domains: [keller.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
nightly: {email: false}
"""
EMPTY_FEED = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
ODD = 'my 100% $HOME "work" it\'s'


def schedule_of(root: Path, **more: object) -> Schedule:
    """A schedule for a workspace, at ten each night."""
    known: dict[str, object] = {
        "root": root,
        "command": (sys.executable, "-m", "briefgen"),
        "times": (time(22, 0),),
        "path": "/usr/bin:/bin",
        "log": root / ".briefgen" / "nightly.log",
    }
    return Schedule(**{**known, **more})  # type: ignore[arg-type]


def test_the_timer_makes_up_for_a_missed_night() -> None:
    """It persists, runs at the user's own hour, and starts the service of its own name."""
    units = systemd_units(schedule_of(Path("/w/work"), zone="Europe/Berlin"))
    names = sorted(units)
    stem = names[1].removesuffix(".service")
    assert names == [f"{stem}-failed.service", f"{stem}.service", f"{stem}.timer"]
    timer = units[f"{stem}.timer"]
    assert "Persistent=true\n" in timer
    assert "OnCalendar=*-*-* 22:00:00 Europe/Berlin\n" in timer
    assert f"OnFailure={stem}-failed.service\n" in units[f"{stem}.service"]
    assert "SuccessExitStatus=75\n" in units[f"{stem}.service"]


def test_a_mail_ahead_of_each_meeting_means_a_run_each_quarter_of_an_hour(tmp_path: Path) -> None:
    """In the timer, the crontab and the agent."""
    schedule = schedule_of(tmp_path, times=())
    assert any("OnCalendar=*-*-* *:0/15:00\n" in text for text in systemd_units(schedule).values())
    assert cron_lines(schedule)[1].startswith("*/15 * * * * ")
    assert plistlib.loads(launchd_agent(schedule))["StartInterval"] == 900


@pytest.mark.parametrize("name", ["work", "my work", ODD, "back\\slash", "Büro 東京"])
def test_systemd_accepts_the_units_for_any_path(tmp_path: Path, name: str) -> None:
    """Its own checker finds nothing to say, whatever the folder is called."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze: sudo apt install systemd")
    units = tmp_path / "units"
    units.mkdir()
    texts = systemd_units(schedule_of(tmp_path / name, zone="Europe/Berlin"))
    for file, text in texts.items():
        (units / file).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *sorted(units.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    said = [line for line in checked.stderr.splitlines() if "briefgen" in line]
    assert (checked.returncode, said) == (0, [])


def test_a_path_that_could_break_a_line_is_refused() -> None:
    """A newline in a folder's name would be its own line in a unit or crontab."""
    with pytest.raises(CannotSchedule, match="control character"):
        schedule_of(Path("/w/a\n* * * * * evil"))


def test_two_workspaces_of_one_name_have_schedules_of_their_own() -> None:
    """The hash of the path distinguishes them."""
    assert schedule_of(Path("/a/work")).name != schedule_of(Path("/b/work")).name


@given(
    st.lists(
        st.text(
            st.characters(
                codec="utf-8", exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
            ),
            max_size=30,
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_a_crontab_gets_its_part_once_and_loses_nothing(lines: list[str], ended: bool) -> None:  # noqa: FBT001
    """Put in twice it is the same; taken out, all that was there is as it was."""
    before = "\n".join(lines) + ("\n" if ended and lines else "")
    schedule = schedule_of(Path("/w/my work"))
    with_it = crontab_with(before, schedule)
    assert crontab_with(with_it, schedule) == with_it
    without = crontab_without(with_it, schedule.root)
    assert without in {before, f"{before}\n"}
    assert crontab_without(with_it, Path("/w/other")) == with_it


def test_a_part_without_its_end_is_left_alone() -> None:
    """Someone cut into it: nobody knows where it ends, and nothing of others is taken."""
    schedule = schedule_of(Path("/w/work"))
    begin = cron_lines(schedule)[0]
    torn = f"{begin}\n0 0 * * * mine\n"
    assert crontab_without(torn, schedule.root) == torn
    assert crontab_part(torn, schedule.root) == ()


def test_the_line_of_cron_runs_a_night(tmp_path: Path) -> None:
    """As cron does: percent signs freed, the rest given to sh, in an oddly named folder."""
    root = workspace(tmp_path / ODD)
    (root / ".briefgen").mkdir()
    line = cron_lines(schedule_of(root))[1]
    command = line.removeprefix("0 22 * * * ").replace(r"\%", "%")
    assert "%" not in line.replace(r"\%", "")
    source = str(Path(__file__).resolve().parents[2] / "src")
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        check=False,
        env={"HOME": str(tmp_path), "PYTHONPATH": source, "SHELL": "/bin/sh"},
        cwd=tmp_path,
    )
    assert done.returncode == 0, (root / ".briefgen" / "nightly.log").read_text()
    assert (root / ".briefgen" / "state.sqlite").exists()


def test_the_agent_of_launchd_is_a_property_list(tmp_path: Path) -> None:
    """Arguments as a list, the hours as numbers."""
    agent = plistlib.loads(launchd_agent(schedule_of(tmp_path / ODD)))
    assert agent["ProgramArguments"][-4:] == [
        "nightly",
        "--workspace",
        str(tmp_path / ODD),
        "--quiet",
    ]
    assert agent["StartCalendarInterval"] == [{"Hour": 22, "Minute": 0}]
    assert agent["Label"].startswith("briefgen-")


def workspace(root: Path) -> Path:
    """A workspace with an empty calendar."""
    (root / "data").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    (root / "data" / "calendar.ics").write_text(EMPTY_FEED)
    return root


CRONTAB = """\
#!/bin/sh
case "$1" in
-l) [ -f "$HOME/crontab" ] || { echo "no crontab for you" >&2; exit 1; }; cat "$HOME/crontab" ;;
-) cat > "$HOME/crontab" ;;
*) exit 2 ;;
esac
"""
SYSTEMCTL = """\
#!/bin/sh
echo "$@" >> "$HOME/calls"
case "$2" in
show-environment) echo HOME=$HOME ;;
show) echo NextElapseUSecRealtime=Mon 22:00 ;;
esac
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with its own PATH, on which there is nothing yet."""
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home}/bin")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("cat", "sh"):
        (home / "bin" / name).symlink_to(f"/bin/{name}")
    return home


def put(home: Path, commands: Mapping[str, str]) -> None:
    """Commands of the system that keep what they are given in the home."""
    for name, script in commands.items():
        (home / "bin" / name).write_text(script)
        (home / "bin" / name).chmod(0o755)


def call(root: Path, *arguments: str) -> Result:
    """`briefgen schedule`."""
    return CliRunner().invoke(main, ["schedule", *arguments, "-w", str(root)])


def files(home: Path) -> list[str]:
    """The units in a home."""
    return sorted(path.name for path in (home / ".config" / "systemd" / "user").glob("*"))


def test_systemd_is_installed_shown_and_removed(home: Path, tmp_path: Path) -> None:
    """It says what it wrote; again, that nothing changed; removed, only its own is gone."""
    put(home, {"systemctl": SYSTEMCTL})
    root = workspace(tmp_path / "my work")
    first = call(root, "install", "--at", "21:30")
    assert first.exit_code == 0, first.output
    assert first.stdout.count("wrote ") == 3
    timer = next(name for name in files(home) if name.endswith(".timer"))
    assert f"--user enable --now {timer}" in (home / "calls").read_text()
    again = call(root, "install", "--at", "21:30")
    assert again.stdout.count("unchanged ") == 3
    other = home / ".config" / "systemd" / "user" / "other.timer"
    other.write_text("[Timer]\n")
    shown = call(root, "show")
    assert "systemd: next run Mon 22:00" in shown.stdout
    assert "OnCalendar=*-*-* 21:30:00 Europe/Berlin" in shown.stdout
    removed = call(root, "remove")
    assert removed.stdout.count("removed ") == 3
    assert files(home) == ["other.timer"]
    assert f"--user disable --now {timer}" in (home / "calls").read_text()
    assert "nothing to remove" in call(root, "remove").stdout


def test_anothers_unit_of_the_same_name_is_left_alone(home: Path, tmp_path: Path) -> None:
    """It is neither overwritten nor removed."""
    put(home, {"systemctl": SYSTEMCTL})
    root = workspace(tmp_path / "work")
    units = home / ".config" / "systemd" / "user"
    units.mkdir(parents=True)
    name = f"{schedule_of(root).name}.timer"
    (units / name).write_text("[Timer]\nOnCalendar=daily\n")
    result = call(root, "install")
    assert result.exit_code == 1
    assert "not written by briefgen" in result.stderr
    call(root, "remove")
    assert (units / name).read_text() == "[Timer]\nOnCalendar=daily\n"


def test_cron_where_there_is_no_systemd(home: Path, tmp_path: Path) -> None:
    """The user's own lines stay; ours come and go."""
    put(home, {"crontab": CRONTAB})
    root = workspace(tmp_path / "my work")
    (home / "crontab").write_text("5 4 * * sun mine\n")
    assert call(root, "install").exit_code == 0
    assert "unchanged crontab" in call(root, "install").stdout
    lines = (home / "crontab").read_text().splitlines()
    assert lines[0] == "5 4 * * sun mine"
    assert [line.split(" PATH=")[0] for line in lines[2:-1]] == [
        *("0 6 * * *", "0 22 * * *", "@reboot"),
    ]
    assert shlex.quote(str(root)) in lines[2]
    shown = json.loads(call(root, "show", "--json").stdout)
    assert [one["scheduler"] for one in shown["installed"]] == ["cron"]
    assert call(root, "remove").exit_code == 0
    assert (home / "crontab").read_text() == "5 4 * * sun mine\n"


def test_launchd_is_given_its_agent_and_loses_it_again(home: Path, tmp_path: Path) -> None:
    """A property list with the keys of launchd.plist(5), loaded for this user; then unloaded."""
    put(home, {"launchctl": '#!/bin/sh\necho "$@" >> "$HOME/calls"\n'})
    root = workspace(tmp_path / "my work")
    assert call(root, "install", "--with", "launchd", "--at", "21:30").exit_code == 0
    (file,) = (home / "Library" / "LaunchAgents").iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert file.name == f"{agent['Label']}.plist"
    assert agent["ProgramArguments"][0].startswith("/")
    assert agent["StartCalendarInterval"] == [{"Hour": 21, "Minute": 30}]
    assert agent["EnvironmentVariables"] == {"PATH": f"{home}/bin"}
    assert Path(agent["StandardOutPath"]).parent.is_dir()
    assert f"bootstrap gui/{os.getuid()} {file}" in (home / "calls").read_text()
    shown = json.loads(call(root, "show", "--json").stdout)
    assert [one["scheduler"] for one in shown["installed"]] == ["launchd"]
    (home / "calls").unlink()
    assert call(root, "remove").exit_code == 0
    assert (home / "calls").read_text() == f"bootout gui/{os.getuid()}/{agent['Label']}\n"
    assert not file.exists()


def test_a_new_scheduler_takes_over_from_the_old(home: Path, tmp_path: Path) -> None:
    """A night is never started by two."""
    put(home, {"crontab": CRONTAB})
    root = workspace(tmp_path / "work")
    call(root, "install")
    put(home, {"systemctl": SYSTEMCTL})
    assert "removed from crontab" in call(root, "install").stdout
    assert "briefgen" not in (home / "crontab").read_text()
    assert len(files(home)) == 3


@pytest.mark.parametrize(
    ("fake", "text"), [({"crontab": CRONTAB}, "0 22 * * *"), ({"systemctl": SYSTEMCTL}, "[Timer]")]
)
def test_show_tells_what_an_installation_would_write(
    home: Path, tmp_path: Path, fake: dict[str, str], text: str
) -> None:
    """Nothing is written, and afterwards the same text is shown as installed."""
    put(home, fake)
    root = workspace(tmp_path / "work")
    shown = call(root, "show").stdout
    assert text in shown.partition("nothing starts the night")[2]
    assert not files(home)
    call(root, "install")
    installed = call(root, "show").stdout
    assert shown.partition(":\n\n")[2].strip() in installed


def test_without_any_scheduler_it_is_said(home: Path, tmp_path: Path) -> None:
    """Status 1, and what would help."""
    result = call(workspace(tmp_path / "work"), "install")
    assert result.exit_code == 1
    assert "apt install cron" in result.stderr
    assert "nothing starts the night" in call(tmp_path / "work", "show").stdout


def test_mail_ahead_of_meetings_is_scheduled_by_itself(home: Path, tmp_path: Path) -> None:
    """`mail.when: 2h` needs no option."""
    put(home, {"systemctl": SYSTEMCTL})
    root = workspace(tmp_path / "work")
    mail = "mail: {host: smtp.x.example, from: a@x.example, to: [a@x.example], when: 2h}\n"
    (root / "briefgen.yaml").write_text(SETTINGS.replace("nightly: {email: false}\n", mail))
    assert call(root, "install").exit_code == 0
    assert "OnCalendar=*-*-* *:0/15:00" in call(root, "show").stdout


def test_a_time_that_is_none_is_wrong_use(home: Path, tmp_path: Path) -> None:
    """Status 2, with how to write it."""
    put(home, {"systemctl": SYSTEMCTL})
    result = call(workspace(tmp_path / "work"), "install", "--at", "25:00")
    assert result.exit_code == 2
    assert "22:00" in result.stderr


@pytest.mark.parametrize(
    ("monitor", "told"),
    [
        ({"MONITOR_SERVICE_RESULT": "timeout", "MONITOR_EXIT_STATUS": "TERM"}, True),
        ({"MONITOR_SERVICE_RESULT": "oom-kill"}, True),
        ({"MONITOR_SERVICE_RESULT": "exit-code", "MONITOR_EXIT_STATUS": "1"}, False),
    ],
)
def test_a_night_that_died_is_told_of_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    monitor: dict[str, str],
    told: bool,  # noqa: FBT001
) -> None:
    """Killed, it could not tell; ended by itself with a failure, it has."""
    root = workspace(tmp_path / "work")
    heard = tmp_path / "heard"
    command = shlex.join(["/bin/sh", "-c", f"cat > {shlex.quote(str(heard))}"])
    with (root / "briefgen.yaml").open("a") as settings:
        settings.write(f"on_failure_command: {json.dumps(command)}\n")
    for name, value in monitor.items():
        monkeypatch.setenv(name, value)
    assert call(root, "failed").exit_code == 0
    assert heard.exists() == told
    if told:
        assert "died" in heard.read_text()

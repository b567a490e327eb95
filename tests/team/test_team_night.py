"""A team's night with real processes, a real mail server and both kinds of ledger."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
import team_driver
from click.testing import CliRunner
from mail_servers import PASSWORD, Office
from team_deaths import mortal_night

from briefgen.cli import main
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.mail import message_id_of
from briefgen.team.night import Run, Tally, run_here, run_on_dask, run_team, tasks_of
from briefgen.team.roster import Roster, parse_roster
from briefgen.team.store import LeaseTaken, open_store
from briefgen.team.task import MOST_BYTES, Result, run_task
from briefgen.workspace.folder import Workspace, only_run
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase

MakeTeam = Callable[..., Path]

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
HERE: Run = partial(run_here, jobs=2, work=mortal_night)
DASK: Run = partial(run_on_dask, address=None, jobs=2, work=mortal_night)


def read(file: Path) -> Roster:
    """The roster in a file, in which nothing is wrong."""
    roster, problems = parse_roster(file.read_bytes(), file=file.name, folder=file.parent)
    assert roster is not None, problems
    return roster


def run(
    file: Path,
    engine: Run,
    *,
    shard: tuple[int, int] | None = None,
    patience: timedelta = timedelta(),
    wait: Callable[[float], None] = lambda _: None,
    as_of: datetime = AS_OF,
) -> list[Result]:
    """A night of everyone in a roster."""
    tasks = tasks_of(read(file), Tally(), as_of=as_of, shard=shard)
    return list(run_team(tasks, engine, patience=patience, wait=wait))


def recipients(office: Office) -> Counter[str]:
    """How many mails each person got."""
    return Counter(to for one in office.mailbox.received for to in one.rcpt_tos)


@pytest.mark.parametrize("engine", [HERE, DASK], ids=["local", "dask"])
def test_workers_that_are_killed_lose_and_repeat_nothing(
    make_team: MakeTeam, office: Office, ledger: str, engine: Run, tmp_path: Path
) -> None:
    """Twenty people, one worker killed before the dot and one between the 250 and the commit.

    Everyone has their mail; only the one in that window has it twice, under one Message-ID.
    """
    roster = make_team(20, ledger)
    (tmp_path / "deaths" / "before-sending").touch()
    (tmp_path / "deaths" / "after-250").touch()
    results = run(roster, engine)
    assert list((tmp_path / "deaths").iterdir()) == []
    assert Counter(one.state for one in results) == {"done": 20}
    assert sorted(one.person for one in results) == sorted(f"p{n}" for n in range(20))
    got = recipients(office)
    assert len(got) == 20
    assert sum(got.values()) == 21
    assert len(set(office.mailbox.ids)) == 20
    for number in range(20):
        names = [file.name for file in (tmp_path / f"p{number}/briefings/2026-11-23").iterdir()]
        assert sorted(names) == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]


def test_a_second_run_mails_nothing(make_team: MakeTeam, office: Office, ledger: str) -> None:
    """The unit is idempotent: a night that is run again finds all of it done."""
    roster = make_team(3, ledger)
    run(roster, HERE)
    again = run(roster, HERE)
    assert [one.state for one in again] == ["done"] * 3
    assert len(office.mailbox.received) == 3


def test_an_assistant_gets_a_mail_for_each_of_two_people(
    make_team: MakeTeam, office: Office
) -> None:
    """One sender, one recipient and the same meetings: yet each mail has its own name."""
    run(make_team(2, to="assistant@firm.example"), HERE)
    assert recipients(office) == {"assistant@firm.example": 2}
    assert len(set(office.mailbox.ids)) == 2


def test_one_persons_mails_keep_their_names() -> None:
    """Without an owner a mail is named as ever; with one, otherwise."""
    told = {"sender": "a@keller.example", "about": "day", "recipient": "b", "version": "1"}
    alone = message_id_of(**told, ordinal=0)
    assert alone == "<39595f679f34345092b34f331c88b97a73665c24@keller.example>"
    assert Ledger.owner == ""
    assert message_id_of(**told, ordinal=0, owner="ann") != alone


def test_another_machine_knows_what_was_mailed(
    make_team: MakeTeam, office: Office, ledger: str, tmp_path: Path
) -> None:
    """The team's ledger tells a worker that has none of the person's own memory."""
    roster = make_team(2, ledger)
    run(roster, HERE)
    for number in range(2):
        (tmp_path / f"p{number}/.briefgen/state.sqlite").unlink()
    assert [one.state for one in run(roster, HERE)] == ["done"] * 2
    assert len(office.mailbox.received) == 2


def test_one_broken_person_costs_nobody_else_anything(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Bad settings and a missing workspace are in the report, with place and person."""
    roster = make_team(4)
    (tmp_path / "p1/briefgen.yaml").write_text("version: 1\nlocale: xx_YY\n")
    (tmp_path / "p2/briefgen.yaml").unlink()
    results = {one.person: one for one in run(roster, HERE)}
    assert [results[f"p{n}"].state for n in range(4)] == ["done", "failed", "failed", "done"]
    bad = results["p1"].problems[0]
    assert (bad["file"], bad["line"]) == ("briefgen.yaml", 2)
    assert "briefgen init" in results["p2"].problems[0]["message"]
    assert set(recipients(office)) == {"p0@firm.example", "p3@firm.example"}


def test_a_workspace_that_cannot_be_copied_is_a_failed_night_in_the_report_too(
    make_team: MakeTeam, tmp_path: Path, ledger: str
) -> None:
    """The reason names the missing package; the ledger has the night as failed, not as running."""
    roster = make_team(2, ledger)
    text = roster.read_text().replace("workspace: p1", "workspace: 'abfs://briefs/p1'")
    roster.write_text(text)
    results = {one.person: one for one in run(roster, HERE)}
    assert results["p1"].state == "failed"
    assert "Install adlfs" in results["p1"].problems[0]["message"]
    with open_store(read(roster).store) as store:
        told = {one["person"]: one for one in store.results(AS_OF.date())}
    assert told["p1"]["state"] == "failed"
    assert told["p1"]["problems"] == [dict(one) for one in results["p1"].problems]
    assert told["p0"]["state"] == "done"


def test_shards_share_everybody_out_once(make_team: MakeTeam, office: Office) -> None:
    """Each person is in exactly one part of n."""
    roster = make_team(6)
    parts = [run(roster, HERE, shard=(i, 3)) for i in range(3)]
    assert sorted(one.person for part in parts for one in part) == [f"p{n}" for n in range(6)]
    assert sum(recipients(office).values()) == 6


def test_who_is_at_work_is_left_alone(make_team: MakeTeam, ledger: str) -> None:
    """A lease is one worker's; each time it is taken, the fence of the one before is void."""
    roster = read(make_team(1, ledger))
    night = AS_OF.date()
    with open_store(roster.store) as one, open_store(roster.store) as other:
        with one.lease("p0", night) as first:
            with pytest.raises(LeaseTaken), other.lease("p0", night):
                pass
            (task,) = tasks_of(roster, Tally(), as_of=AS_OF, shard=None)
            assert run_task(task).state == "running elsewhere"
        with other.lease("p0", night) as second:
            assert second.fence > first.fence
            with pytest.raises(Exception, match="taken this night over"):
                first.finish("done", {})


def test_mail_that_is_put_off_is_tried_again_within_the_night(
    make_team: MakeTeam, office: Office
) -> None:
    """Greylisting for one person costs a second try a quarter of an hour later, not the night."""
    roster = make_team(2)
    office.mailbox.refused["p1@firm.example"] = "451 later"
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        office.mailbox.refused.clear()

    results = run(roster, HERE, patience=timedelta(minutes=30), wait=wait)
    assert [one.state for one in results] == ["done", "done"]
    assert recipients(office) == {"p0@firm.example": 1, "p1@firm.example": 1}
    assert len(waits) == 1
    assert 0 < waits[0] <= 15 * 60


def test_a_run_that_waits_says_for_what_and_until_when(
    make_team: MakeTeam, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it sleeps, and once; a run without patience has nothing to say of it."""
    roster = make_team(2)
    office.mailbox.refused["p1@firm.example"] = "451 later"
    said: list[str] = []

    def wait(_: float) -> None:
        sys.stdout.flush()
        said.append(sys.stdout.buffer.getvalue().decode())  # type: ignore[attr-defined]  # click's
        office.mailbox.refused.clear()

    monkeypatch.setattr("briefgen.cli.team.run_team", partial(run_team, wait=wait))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    command = ["team", "run", "--roster", str(roster), "--as-of", "2026-11-22T22:10"]
    told = CliRunner().invoke(main, [*command, "--jobs", "1"])
    assert told.exit_code == 0, told.output
    waits = "1 night waits until 22:25 and is then tried again: mail to p1@firm.example: "
    assert [one.count(waits) for one in said] == [1]
    assert "451 later" in said[0]
    assert told.output.count("tried again") == 1
    assert "tried again" not in CliRunner().invoke(main, [*command, "--patience", "0"]).output


def test_a_run_that_waits_for_another_says_so(
    make_team: MakeTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose night is running elsewhere is looked at again once the other run has ended."""
    roster = make_team(1, "common: {nightly: {email: no}}")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    with ExitStack() as held:
        held.enter_context(only_run(Workspace(root=roster.parent / "p0")))
        wait = partial(run_team, wait=lambda _: held.close())
        monkeypatch.setattr("briefgen.cli.team.run_team", wait)
        command = ["team", "run", "--roster", str(roster), "--as-of", "2026-11-22T22:10"]
        told = CliRunner().invoke(main, [*command, "--jobs", "1"])
    assert told.exit_code == 0, told.output
    assert "1 night waits until 22:25 and is then tried again: running elsewhere" in told.output


def test_a_worker_of_another_version_is_refused(make_team: MakeTeam) -> None:
    """Both versions are reported."""
    from briefgen import __version__

    (task,) = tasks_of(read(make_team(1)), Tally(), as_of=AS_OF, shard=None)
    result = run_task(replace(task, version="0.0.1"))
    assert result.state == "failed"
    assert "0.0.1" in result.problems[0]["message"]
    assert __version__ in result.problems[0]["message"]


def test_a_clock_that_is_wrong_is_noticed(make_team: MakeTeam) -> None:
    """A task from an hour ahead comes from a clock that differs."""
    roster = make_team(1, "common: {nightly: {email: no}}")
    (task,) = tasks_of(read(roster), Tally(), as_of=AS_OF, shard=None)
    (told,) = list(run_here([replace(task, sent=task.sent + 3600)], jobs=1, work=mortal_night))
    assert "clock" in told.problems[0]["message"]
    assert told.state == "done"


def test_a_database_that_is_lost_while_mail_goes_out_costs_one_night_a_second_try(
    make_team: MakeTeam, office: Office, tmp_path: Path, postgres: str
) -> None:
    """Its connection ends between the server's 250 and the commit; nobody else's night suffers.

    That night is reported as failed. The next run sends the mail again, under the same Message-ID.
    """
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE lost")
    roster = make_team(3, f"ledger: {postgres.replace('/postgres?', '/lost?')}")
    (tmp_path / "deaths" / "lost-after-250").touch()
    results = run(roster, HERE)
    assert Counter(one.state for one in results) == {"done": 2, "failed": 1}
    (failed,) = (one for one in results if one.state == "failed")
    assert "ledger" in failed.problems[0]["message"]
    assert [one.state for one in run(roster, HERE)] == ["done"] * 3
    got = recipients(office)
    assert got == {f"p{n}@firm.example": 1 + (f"p{n}" == failed.person) for n in range(3)}
    assert len(set(office.mailbox.ids)) == 3


def test_a_rate_is_shared_by_all(make_team: MakeTeam, ledger: str) -> None:
    """Two workers that ask for turns of one server and sender get one after the other."""
    roster = read(make_team(1, ledger))
    with open_store(roster.store) as one, open_store(roster.store) as other:
        waits = [
            store.wait_for_turn("smtp:587", "a@firm.example", 1, per_minute=60)
            for store in (one, other, one)
        ]
        assert other.wait_for_turn("smtp:587", "b@firm.example", 1, per_minute=60) == 0
    assert waits[0] == 0
    assert 0.5 < waits[1] <= 1
    assert 1.5 < waits[2] <= 2


def test_the_command_runs_reports_and_checks(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Status 3 where some people's nights failed; the report says the same afterwards."""
    roster = make_team(2, "common: {nightly: {packet: no}}")
    (tmp_path / "p1/briefgen.yaml").write_text("version: 1\ntimezone: Mars/Base\n")
    runner = CliRunner()
    options = ["--roster", str(roster), "--json"]
    checked = runner.invoke(main, ["team", "check", *options])
    assert checked.exit_code == 1
    problem, *_ = json.loads(checked.stdout)["problems"]
    assert (problem["file"], problem["line"]) == ("p1: briefgen.yaml", 2)
    ran = runner.invoke(
        main,
        ["team", "run", *options, "--jobs", "1", "--as-of", "2026-11-22T22:10"],
    )
    assert ran.exit_code == 3, ran.output
    people = {one["person"]: one for one in json.loads(ran.stdout)["people"]}
    assert people["p0"] == {
        "person": "p0",
        "state": "done",
        "briefs": 2,
        "mails": 1,
        "problems": [],
    }
    assert people["p1"]["state"] == "failed"
    told = runner.invoke(main, ["team", "report", *options])
    assert told.exit_code == 3
    assert {one["person"]: one for one in json.loads(told.stdout)["people"]} == people
    assert PASSWORD not in ran.output + told.output


def test_a_persons_problems_are_told_in_the_terminals_language(
    make_team: MakeTeam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come from the workers as phrases; `--json` has them in English."""
    roster = make_team(1)
    (tmp_path / "p0/briefgen.yaml").write_text("version: 1\nlocale: xx_YY\n")
    (result,) = run(roster, HERE)
    english = result.problems[0]["message"]
    assert isinstance(english, Phrase)
    command = ["team", "run", "--roster", str(roster), "--jobs", "1", "--as-of", "2026-11-22T22:10"]
    told = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert told["people"][0]["problems"][0]["message"] == english
    monkeypatch.setenv("BRIEFGEN_LANG", "de")
    german = CliRunner().invoke(main, command).output
    assert language_of("de_DE").said(english) in german
    assert english not in german


def test_a_result_is_at_most_a_kilobyte(make_team: MakeTeam, tmp_path: Path) -> None:
    """However much is wrong with someone."""
    roster = make_team(1)
    lines = [f"{'nonsense' * 20}{n}: x" for n in range(200)]
    (tmp_path / "p0/briefgen.yaml").write_text("\n".join(["version: 1", *lines]))
    (result,) = run(roster, HERE)
    assert result.state == "failed"
    assert result.problems
    assert len(json.dumps(result.as_json())) <= MOST_BYTES


def test_a_driver_that_is_killed_is_begun_again(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Its workers end what they are at and go; the next run does the rest, and nothing twice."""
    roster = make_team(6)
    driver = subprocess.Popen(
        [sys.executable, Path(team_driver.__file__), roster], stdout=subprocess.PIPE, text=True
    )
    assert driver.stdout is not None
    assert driver.stdout.readline().endswith("done\n")
    workers = [child for child in psutil.Process(driver.pid).children() if child.is_running()]
    driver.kill()
    driver.stdout.close()
    driver.wait()
    left = psutil.wait_procs(workers, timeout=20)[1]
    for worker in left:
        worker.kill()
    assert left == []
    assert 1 <= len(office.mailbox.received) < 6
    results = run(roster, HERE)
    assert Counter(one.state for one in results) == {"done": 6}
    assert recipients(office) == {f"p{n}@firm.example": 1 for n in range(6)}
    assert len(list(tmp_path.glob("p*/briefings/2026-11-23/*.pdf"))) == 12


def test_the_teams_ledger_forgets(make_team: MakeTeam, tmp_path: Path) -> None:
    """Whom a person forgets is struck from it in the next night; all is gone after 90 days."""
    roster = make_team(1)
    store = tmp_path / ".briefgen/team.sqlite"
    run(roster, HERE)
    assert b"dana@acme.example" in store.read_bytes()
    forget = ["contacts", "forget", "dana", "--yes", "-w", str(tmp_path / "p0")]
    assert CliRunner().invoke(main, forget).exit_code == 0
    run(roster, HERE, as_of=AS_OF + timedelta(days=80))
    assert b"dana@acme.example" not in store.read_bytes()
    with open_store(str(store)) as opened:
        assert len(opened.run("SELECT 1 FROM team_deliveries")) == 1
    late = ["--as-of", "2027-02-25T22:10", "--jobs", "1", "--patience", "0"]
    done = CliRunner().invoke(main, ["team", "run", "--roster", str(roster), *late])
    assert done.exit_code == 0, done.output
    with open_store(str(store)) as opened:
        assert opened.run("SELECT 1 FROM team_deliveries") == []
        assert opened.nights() == ["2027-02-25", "2027-02-10"]


def test_without_its_ledger_a_team_has_briefs_and_no_mail(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Someone who runs it is told once; when the ledger is back, what waited is mailed."""
    roster = make_team(2, "ledger: postgresql://briefgen@127.0.0.1:1/briefgen")
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)

    results = run(roster, HERE, patience=timedelta(minutes=20), wait=wait)
    assert len(waits) == 1
    assert [(one.state, one.briefs, one.mails) for one in results] == [("failed", 2, 0)] * 2
    assert len(list(tmp_path.glob("p*/briefings/2026-11-23/*.pdf"))) == 4
    assert office.mailbox.received == []
    command = ["team", "run", "--roster", str(roster), "--as-of", "2026-11-22T22:10"]
    told = CliRunner().invoke(main, [*command, "--jobs", "1", "--patience", "0"])
    assert told.exit_code == 1
    assert told.output.count("nothing was mailed") == 1
    assert "Connection refused" in told.output
    checked = CliRunner().invoke(main, ["team", "check", "--roster", str(roster)])
    assert checked.exit_code == 1
    assert "Connection refused" in checked.output
    roster.write_text(roster.read_text().replace("postgresql://briefgen@127.0.0.1:1/briefgen", "l"))
    assert [one.state for one in run(roster, HERE)] == ["done"] * 2
    assert recipients(office) == {"p0@firm.example": 1, "p1@firm.example": 1}

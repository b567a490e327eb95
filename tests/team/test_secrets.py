"""No secret leaves the worker that reads it, in whatever form the secret is given."""

import json
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from mail_servers import PASSWORD, Office
from team_deaths import mortal_night

from briefgen.team.night import Tally, run_on_dask, run_team, tasks_of
from briefgen.team.roster import parse_roster

MakeTeam = Callable[..., Path]

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
WRONG = "zarquon-word"
FEED = "http://127.0.0.1:9/zarquon-feed.ics"
PAGES = (
    "info/main/workers.html", "info/logs.html", "info/main/logs.html", "json/counts.json",
    "json/identity.json", "json/index.html", "metrics", "individual-plots.json", "health",
)  # fmt: skip


def _pages(address: str) -> str:
    """All that a scheduler's pages say."""
    told = []
    for page in PAGES:
        try:
            with urlopen(f"{address}/{page}", timeout=5) as answer:
                told.append(answer.read().decode())
        except OSError:
            continue  # this version has no such page
    assert len(told) > len(PAGES) // 2
    return "\n".join(told)


def test_a_secret_is_nowhere_but_where_it_stands(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """A mail password from the environment, a command and a file, and a feed's secret address.

    One password is wrong and the feed is dead, so that there is something to complain of. Nothing
    of them is in tasks, pickles, results, any file that a night leaves, or Dask's pages.
    """
    import dask
    from distributed import LocalCluster

    vault = tmp_path.with_name(f"{tmp_path.name}-vault")
    vault.mkdir()
    for name, secret in {"wrong": WRONG, "right": PASSWORD, "feed": FEED}.items():
        (vault / name).write_text(secret)
        (vault / name).chmod(0o600)
    feeds = f"feeds: [data/calendar.ics, {{name: far, url_command: cat {vault}/feed}}]"
    roster_file = make_team(3)
    text = roster_file.read_text()
    text = text.replace("to: [p1@", f"password_command: cat {vault}/wrong, to: [p1@")
    text = text.replace("to: [p2@", f"password_file: {vault}/right, to: [p2@")
    roster_file.write_text(text.replace(", mail:", f", {feeds}, mail:"))
    roster, problems = parse_roster(roster_file.read_bytes(), file="r.yaml", folder=tmp_path)
    assert roster is not None, problems
    tasks = list(tasks_of(roster, Tally(), as_of=AS_OF, shard=None))
    options = {"dashboard_address": "127.0.0.1:0", "memory_limit": 0, "silence_logs": 50}
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster,
    ):
        dask = partial(run_on_dask, address=cluster.scheduler_address, jobs=2, work=mortal_night)
        results = list(run_team(iter(tasks), dask, patience=timedelta()))
        port = cluster.scheduler.http_server.port
        pages = _pages(f"http://127.0.0.1:{port}")
    states = {one.person: one.state for one in results}
    assert (states["p1"], len(office.mailbox.received)) == ("failed", 2)
    assert "far" in json.dumps([one.as_json() for one in results])
    told = [pages.encode(), pickle.dumps(tasks), pickle.dumps(results), repr(tasks).encode()]
    told += [json.dumps([one.as_json() for one in results], ensure_ascii=False).encode()]
    left = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "nightly.log" for file in left)
    assert any(file.name.startswith("team.sqlite") for file in left)
    told += [file.read_bytes() for file in left]
    for secret in ("zarquon", PASSWORD, PASSWORD.encode("unicode-escape").decode()):
        assert not [at for at, one in enumerate(told) if secret.encode() in one], secret

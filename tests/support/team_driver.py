"""A driver of a team's night in a separate process: `team_driver.py ROSTER [pages]`."""

import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from team_deaths import mortal_night, mortal_page_night

from briefgen.team.night import Tally, run_here, run_team, tasks_of
from briefgen.team.roster import parse_roster

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def main(file: Path, *, pages: bool) -> None:
    """Run everyone's night, two at a time, and tell each as it ends."""
    work = mortal_page_night if pages else mortal_night
    roster, problems = parse_roster(file.read_bytes(), file=file.name, folder=file.parent)
    assert roster is not None, problems
    tasks = tasks_of(roster, Tally(), as_of=AS_OF, shard=None)
    runs = partial(run_here, jobs=2, work=work)
    for result in run_team(tasks, runs, patience=timedelta()):
        why = "; ".join(one["message"] for one in result.problems)
        sys.stdout.write(f"{result.person} {result.state} {why}".rstrip() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), pages="pages" in sys.argv[2:])

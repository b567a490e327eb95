"""`briefgen init`: make a workspace."""

from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import click
from tzlocal import get_localzone

from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.cli.schema import write_schemas
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import SETTINGS_FILE


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@with_call
def init(*, call: Call, folder: Path) -> None:
    """Make a workspace in DIR: settings, a sample contact, a sample calendar."""
    if (folder / SETTINGS_FILE).exists():
        message = f"{folder / SETTINGS_FILE} is there already; nothing was changed"
        call.fail(message, exit_status.WRONG_USE)
    root = Path.cwd() / folder
    workspace = Workspace(root=root)
    today = call.as_of(get_localzone()).date()
    try:
        made = make_workspace(workspace, today)
    except OSError as error:
        call.fail(f"{error.filename}: {error.strerror}", exit_status.NOTHING_MADE)
    if call.as_json:
        call.report({"workspace": str(folder), "files": list(made)})
    for file in made:
        call.say(f"made {folder / file}")
    go = "" if folder == Path() else f"cd {folder} && "
    call.say(f"next: {go}briefgen run")


def make_workspace(workspace: Workspace, today: date) -> tuple[str, ...]:
    """Write the sample files that are not there yet, dated around `today`; their paths.

    Raises:
        OSError: naming the file that could not be written.
    """
    day = timedelta(days=1)
    dates = {
        "today": f"{today:%Y%m%d}",
        "tomorrow": (today + day).isoformat(),
        "last_talk": (today - 12 * day).isoformat(),
        "four_years_ago": f"{today.year - 4}-{today.month:02}",
    }
    contents = {
        "data/contacts/ada-brandt.yaml": _sample("contact.yaml").format(**dates),
        "data/calendar.ics": _sample("calendar.ics").format(**dates).replace("\n", "\r\n"),
        ".gitignore": _sample("gitignore"),
        SETTINGS_FILE: _sample("briefgen.yaml"),
    }
    for folder in (workspace.photos, workspace.organizations, workspace.briefings):
        make_folder(folder)
    made = []
    for file, content in contents.items():
        path = workspace.root / file
        if not path.exists():
            write_whole(path, content.encode())
            made.append(file)
    write_schemas(workspace)
    return tuple(made)


def _sample(name: str) -> str:
    return (resources.files("briefgen") / "sample" / name).read_text(encoding="utf-8")

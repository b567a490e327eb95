"""`briefgen init`: make a workspace, in a conversation if someone is there to answer."""

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.schema import write_schemas
from briefgen.night import exit_status
from briefgen.upkeep.setup import (
    Setup,
    find_locale,
    find_zone,
    locale_of,
    sample_text,
    settings_fault,
    unfinished_setup,
    write_settings,
)
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import SETTINGS_FILE
from briefgen.workspace.zone_data import UNKNOWN, local_zone

if TYPE_CHECKING:
    from briefgen.upkeep.setup import FeedAnswer

_SAMPLE: Final = Setup(
    name="Robin Keller",
    emails=("robin@keller-advisory.example",),
    internal_domains=("keller-advisory.example",),
    feeds=("  - data/calendar.ics",),
)


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--name", help="Your name.")
@click.option("--email", "emails", multiple=True, help="Your address; may be given again.")
@click.option("--domain", "domains", multiple=True, help="Your organization's mail domain.")
@click.option("--timezone", help="Your time zone, like Europe/Berlin; else the machine's.")
@click.option("--locale", help="Language and dates, like de_DE; else the machine's.")
@click.option("--calendar", metavar="ADDRESS", help="Your calendar: an address or a file.")
@click.option("--calendar-user", metavar="NAME", help="Its user name, if it asks for one.")
@click.option(
    "--calendar-password-command", metavar="COMMAND", help="A command that prints its password."
)
@click.option(
    "--calendar-name",
    "calendar_names",
    metavar="NAME",
    multiple=True,
    help="Which calendar of a CalDAV server; may be given again. Else all of them.",
)
@click.option(
    "--contacts",
    "contacts_file",
    type=click.Path(path_type=Path, exists=True),
    help="People to bring in: a vCard or CSV file of your address book.",
)
@click.option("--sample", is_flag=True, help="Add a sample contact and a sample calendar.")
@with_call
def init(
    *,
    call: Call,
    folder: Path,
    sample: bool,
    **options: Any,  # noqa: ANN401  # the answers, from click
) -> None:
    """Make a workspace in DIR and set it up: who you are, your calendar, your contacts.

    In a terminal it asks for what no option says; every question can be skipped.
    """
    root = Path.cwd() / folder
    workspace = Workspace(root=root)
    answers = dict(options)
    begun = unfinished_setup(workspace)
    if begun is None and (root / SETTINGS_FILE).exists():
        call.wrong_use(
            "{file} exists already; nothing was changed. Edit it, then: briefgen check",
            file=folder / SETTINGS_FILE,
        )
    setup = _setup(answers, begun or (_SAMPLE if sample else Setup(locale=locale_of(os.environ))))
    call.speak(setup.locale)
    talks = not sample and not call.as_json and sys.stdin.isatty() and sys.stdout.isatty()
    today = call.as_of(local_zone()).date()
    if not talks or answers["calendar_password_command"]:
        setup = _with_calendar(call, workspace, setup, answers)
    made = make_workspace(workspace, setup, today, sample=sample)
    if talks:
        from briefgen.cli.init_dialogue import Dialogue  # noqa: PLC0415  # only in a terminal

        Dialogue(call=call, workspace=workspace, setup=setup, answers=answers, shown=folder).hold()
        return
    call.report({"workspace": str(folder), "files": list(made)})
    for file in made:
        call.say("made {file}", file=folder / file)
    if SETTINGS_FILE not in made:
        call.say("{file}: not changed", file=folder / SETTINGS_FILE)
    if answers["contacts_file"] is not None:
        from briefgen.cli.init_dialogue import briefgen  # noqa: PLC0415  # only with a file

        file = str(answers["contacts_file"])
        status = briefgen("contacts", "import", file, "--workspace", str(workspace.root))
        if status not in {exit_status.DONE, exit_status.PARTLY_DONE}:
            raise SystemExit(status)
    if not setup.timezone and local_zone() is UNKNOWN:
        call.say(
            Phrase(
                "This machine names no time zone, so times are in UTC; yours: --timezone, or"
                " `timezone` in briefgen.yaml"
            )
        )
    go = "" if folder == Path() else f"cd {folder} && "
    call.say("next: {line}", line=f"{go}briefgen run")


def _setup(answers: dict[str, Any], base: Setup) -> Setup:
    """The answers from the options, and otherwise the earlier ones.

    Raises:
        click.BadParameter: if the settings would refuse the value of an option; status 2.
    """
    locale = find_locale(answers["locale"] or base.locale, default=base.locale)
    zone = answers["timezone"] or base.timezone
    setup = base.replace(
        name=answers["name"] or base.name,
        emails=answers["emails"] or base.emails,
        internal_domains=answers["domains"] or (() if answers["emails"] else base.internal_domains),
        timezone=find_zone(zone, locale=locale) if zone else "",
        locale=locale,
    )
    refused = settings_fault(
        me={"emails": setup.emails, "internal_domains": setup.internal_domains}
        | ({"name": setup.name} if setup.name else {}),
        timezone=setup.timezone or None,
        locale=setup.locale,
    )
    if refused:
        raise click.BadParameter(refused)
    return setup


def _with_calendar(
    call: Call, workspace: Workspace, setup: Setup, answers: dict[str, Any]
) -> Setup:
    """The setup with the calendar named by an option, which is tried at once."""
    from briefgen.meetings.source import FetchFault  # noqa: PLC0415  # only with a calendar
    from briefgen.upkeep.setup import FeedAnswer  # noqa: PLC0415  # as above
    from briefgen.upkeep.trial import (  # noqa: PLC0415  # as above
        Trial,
        calendars_at,
        try_feeds,
    )
    from briefgen.workspace.secrets import NoSecret, from_command  # noqa: PLC0415  # as above

    if not answers["calendar"]:
        return setup
    make_folder(workspace.root)
    command, user, password = answers["calendar_password_command"], answers["calendar_user"], ""
    if command:
        setting = "--calendar-password-command"
        try:
            password = from_command(command, setting=setting, root=workspace.root).text
        except NoSecret as fault:
            call.wrong_use(str(fault))
    answer = FeedAnswer.of(answers["calendar"], user=user or "", password=password)
    feeds: tuple[FeedAnswer, ...] = (answer,)
    try:
        feeds = _chosen(calendars_at(answer) if user else feeds, answers["calendar_names"])
        trial = try_feeds(feeds, workspace=workspace, as_of=call.as_of(setup.zone))
    except FetchFault as fault:
        trial = Trial(fault=str(fault))
    call.say(trial.sentence())
    return setup.with_feeds(feeds, workspace)


def _chosen(feeds: "tuple[FeedAnswer, ...]", names: tuple[str, ...]) -> "tuple[FeedAnswer, ...]":
    """The calendars of these names; all of them if none is named."""
    wanted = {name.casefold() for name in names}
    if unknown := wanted - {one.name.casefold() for one in feeds}:
        there = ", ".join(one.name for one in feeds)
        raise click.BadParameter(
            Phrase(
                "no calendar is called '{name}'; there are: {there}",
                name=min(unknown),
                there=there,
            )
        )
    return tuple(one for one in feeds if not wanted or one.name.casefold() in wanted)


def make_workspace(
    workspace: Workspace, setup: Setup, today: date, *, sample: bool
) -> tuple[str, ...]:
    """Write the files that do not exist yet; the sample's are dated around `today`.

    Returns:
        The files that are new or changed, relative to the workspace.

    Raises:
        OSError: naming the file that could not be written.
    """
    for folder in (workspace.photos, workspace.organizations, workspace.briefings):
        make_folder(folder)
    contents = {".gitignore": sample_text("gitignore")}
    if sample:
        contents |= _sample_files(today)
    made = []
    for file, content in contents.items():
        path = workspace.root / file
        if not path.exists():
            write_whole(path, content.encode())
            made.append(file)
    settings = workspace.root / SETTINGS_FILE
    before = settings.read_bytes() if settings.exists() else None
    write_settings(workspace, setup)
    if settings.read_bytes() != before:
        made.append(SETTINGS_FILE)
    write_schemas(workspace)
    return tuple(made)


def _sample_files(today: date) -> dict[str, str]:
    day = timedelta(days=1)
    dates = {
        "today": f"{today:%Y%m%d}",
        "tomorrow": (today + day).isoformat(),
        "last_talk": (today - 12 * day).isoformat(),
        "four_years_ago": f"{today.year - 4}-{today.month:02}",
    }
    return {
        "data/contacts/ada-brandt.yaml": sample_text("contact.yaml").format(**dates),
        "data/calendar.ics": sample_text("calendar.ics").format(**dates).replace("\n", "\r\n"),
    }

"""What `briefgen doctor` looks at on the machine, and how to mend what is not well."""

import sys
from collections.abc import Iterator
from typing import Final, Literal

import yaml

from briefgen.page.scripts import installed_fonts, package_for, script_name
from briefgen.page.system_libraries import Library, pango, subsetter
from briefgen.page.templates import template_folder
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import zone_data

Health = Literal["good", "poor", "bad"]

_SIGNS: Final = "éßŁΩЖԱאعनবਗગதతಕമไລខမაአ中あア한😀"
"""A sign of each script that people's names are written in."""


class Finding(Value, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        subject: what was looked at.
        health: good; poor: something works less well; bad: something does not work.
        message: what was found.
        mend: the one line that mends it; empty where nothing has to be.
    """

    subject: str
    health: Health = "good"
    message: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as the report writes it."""
        return {
            "subject": self.subject,
            "health": self.health,
            "message": self.message,
            "mend": self.mend,
        }


def examine_machine() -> Iterator[Finding]:
    """What briefgen needs of this machine: Python, libyaml, Pango, HarfBuzz, fonts."""
    yield from _python()
    yield from _libraries()
    yield _time_zones()
    yield from _fonts()


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(subject="Python", message=f"{version}, {sys.executable}")
    if not yaml.__with_libyaml__:
        yield Finding(
            subject="PyYAML",
            health="bad",
            message=Phrase("without libyaml, so that no contact can be read"),
            mend="python -m pip install --force-reinstall pyyaml",
        )


def _time_zones() -> Finding:
    """Both editions of the time zone database; the newer one counts."""
    data = zone_data()
    editions: list[str] = []
    if data.system:
        editions.append(Phrase("{edition} of the system", edition=data.system))
    if data.package:
        editions.append(Phrase("{edition} of tzdata", edition=data.package))
    if not editions:
        return Finding(
            subject=Phrase("Time zones"),
            health="bad",
            message=Phrase("no database tells its edition; times may be an hour off"),
            mend="python -m pip install --upgrade tzdata",
        )
    message = Phrase.listed(editions)
    if len(editions) > 1:
        message = Phrase("{editions}; {used} is used", editions=message, used=data.used)
    return Finding(subject=Phrase("Time zones"), message=message)


def _libraries() -> Iterator[Finding]:
    needed: tuple[tuple[Library, Health], ...] = ((pango(), "bad"), (subsetter(), "poor"))
    for library, health in needed:
        if library.version is not None:
            yield Finding(subject=library.subject, message=library.version)
        else:
            yield Finding(
                subject=library.subject,
                health=health,
                message=Phrase("not found; {without}", without=library.without),
                mend=library.fix,
            )


def _fonts() -> Iterator[Finding]:
    bundled = template_folder() / "fonts"
    files = sorted(bundled.glob("*.ttf"))
    if not files:
        yield Finding(
            subject=Phrase("fonts"),
            health="bad",
            message=Phrase("the page's own fonts are missing in {bundled}", bundled=bundled),
            mend="python -m pip install --force-reinstall briefgen",
        )
    else:
        yield Finding(
            subject=Phrase("fonts"),
            message=Phrase("{font}, bundled", font=files[0].stem.rpartition("-")[0]),
        )
    fonts = installed_fonts(bundled)
    scripts = {script_name(sign): fonts.can_show(sign) for sign in _SIGNS}
    missing = [script for script, shown in scripts.items() if not shown]
    covered = len(scripts) - len(missing)
    yield Finding(
        subject=Phrase("scripts"),
        message=Phrase("{covered} of {count} can be shown", covered=covered, count=len(scripts)),
    )
    for package in sorted({package_for(script) for script in missing}):
        names = [script for script in missing if package_for(script) == package]
        yield Finding(
            subject=Phrase("scripts"),
            health="poor",
            message=Phrase("no font for {names}", names=names),
            mend=f"sudo apt install {package}",
        )

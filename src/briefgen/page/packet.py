"""The packet: the day sheet and the day's briefs as one tagged document, ready to print."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import field

from briefgen.brief.brief import Brief
from briefgen.brief.day import DaySheet
from briefgen.page.look import Look
from briefgen.page.templates import PLAIN_STYLE, template_folder
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.page.typeset import LaidOut

PACKET_FILE: Final = "packet.pdf"
"""Its name in a day's folder."""


class PacketContents(Value, frozen=True, kw_only=True):
    """What a packet is made of.

    Attributes:
        sheet: of the same day as the briefs.
        briefs: in the edition that is wanted, in order of time.
        two_sided: blank pages let each brief start on the front of a sheet, a right-hand page.
        plain: the places of briefs that can only be typeset as text, and why.
    """

    sheet: DaySheet
    briefs: tuple[Brief, ...]
    two_sided: bool = False
    plain: Mapping[int, str] = field(default_factory=dict)


class MadePacket(Value, frozen=True, kw_only=True):
    """A typeset packet.

    Attributes:
        pdf: the document.
        pages: how many, the blank ones among them.
        problems: what could not be shown.
    """

    pdf: bytes
    pages: int
    problems: tuple[Problem, ...] = ()


def make_packet(contents: PacketContents, look: Look) -> MadePacket:
    """The day sheet, then each brief on one page of its own, as one document."""
    from briefgen.page.day_sheet import lay_out_day  # noqa: PLC0415  # imports the typesetting
    from briefgen.page.make import fit_page, fit_plain  # noqa: PLC0415  # as above
    from briefgen.page.typeset import Bound, bind  # noqa: PLC0415  # as above

    day, problems = lay_out_day(contents.sheet, look)
    heading = contents.sheet.heading
    parts = [Bound(laid=day, label=heading, bookmark=heading)]
    for at, brief in enumerate(contents.briefs):
        if contents.two_sided and sum(part.laid.pages for part in parts) % 2:
            parts.append(Bound(laid=_blank(look), label=""))
        reason = contents.plain.get(at)
        fitted = fit_page(brief, look) if reason is None else fit_plain(brief, look, reason=reason)
        problems += fitted.problems
        time = look.language.clock_time(brief.start)
        parts.append(Bound(laid=fitted.laid, label=time, bookmark=f"{time} {brief.title}"))
    return MadePacket(
        pdf=bind(parts),
        pages=sum(part.laid.pages for part in parts),
        problems=tuple(dict.fromkeys(problems)),
    )


def _blank(look: Look) -> "LaidOut":
    """The back of a sheet."""
    from briefgen.page.typeset import lay_out  # noqa: PLC0415  # as above

    language = str(look.language.locale).replace("_", "-")
    paper = look.size.lower()
    html = (
        f'<html lang="{language}" class="{paper}"><head><title>-</title></head><body></body></html>'
    )
    return lay_out(html, style=template_folder() / PLAIN_STYLE)

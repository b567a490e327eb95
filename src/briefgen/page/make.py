"""The page of a brief: fitted on one sheet and typeset."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from briefgen.brief.brief import Brief
from briefgen.page.contents import Contents
from briefgen.page.context import context, plain_context
from briefgen.page.fit import Fitted, first_plan, fit
from briefgen.page.guess import guess, learn, learned
from briefgen.page.look import (
    FONTS,
    PAGE,
    PLAIN_STYLE,
    STYLE,
    Look,
    MadePage,
    Omission,
    find_template,
    has_own_templates,
    of_old_design,
    template_folder,
)
from briefgen.page.measure import fits
from briefgen.page.plan import Plan, keep_plan, kept_plan, plan_file
from briefgen.page.render import render, render_plain
from briefgen.page.scripts import installed_fonts, legible_page
from briefgen.page.text import is_all_day
from briefgen.page.typeset import Attached, LaidOut, lay_out, style_problems
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

_PLAIN_LINES = 10
_PRODUCT = "-//briefgen//briefgen//EN"
_STAMP = "%Y%m%dT%H%M%SZ"


def make_page(brief: Brief, look: Look) -> MadePage:
    """The brief as exactly one page.

    Whatever is missing or broken (a photo, a template, a font) is a problem, and the page is made
    without it.
    """
    return fit_page(brief, look).made()


def plain_page(brief: Brief, look: Look, *, reason: str = "") -> MadePage:
    """The text-only page that always fits: every line of it is one line of type.

    `reason` is printed on it: why it replaces the page; may be empty.
    """
    return fit_plain(brief, look, reason=reason).made()


class FittedPage(Value, frozen=True, kw_only=True):
    """A brief laid out on one page, to be written alone or bound in a packet."""

    laid: LaidOut
    omitted: tuple[Omission, ...] = ()
    problems: tuple[Problem, ...] = ()
    layouts: int = 1
    plain: bool = False
    attached: tuple[Attached, ...] = ()

    def made(self) -> MadePage:
        """The page as a document."""
        return MadePage(
            pdf=self.laid.pdf(self.attached),
            omitted=self.omitted,
            problems=self.problems,
            layouts=self.layouts,
            plain=self.plain,
        )


def fit_page(brief: Brief, look: Look) -> FittedPage:
    """The brief in the layout that fits one page, or else in the plain one."""
    fonts = installed_fonts(template_folder() / FONTS)
    shown, look, problems = legible_page(brief, look, fonts=fonts)
    own = has_own_templates(look.templates)
    page = (_fit_by_own_templates if own else _fit_by_built_in_templates)(shown, look)
    return page.replace(problems=(*problems, *page.problems)) if problems else page


def _fit_by_built_in_templates(brief: Brief, look: Look) -> FittedPage:
    return _fitted(Contents.of(brief, look.replace(templates=template_folder())))


def _fit_by_own_templates(brief: Brief, look: Look) -> FittedPage:
    """The page from the user's templates, or from the built-in ones if theirs fail."""
    if old := of_old_design(look.templates):
        page = _fit_by_built_in_templates(brief, look)
        told = tuple(_of_old_design(f"{look.templates.name}/{name}") for name in old)
        return page.replace(problems=(*page.problems, *told))
    try:
        page = _fitted(Contents.of(brief, look))
    except Exception as error:  # noqa: BLE001  # their ids and styles can break a layout in any way
        why = Phrase("cannot be laid out ({said})", said=_said(error))
    else:
        if not page.plain:
            return page.replace(problems=(*page.problems, *style_problems(look.templates)))
        why = Phrase("does not make one page of this brief")
    page = _fit_by_built_in_templates(brief, look)
    message = Phrase("{why}; the built-in template was used instead", why=why)
    problem = Problem(file=f"{look.templates.name}/{PAGE}", message=message)
    return page.replace(problems=(*page.problems, problem))


def _of_old_design(file: str) -> Problem:
    return Problem(
        file=file,
        message=Phrase(
            "was copied from the previous design, and does not fit this one; the built-in "
            "sheet was used instead. Copy it again with `briefgen templates copy --force` "
            "and make your changes in it"
        ),
    )


def _said(error: Exception) -> str:
    """What went wrong in a layout, if that helps to fix a template."""
    if isinstance(error, KeyError):
        return Phrase("no element has the id {error}", error=error)
    return f"{type(error).__name__}: {error}"[:200]


def _fitted(contents: Contents) -> FittedPage:
    """The contents in the layout that fits one page, or else in the plain one."""
    assets = {photo.name: photo.data for photo in contents.photos.values()}
    table = contents.brief.edition == "table"
    style = find_template(STYLE, contents.look.templates)
    problems: list[Problem] = list(contents.problems)

    def laid_out(plan: Plan, measured: bool = False) -> LaidOut:  # noqa: FBT001, FBT002
        values = context(contents, plan, measured=measured)
        html, mistakes = render(values, contents.look, table=table)
        problems.extend(mistakes)
        return lay_out(html, style=style, assets=assets)

    file = plan_file(contents.brief, contents.look)
    fitted, layouts = None, 1
    if (before := kept_plan(file)) is not None:
        fitted = _as_before(before, laid_out)
    if fitted is None:
        known = learned(contents)
        everything = context(contents, first_plan(contents, None))["page"]
        fitted, layouts, heights = fit(contents, laid_out, guess(everything, known))
        if heights is not None:
            learn(everything, heights, known)
        if fitted is not None:
            keep_plan(file, fitted.plan)
    found = tuple(dict.fromkeys(problems))
    if fitted is None:
        return _plain(contents, reason="").replace(layouts=layouts, problems=found)
    return FittedPage(
        laid=fitted.laid,
        omitted=_omitted(contents, fitted.plan),
        problems=found,
        layouts=layouts,
        attached=_attached(contents),
    )


def _as_before(plan: Plan, lay_out: Callable[[Plan], LaidOut]) -> Fitted | None:
    """The layout from the plan that fitted this page before; None if it no longer fits."""
    laid = lay_out(plan)
    return Fitted(laid=laid, plan=plan) if fits(laid) else None


def fit_plain(brief: Brief, look: Look, *, reason: str = "") -> FittedPage:
    """The text-only page, laid out; `reason` as for `plain_page`."""
    fonts = installed_fonts(template_folder() / FONTS)
    shown, look, problems = legible_page(brief, look, fonts=fonts)
    faces = tuple(face.replace(photo=None) for face in shown.faces)
    page = _plain(Contents.of(shown.replace(faces=faces), look), reason=reason)
    return page.replace(problems=(*problems, *page.problems))


def _plain(contents: Contents, *, reason: str) -> FittedPage:
    """What the text-only page says besides who and when: the lines that must stay."""
    must = [block.id for block in contents.blocks if block.must_stay and block.prompt is None]
    left_out = frozenset(block.id for block in contents.blocks) - frozenset(must[:_PLAIN_LINES])
    plan = Plan(left_out=left_out)
    rtl = contents.look.language.right_to_left
    html = render_plain(plain_context(contents, plan, reason), right_to_left=rtl)
    return FittedPage(
        laid=lay_out(html, style=template_folder() / PLAIN_STYLE),
        omitted=_omitted(contents, plan),
        problems=contents.problems,
        plain=True,
        attached=_attached(contents),
    )


def _attached(contents: Contents) -> tuple[Attached, ...]:
    return (_invitation(contents.brief),) if contents.brief.edition == "full" else ()


def _invitation(brief: Brief) -> Attached:
    """One VEVENT (RFC 5545, 3.6.1) with the feed's own UID, RECURRENCE-ID and DTSTAMP."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # only where a page is made

    stamp = _stamp(brief)
    event = Event()
    event.add("uid", brief.uid or f"{brief.start.astimezone(UTC):{_STAMP}}@briefgen")
    event.add("dtstamp", stamp)
    if brief.recurrence_id:
        event.add("recurrence-id", _moment(brief.recurrence_id))
    if is_all_day(brief):
        event.add("dtstart", brief.start.date())
        event.add("dtend", brief.end.date())
    else:
        event.add("dtstart", brief.start.astimezone(UTC))
        event.add("dtend", brief.end.astimezone(UTC))
    event.add("summary", brief.title)
    if brief.place:
        event.add("location", brief.place)
    if brief.join_link:
        event.add("url", brief.join_link)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add_component(event)
    return Attached(
        name="meeting.ics", description=brief.title, content=calendar.to_ical(), moment=stamp
    )


def _stamp(brief: Brief) -> datetime:
    """DTSTAMP as the feed writes it, else the start, so that no clock is read."""
    try:
        return datetime.strptime(brief.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return brief.start.astimezone(UTC)


def _moment(recurrence_id: str) -> datetime | date:
    moment = datetime.fromisoformat(recurrence_id)
    return moment if "T" in recurrence_id else moment.date()


def _omitted(contents: Contents, plan: Plan) -> tuple[Omission, ...]:
    """What is not on the page, by section and file."""
    return tuple(
        Omission(section=section, count=count, file=file)
        for section, files in contents.left_out(plan.left_out).items()
        for file, count in files.items()
    )

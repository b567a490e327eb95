from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from briefgen.brief.brief import Brief
from briefgen.page.look import Look, MadePage, template_folder
from briefgen.page.make import make_page
from briefgen.page.render import directed

NewBrief = Callable[..., Brief]
BUILT_IN = (template_folder() / "brief.html.j2").read_text(encoding="utf-8")


def own_template(look: Look, text: str, name: str = "brief.html.j2") -> Look:
    """The look of a workspace with this template of the user's."""
    look.templates.mkdir(exist_ok=True)
    (look.templates / name).write_text(text, encoding="utf-8")
    return look


def words(page: MadePage) -> str:
    """What a reader of the page sees; it is one page."""
    (sheet,) = PdfReader(BytesIO(page.pdf)).pages
    return sheet.extract_text()


def test_a_template_of_the_users_wins(look: Look, new_brief: NewBrief) -> None:
    """What is in it is on the page, and there is nothing to complain of."""
    own = own_template(
        look, BUILT_IN.replace("{{ page.title }}", "{{ page.title }}, in confidence")
    )
    page = make_page(new_brief(), own)
    assert page.problems == ()
    assert "in confidence" in words(page)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("{% if page %}", "Unexpected end of template"),
        ("{% for x in page %}{% endif %}", "unknown tag 'endif'"),
        ("{{ page.titel }}", "'titel' is unknown here"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ 1 // 0 }}", "division"),
        ("{{ page.title.missing() }}", "has no attribute"),
        ("{{ text('{lost}', found=1) }}", "lost"),
        ("{% include 'no.html.j2' %}", "no.html.j2"),
        ("{% include 'brief.html.j2' %}", "without end"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ 9 ** 9 ** 9 ** 9 ** 9 }}", "power"),
        ("{{ 'x' * 10**9 }}", "not allowed"),
        ("{{ '%999999999d' % 1 }}", "not allowed"),
        ("{% for x in range(10**9) %}{% endfor %}", "Range too big"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    look: Look, new_brief: NewBrief, mistake: str, message: str
) -> None:
    """The problem names the template and the line; the page is made by the built-in one."""
    page = make_page(new_brief(), own_template(look, f"<p>Mine</p>\n\n{mistake}\n"))
    (problem,) = page.problems
    assert problem.file == "templates/brief.html.j2"
    assert problem.line in {3, 4}
    assert message in problem.message
    assert "built-in" in problem.message
    assert "Quarterly review" in words(page)
    assert "Mine" not in words(page)


def test_a_mistake_in_an_included_template_is_told_there(look: Look, new_brief: NewBrief) -> None:
    """The problem names the file the mistake is in, not the one that includes it."""
    own_template(look, "\n\n\n{{ page.oops }}", name="parts.html.j2")
    page = make_page(new_brief(), own_template(look, "{% include 'parts.html.j2' %}"))
    (problem,) = page.problems
    assert (problem.file, problem.line) == ("templates/parts.html.j2", 4)


def test_an_endless_template_is_stopped(look: Look, new_brief: NewBrief) -> None:
    """A loop without end costs two seconds once, whatever the number of layouts and briefs."""
    loop = "{% for a in range(99999) %}\n{% for b in range(99999) %}\n{% endfor %}{% endfor %}"
    own = own_template(look, loop)
    for _ in range(2):
        page = make_page(new_brief(), own)
        (problem,) = page.problems
        assert problem.file == "templates/brief.html.j2"
        assert problem.line in {1, 2, 3}
        assert "did not end" in problem.message
        assert "Quarterly review" in words(page)


def test_a_template_that_is_no_page_of_ours_gives_way(look: Look, new_brief: NewBrief) -> None:
    """Without the ids that are measured, the built-in template makes the page."""
    page = make_page(new_brief(), own_template(look, "<h1>{{ page.title }}</h1>"))
    (problem,) = page.problems
    assert "has the id" in problem.message
    assert "Quarterly review" in words(page)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("brief.html.j2", '<h1>{{ page.title }}</h1><p id="main-end"></p>'),
        ("brief.css", ".prompt h2 { font-size: 9pt }"),
    ],
)
def test_a_copy_of_the_old_design_gives_way(
    look: Look, new_brief: NewBrief, name: str, text: str
) -> None:
    """The built-in sheet is made, and the message says what to do."""
    page = make_page(new_brief(), own_template(look, text, name))
    (problem,) = page.problems
    assert problem.file == f"templates/{name}"
    assert "briefgen templates copy --force" in problem.message
    assert "Five minutes after" in words(page)


def test_a_template_cannot_reach_files(look: Look, new_brief: NewBrief, tmp_path: Path) -> None:
    """Neither an include nor an image, style or attachment leads out of the templates."""
    (tmp_path / "secret.txt").write_text("secret words")
    hostile = (
        f"<img src='file://{tmp_path}/secret.txt'>"
        f"<link rel=attachment href='file://{tmp_path}/secret.txt'>"
        f"<link rel=stylesheet href='file://{tmp_path}/secret.txt'></body>"
    )
    page = make_page(new_brief(), own_template(look, BUILT_IN.replace("</body>", hostile)))
    assert b"secret words" not in page.pdf
    assert list(PdfReader(BytesIO(page.pdf)).attachments) == ["meeting.ics"]
    page = make_page(new_brief(), own_template(look, "{% include '../secret.txt' %}"))
    assert "secret words" not in words(page)
    assert page.problems


def test_a_style_that_is_not_understood_is_a_warning(look: Look, new_brief: NewBrief) -> None:
    """A property without effect is shown with its line; the page is the user's all the same."""
    style = (template_folder() / "brief.css").read_text(encoding="utf-8")
    lines = style.count("\n")
    own = own_template(look, style + "\np { no-such-property: 1 }\n", name="brief.css")
    page = make_page(new_brief(), own)
    (problem,) = page.problems
    assert (problem.file, problem.severity) == ("templates/brief.css", "warning")
    assert problem.line == lines + 2
    assert "no-such-property" in problem.message


def test_a_page_may_be_made_beside_the_built_in_templates(look: Look, new_brief: NewBrief) -> None:
    """Where the workspace's folder is the built-in one, as in this repository, it is not `own`."""
    same = look.replace(templates=template_folder())
    assert make_page(new_brief(), same).pdf == make_page(new_brief(), look).pdf


@pytest.mark.parametrize(
    ("html", "right_to_left", "shown"),
    [
        ("<bdi>(דנה) Smith</bdi>", False, '<bdi dir="rtl">(דנה) Smith</bdi>'),
        ("<bdi>Smith דנה</bdi>", False, "<bdi>Smith דנה</bdi>"),
        ("<bdi>Smith (v2.0)</bdi>", True, '<bdi dir="ltr">Smith (v2.0)</bdi>'),
        ("<bdi>دانا</bdi>", True, "<bdi>دانا</bdi>"),
        ("<bdi>12:30</bdi>", True, "<bdi>12:30</bdi>"),
        (
            '<bdi><a href="tel:1">+1 555 0100</a>',
            True,
            '<bdi dir="ltr"><a href="tel:1">+1 555 0100</a>',
        ),
        ("<bdi>\u2068Dana\u2069 متوترة</bdi>", True, "<bdi>\u2068Dana\u2069 متوترة</bdi>"),
        (
            "<bdi>\u2068VP Operations\u2069، \u2068Acme\u2069</bdi>",
            True,
            '<bdi dir="ltr">\u2068VP Operations\u2069, \u2068Acme\u2069</bdi>',
        ),
    ],
)
def test_a_text_that_runs_the_other_way_gets_its_direction(
    html: str, *, right_to_left: bool, shown: str
) -> None:
    """As browsers find it: by the first letter."""
    assert directed(html, right_to_left=right_to_left) == shown

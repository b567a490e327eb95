"""Under another language no English is left on any page: a pseudo-language shows what was missed.

It writes each message in full-width letters; what the user wrote himself stays as it is.
"""

import re
import string
from collections.abc import Callable
from datetime import date
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from served_pages import Served
from small_workspaces import SETTINGS

from briefgen.brief.trend import BothQuestions
from briefgen.page.trend_picture import trend_picture
from briefgen.workspace import language

_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters}
_PARTS = re.compile(r"(\{[^}]*\})")
_OWN = re.compile(
    r"Dana|Smith|Lee|Wong|Ana|Sousa|Acme|Logistics|Ribeira|Coffee|with|Plan|for|next|year|Q4|service"
    r"|review|VP|Operations|Where|the|booking|screen|stands|levels|a cost sheet|name a project lead"
    r"|ask how the Lisbon trip went|Went through the missed go-live|the CFO|broken"
    r"|birthdya|birthday|yaml|data/contacts/?|data/calendar.ics|Europe/Berlin"
    r"|acme.example|briefgen( serve --phone)?"
    r"|Python|Pango|HarfBuzz|tzdata|SourceSans3|sudo timedatectl.*|chmod -R.*|/\S+"
    r"|America/New_York|iPhone|iPad|\w+tag\b|November|Nov\b|und\b|Android|YAML|example|ana.sousa|Safari|Chrome|Linux",
    re.IGNORECASE,
)


class Pseudo(NullTranslations):
    """Each message in full-width letters, its `{named}` values as they are."""

    def gettext(self, message: str) -> str:
        """The message with its letters widened."""
        parts = _PARTS.split(message)
        return "".join(p if p.startswith("{") else p.translate(_WIDE) for p in parts)

    def ngettext(self, one: str, many: str, count: int) -> str:  # type: ignore[override]
        """The English form, widened."""
        return self.gettext(one if count == 1 else many)


class _Texts(HTMLParser):
    """The texts of a page that are seen or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Labels and placeholders are read too."""
        self.hidden += tag in {"style", "script", "textarea"}
        self.found += [v for k, v in attrs if k in {"aria-label", "placeholder", "title"} and v]

    def handle_endtag(self, tag: str) -> None:
        """The end of what is not seen."""
        self.hidden -= tag in {"style", "script", "textarea"}

    def handle_data(self, data: str) -> None:
        """A text node."""
        if not self.hidden and data.strip():
            self.found.append(data.strip())


def test_no_english_is_left_on_any_page(
    serving: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every visible text node of every page is the pseudo-language's, a date, or the user's own."""
    monkeypatch.setattr(language, "_catalogue", lambda *_: Pseudo())
    served = serving(settings=f"{SETTINGS}locale: de_DE\n")
    served.let_in()
    (served.root / "data/contacts/broken.yaml").write_text("name: B\nbirthdya: x\n")
    served.desk.touch()
    coffee, plan = served.code("Coffee with Lee"), served.code("Plan for next year")
    places = ["/", f"/m/{coffee}", f"/m/{plan}", f"/r/{coffee}", f"/r/{plan}", "/people"]
    places += ["/people/lee-wong", "/people/lee-wong/edit", "/people/broken/file", "/problems"]
    places += [
        "/people/new",
        "/promises",
        "/more",
        "/stats",
        "/devices",
        "/doctor",
        "/day/2026-11-29",
    ]
    served.settled(served.send("/doctor", {}))
    signals = {word for one in served.desk.day().vocabulary.signals for word in one.words}
    left = {}
    for place in places:
        texts = _Texts()
        texts.feed(served.settled(served.ask(place)).text)
        said = [text for text in texts.found if text not in signals]
        english = [text for text in said if re.search(r"[a-z]{3}", _OWN.sub("", text))]
        if english:
            left[place] = english
    assert left == {}
    picture = _Texts()  # drawn in a child process, which the pseudo-language does not reach
    picture.feed(served.settled(served.ask("/stats/picture.svg")).text)
    assert "Wie es läuft: Ihre Kontakte" in picture.found


def test_arabic_keeps_the_order_of_dates_and_names(serving: Callable[..., Served]) -> None:
    """Dates in hints are isolated, and a list of names runs as the page does, not as its first."""
    served = serving(settings=f"{SETTINGS}locale: ar\n")
    served.let_in()
    form = served.ask("/people/lee-wong/edit").text
    assert "\u206603-26\u2069" in form
    assert "\u20661980-03-26\u2069" in form
    assert '<p class="who">\u2068Dana Smith\u2069' in served.ask("/").text
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text() + "birthday: soon\n")
    served.desk.touch()
    problems = served.settled(served.ask("/problems")).text
    assert "\u20661980-03-26\u2069" in problems
    assert re.search(r'<bdi dir="ltr">data/contacts/lee-wong.yaml:\d+</bdi>', problems)


def test_the_picture_of_the_trend_speaks_the_language(serving: Callable[..., Served]) -> None:
    """Its words and, for who does not see it, its description; as wide as the screen asks."""
    served = serving(settings=f"{SETTINGS}locale: de_DE\n")
    served.let_in()
    served.settled(served.ask("/stats"))
    wide, narrow = (served.ask(f"/stats/picture.svg{q}").text for q in ("", "?narrow"))
    for svg in (wide, narrow):
        assert "Ihre Kontakte" in svg
        assert "Dana Smith: vor" in svg
    assert 'width="900"' in wide
    assert 'width="390"' in narrow


def test_the_picture_keeps_spans_apart_from_arabic(serving: Callable[..., Served]) -> None:
    """How long ago is isolated, so that `6w` after it is not torn apart."""
    served = serving(settings=f"{SETTINGS}locale: ar\n")
    served.let_in()
    contact = (
        "name: Mia Ek\nrelationship: {status: steady, stay_in_touch: 6w}\n"
        "interactions: [{date: 2026-11-02, channel: call, summary: x}]\n"
    )
    (served.root / "data/contacts/mia-ek.yaml").write_text(contact)
    served.desk.touch()
    served.settled(served.ask("/stats"))
    assert "\u2069 / 6w</text>" in served.ask("/stats/picture.svg").text


@pytest.mark.parametrize("locale", [*language.LANGUAGES, "pt_BR"])
def test_the_headings_of_the_picture_have_room(locale: str) -> None:
    """In every language each ends before the next begins, and the last before the edge."""
    said = language.language_of(locale)
    both = BothQuestions.of(())
    svg = trend_picture([], both, today=date(2026, 11, 23), language=said).decode()
    heads = [said.text(one) for one in ("silence", "my promises", "theirs")]
    found = [re.search(rf'<text x="([\d.]+)"[^>]*>{re.escape(one)}</text>', svg) for one in heads]
    places = [float(one[1]) for one in found if one is not None]
    assert len(places) == 3
    for head, begin, end in zip(heads, places, [*places[1:], 900.0], strict=True):
        assert begin + 11 * sum(0.53 if sign < "\u2e80" else 1 for sign in head) < end, head

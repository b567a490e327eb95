"""The pages in a real browser: the way in, a telephone's screen, two tabs, no network, attacks."""

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route
from served_pages import BROWSER, Served, make_workspace
from small_workspaces import SETTINGS

from briefgen.contacts.book import parse_contact
from briefgen.contacts.contact import Contact

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here")

TELEPHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WAIT = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP *.evil.example 127.0.0.1"]
        found = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of someone who has never been here."""
    found = browser.new_context(viewport=TELEPHONE)
    found.set_default_timeout(WAIT)
    yield found
    found.close()


def come_in(context: BrowserContext, served: Served) -> Page:
    """Open the address that `serve` prints, and see Today."""
    page = context.new_page()
    page.goto(f"{served.address}/in?token={served.new_token()}", wait_until="commit")
    page.wait_for_url(f"{served.address}/")
    return page


def lee(served: Served) -> Contact:
    """Lee's file as the reader has it."""
    path = served.root / "data/contacts/lee-wong.yaml"
    found, problems = parse_contact(path.read_bytes(), "data/contacts/lee-wong.yaml")
    assert found is not None
    assert problems == ()
    return found.contact


def test_the_printed_address_lets_in_and_the_page_obeys_its_policy(
    served: Served, context: BrowserContext
) -> None:
    """The token goes on by itself; scripts see no cookie; nothing breaks the strict policy."""
    page = come_in(context, served)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    code = served.code("Coffee with Lee")
    places = ("/", f"/m/{code}", f"/r/{code}", "/people", "/people/lee-wong", "/promises", "/more")
    for place in (*places, "/people/lee-wong/edit", "/people/lee-wong/file", "/stats", "/devices"):
        page.goto(served.address + place)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.cookie") == ""
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= TELEPHONE["width"], f"{place} scrolls sideways"
    assert said == []


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.parametrize(("locale", "scheme"), [("en_GB", "light"), ("ar", "dark")])
def test_a_screen_reader_and_a_keyboard_can_use_every_page(
    serving: Callable[..., Served], browser: Browser, scheme: Literal["light", "dark"], locale: str
) -> None:
    """axe-core finds nothing, in light and dark, narrow and wide, in either direction."""
    served = serving(settings=f"{SETTINGS}locale: {locale}\n")
    served.let_in()
    (served.root / "data/contacts/broken.yaml").write_text("name: B\nbirthdya: x\n")
    served.desk.touch()
    code = served.code("Coffee with Lee")
    context = browser.new_context(viewport=TELEPHONE, color_scheme=scheme)
    page = come_in(context, served)
    places = ["/", f"/m/{served.code('Plan for next year')}", f"/r/{code}", "/people", "/promises"]
    places += ["/people/lee-wong", "/people/lee-wong/edit", "/people/broken/file", "/problems"]
    places += ["/people/new", "/more", "/stats", "/devices", "/doctor", "/in?token=x"]
    found = {}
    for place in places:
        page.goto(served.address + place)
        page.locator("progress").wait_for(state="detached")
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for size in (TELEPHONE, DESK):
            page.set_viewport_size(size)
            if wrong := violations(page):
                found[place] = wrong
    context.close()
    assert found == {}


def test_a_usual_reflection_takes_eight_taps_on_a_telephone(
    served: Served, context: BrowserContext
) -> None:
    """From Today: seven taps and a few words, on one screen, well under a minute at 2 s a tap."""
    page = come_in(context, served)
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        taps += 1
        what.click()

    tap(page.get_by_role("link", name="Five minutes", exact=True).first)
    page.wait_for_url("**/r/*")
    form = page.locator("form.answers")
    heights = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert heights[0] <= heights[1] * 1.15, "more than a flick beyond one screen"
    tap(form.get_by_role("group", name="I knew what they needed").get_by_label("yes"))
    tap(form.get_by_role("group", name="I knew how to help").get_by_label("partly"))
    tap(form.get_by_label("frustrated"))
    tap(form.get_by_label("a cost sheet").first)
    tap(form.get_by_label("What was promised").first)
    page.keyboard.type("send the plan")
    tap(form.locator(".due").first.get_by_label("1 w"))
    tap(form.get_by_role("button", name="Save"))
    page.wait_for_url(f"{served.address}/*")
    assert page.get_by_text("Saved: Lee Wong").is_visible()
    assert taps <= 8
    contact = lee(served)
    assert contact.interactions[0].signals == ("frustrated",)
    assert [str(p.due) for p in contact.promises if p.text == "send the plan"] == ["2026-11-30"]
    assert contact.promises[0].kept is not None


def test_every_control_can_be_hit_with_a_thumb(served: Served, context: BrowserContext) -> None:
    """What is tapped in the five minutes is at least 44 pixels high, and nothing lies on it."""
    page = come_in(context, served)
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    for chip in page.locator(".chip:visible, .tick:visible, .save button").all():
        box = chip.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5


def answer(page: Page, *, words: str) -> None:
    """Fill in the five minutes."""
    page.get_by_role("group", name="I knew what they needed").get_by_label("yes").check()
    page.get_by_label("Their words").fill(words)


def test_without_a_network_the_answers_wait_and_land_once(
    served: Served, context: BrowserContext
) -> None:
    """In the lift: Save keeps the form on the telephone; outside it is sent by itself, once."""
    page = come_in(context, served)
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    context.set_offline(True)
    answer(page, words="I sign what I can stop")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("kept on this device and sent when").wait_for()
    assert lee(served).interactions == ()
    context.set_offline(False)
    page.wait_for_url(f"{served.address}/?*")
    (one,) = lee(served).interactions
    assert one.words == "I sign what I can stop"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_network_is_lost_half_way(served: Served, context: BrowserContext) -> None:
    """The form came, its answer did not: sent again it lands once all the same."""
    page = come_in(context, served)
    code = served.code("Coffee with Lee")
    page.goto(f"{served.address}/r/{code}")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**/r/{code}", lose)
    answer(page, words="too slow")
    page.get_by_label("What was promised").first.fill("send the plan")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"{served.address}/?*")
    assert lost == [303, 303]
    contact = lee(served)
    assert [one.words for one in contact.interactions] == ["too slow"]
    assert [p.text for p in contact.promises].count("send the plan") == 1


def test_a_page_loaded_again_still_has_what_was_typed(
    served: Served, context: BrowserContext
) -> None:
    """A reload in the middle, or a telephone that put the page away, loses no word."""
    page = come_in(context, served)
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    answer(page, words="half a sentence")
    page.reload()
    assert page.get_by_label("Their words").input_value() == "half a sentence"
    chosen = page.get_by_role("group", name="I knew what they needed").get_by_label("yes")
    assert chosen.is_checked()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"{served.address}/?*")
    (one,) = lee(served).interactions
    assert one.words == "half a sentence"


def test_a_page_loaded_again_folds_away_what_was_not_answered(
    served: Served, context: BrowserContext
) -> None:
    """A signal at the top opens neither the further signals nor the second promise."""
    page = come_in(context, served)
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    page.get_by_label("frustrated").check()
    page.get_by_label("What was promised").first.fill("send the plan")
    page.reload()
    assert page.get_by_label("frustrated").is_checked()
    assert page.get_by_label("What was promised").first.input_value() == "send the plan"
    assert page.locator("details[open]").count() == 0


def test_people_are_found_while_a_name_is_typed(served: Served, context: BrowserContext) -> None:
    """No Enter and no button is needed, and an empty field shows everyone again."""
    page = come_in(context, served)
    page.goto(f"{served.address}/people")
    page.get_by_role("searchbox").press_sequentially("dana")
    page.get_by_role("link", name="Lee Wong").wait_for(state="detached")
    assert page.get_by_role("link", name="Dana Smith").is_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("link", name="Lee Wong").wait_for()


def test_save_stays_in_sight_in_a_long_form(served: Served, context: BrowserContext) -> None:
    """On a telephone a word is put right at the top, and saved without scrolling."""
    page = come_in(context, served)
    page.goto(f"{served.address}/people/lee-wong/edit")
    page.get_by_label("What they do").fill("CFO")
    box = page.get_by_role("button", name="Save", exact=True).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < TELEPHONE["height"]
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/people/lee-wong?*")
    assert lee(served).title == "CFO"


def test_a_number_is_not_turned_round_on_an_arabic_page(
    serving: Callable[..., Served], context: BrowserContext
) -> None:
    """A telephone number keeps its plus sign in front, and an English note its full stop behind."""
    served = serving(settings=SETTINGS + "locale: ar\n")
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text() + 'telephones: ["+1 555 0100"]\nnotes: Calls early.\n')
    page = come_in(context, served)
    page.goto(f"{served.address}/people/lee-wong/edit")
    assert page.locator("html").get_attribute("dir") == "rtl"
    for name in ("item:telephones:+1 555 0100", "notes"):
        field = page.locator(f'[name="{name}"]')
        assert field.evaluate("field => getComputedStyle(field).direction") == "ltr"


def test_two_tabs_save_and_nothing_is_lost(served: Served, context: BrowserContext) -> None:
    """The second tab is shown what the first one saved, and decides."""
    first = come_in(context, served)
    place = f"{served.address}/r/{served.code('Coffee with Lee')}"
    first.goto(place)
    second = context.new_page()
    second.goto(place)
    answer(first, words="from the first")
    answer(second, words="from the second")
    first.get_by_role("button", name="Save").click()
    first.wait_for_url(f"{served.address}/?*")
    second.get_by_role("button", name="Save").click()
    second.get_by_text("Something was saved elsewhere meanwhile").wait_for()
    assert second.get_by_text("from the first").is_visible()
    assert second.get_by_label("Their words").input_value() == "from the second"
    assert [one.words for one in lee(served).interactions] == ["from the first"]


def test_the_form_opens_without_a_network_where_it_was_open_before(
    served: Served, context: BrowserContext
) -> None:
    """Where the browser trusts the page, its worker keeps the last forms."""
    page = come_in(context, served)
    place = f"{served.address}/r/{served.code('Coffee with Lee')}"
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(place)
    page.goto(f"{served.address}/people")
    context.set_offline(True)
    page.goto(place)
    assert page.get_by_role("button", name="Save").is_visible()
    answer(page, words="from a tunnel")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("kept on this device and sent when").wait_for()
    context.set_offline(False)
    page.wait_for_url(f"{served.address}/?*")
    assert [one.words for one in lee(served).interactions] == ["from a tunnel"]


def test_a_page_shows_what_changed_in_the_files(served: Served, context: BrowserContext) -> None:
    """An editor saves, and the open page is new within seconds; a form that was begun stays."""
    page = come_in(context, served)
    page.goto(f"{served.address}/people")
    path = served.root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text().replace("Lee Wong", "Lee Wong-Ortiz"))
    served.desk.touch()  # as the watch for changed files does
    page.get_by_text("Lee Wong-Ortiz").wait_for()
    page.goto(f"{served.address}/people/lee-wong/edit")
    page.get_by_label("What they do").fill("CFO")
    served.desk.touch()
    page.get_by_text("Something was changed elsewhere").wait_for()
    assert page.get_by_label("What they do").input_value() == "CFO"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another web server of this machine, whose pages may be evil, and its folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    handler = partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    thread.join()
    server.server_close()


EVIL = (Path(__file__).parent / "evil.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("site", ["same machine", "another name"])
def test_a_page_elsewhere_reads_and_changes_nothing(
    served: Served, context: BrowserContext, elsewhere: tuple[str, Path], site: str
) -> None:
    """With our session in the same browser, a page on another port or name gets nowhere."""
    page = come_in(context, served)
    code = served.code("Coffee with Lee")
    page.goto(f"{served.address}/r/{code}")
    answer(page, words="mine")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"{served.address}/?*")
    before = served.contact("lee-wong")
    address, folder = elsewhere
    (folder / "evil.html").write_text(EVIL.replace("ADDRESS", served.address))
    if site == "another name":
        address = address.replace("127.0.0.1", "www.evil.example")
    page.goto(f"{address}/evil.html")
    page.wait_for_function("document.title !== 'waiting'")
    results = json.loads(page.title())
    assert results["read"] == results["send"] == "refused"
    assert results["picture"] == 0
    assert "Lee" not in results["frame"]
    assert served.contact("lee-wong") == before


def test_code_in_a_page_would_reach_nobody(
    served: Served, context: BrowserContext, elsewhere: tuple[str, Path]
) -> None:
    """Were markup ever let through, the policy runs no code of it and sends nothing away."""
    page = come_in(context, served)
    address, folder = elsewhere
    (folder / "evil.js").write_text("document.title = 'evil'")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    evil = (
        f"<img src=x onerror=\"document.title = 'evil'\"><img src={address}/secret>"
        f"<iframe src={address}></iframe><form id=f action={address}/secret><input name=q></form>"
        "<a id=a href=\"javascript:document.title = 'evil'\">x</a><base href=//evil.example>"
    )
    page.evaluate("(evil) => document.body.insertAdjacentHTML('beforeend', evil)", evil)
    page.evaluate(
        """(address) => {
            for (const text of [null, "document.title = 'evil'"]) {
                const script = document.createElement("script");
                if (text) script.textContent = text; else script.src = address + "/evil.js";
                document.body.append(script);
            }
            document.getElementById("a").click();
            return fetch(address + "/secret").catch(() => null);
        }""",
        address,
    )
    page.wait_for_timeout(500)
    assert page.title() == "Today"
    assert page.evaluate("document.baseURI").startswith(served.address)
    page.evaluate("document.getElementById('f').submit()")
    page.wait_for_timeout(500)
    assert not [url for url in asked if url.startswith(address)]


def test_no_site_hears_from_where_one_came(
    served: Served, context: BrowserContext, elsewhere: tuple[str, Path]
) -> None:
    """A link out of a page, as to a call, carries no address of ours."""
    page = come_in(context, served)
    address, folder = elsewhere
    (folder / "call.html").write_text("call")
    page.goto(f"{served.address}/people/lee-wong")
    page.evaluate(
        "(url) => { const a = document.createElement('a'); a.href = url; document.body.append(a);"
        " a.click() }",
        f"{address}/call.html",
    )
    page.wait_for_url(f"{address}/call.html")
    assert page.evaluate("document.referrer") == ""


def test_a_name_that_points_here_is_not_ours(served: Served, context: BrowserContext) -> None:
    """DNS rebinding in the browser itself: the page answers 421 and nothing else."""
    come_in(context, served)
    page = context.new_page()
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    with suppress(Error):  # Chromium shows its own page for an answer without a body
        page.goto(f"http://rebound.evil.example:{served.port}/")
    assert statuses == [421]


def test_a_page_weighs_little(serving: Callable[..., Served], browser: Browser) -> None:
    """The first visit brings at most 60 KB, type and script and all, without photos."""
    served = serving()
    context = browser.new_context(viewport=TELEPHONE)
    page = come_in(context, served)
    code = served.code("Coffee with Lee")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    weights: dict[str, float] = {}
    for place in ("/", f"/m/{code}", f"/r/{code}", "/people", "/people/lee-wong", "/promises"):
        sizes: list[float] = []
        session.on(
            "Network.loadingFinished", lambda e, held=sizes: held.append(e["encodedDataLength"])
        )
        page.goto(served.address + place)
        page.wait_for_load_state("networkidle")
        weights[place] = sum(sizes)
    context.close()
    assert max(weights.values()) <= 60_000, weights


def test_a_keyboard_alone_reaches_and_saves(served: Served, context: BrowserContext) -> None:
    """Tab and space and Enter: every question has a place in the order, and is seen to have it."""
    page = come_in(context, served)
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name")
        if name == "needs_answered":
            page.keyboard.press("Space")
        if name == "adjust":
            page.keyboard.type("call before")
            break
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.address}/?*")
    assert re.search(r"needs_answered: yes[\s\S]*call before", served.contact("lee-wong"))


def test_a_form_works_without_script(serving: Callable[..., Served], browser: Browser) -> None:
    """Where scripts are off, the same forms do the same."""
    served = serving()
    context = browser.new_context(viewport=TELEPHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/in?token={served.new_token()}")
    page.get_by_role("button", name="Open").click()
    page.goto(f"{served.address}/r/{served.code('Coffee with Lee')}")
    answer(page, words="without script")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Saved: Lee Wong").is_visible()
    context.close()
    assert [one.words for one in lee(served).interactions] == ["without script"]


def test_an_old_workspace_is_served_too(
    serving: Callable[..., Served], tmp_path: Path, context: BrowserContext
) -> None:
    """Without contacts, calendar or anything, the page says what is missing."""
    root = make_workspace(tmp_path / "empty", settings="version: 1\n")
    for path in (root / "data/contacts").glob("*.yaml"):
        path.unlink()
    served = serving(root)
    page = come_in(context, served)
    assert page.get_by_text("No calendar is named yet").is_visible()

"""Labels on the pages are written as the language writes them."""

import re
from collections.abc import Callable

import pytest
from served_pages import Served
from small_workspaces import SETTINGS


@pytest.mark.parametrize(("locale", "sign"), [("fr_FR", "\u00a0: "), ("ja_JP", "\uff1a")])
def test_a_label_has_the_sign_of_the_language(
    serving: Callable[..., Served], locale: str, sign: str
) -> None:
    """French sets the colon apart, Japanese has one of its own; nowhere is there an English one."""
    served = serving(settings=f"{SETTINGS}locale: {locale}\n")
    served.let_in()
    review = served.code("Q4 service review")
    for place in (f"/r/{review}", "/people/dana-smith", "/people/dana-smith/edit", "/promises"):
        page = re.sub(
            r"<(script|style|textarea).*?</\1>", "", served.ask(place).text, flags=re.DOTALL
        )
        texts = re.findall(r">([^<]+)<", page) + re.findall(r'aria-label="([^"]+)"', page)
        found = [one for one in texts if re.search(r"[^\s\d]: |^: |[^\s\d]:$", one)]
        assert [one for one in found if sign not in one] == [], place
        if place in {f"/r/{review}", "/promises"}:
            assert sign in page


def test_only_what_needs_care_is_marked_so(serving: Callable[..., Served]) -> None:
    """A first line is in the accent only where something is late or owed."""
    served = serving()
    served.let_in()
    page = served.ask("/").text
    for label, line in re.findall(r"<strong( class=\"alert\")?>First: </strong>(.*?)</p>", page):
        assert bool(label) == bool(re.search("Apologise|Own up|late|Complaint|Strained", line)), (
            line
        )


def test_what_to_raise_stands_once_beneath_each_name(serving: Callable[..., Served]) -> None:
    """A name heads the lines about one person once in a section, as on the sheet."""
    served = serving()
    served.let_in()
    page = served.ask(f"/m/{served.code('Plan for next year')}").text
    for section in page.split('<section class="part">')[1:]:
        names = re.findall(r'<p class="of"><bdi>(.*?)</bdi>', section)
        assert len(names) == len(set(names))

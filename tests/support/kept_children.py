"""What a worker of a team does with typesetting children, for a process of multiprocessing."""

from collections.abc import Sequence

from briefgen.brief.brief import Brief
from briefgen.page.look import Look, MadePage
from briefgen.page.workers import keep_children, make_pages


def make_and_keep(briefs: Sequence[Brief], look: Look) -> None:
    """Make pages, and keep the children that made them."""
    keep_children()
    assert all(isinstance(page, MadePage) for _, page in make_pages(briefs, look))

"""Forty lives of thirty nights each: after every night every promise holds."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import life as simulation

LIVES_EACH = 4


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    """The stand-in for typesetting, and everything imported once."""
    with pytest.MonkeyPatch.context() as patch:
        simulation.stand_in(patch.setattr)
        simulation.warm_up()
        yield


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("first", range(1, 41, LIVES_EACH))
def test_lives(first: int) -> None:
    """Whatever their seeds bring: mails once, nothing cancelled that stands, no file torn."""
    for seed in range(first, first + LIVES_EACH):
        said = simulation.live(simulation.plan(seed), ahead=simulation.is_ahead(seed))
        assert not said, f"seed {seed}: {said}"


def test_the_world_is_decided_by_its_seed() -> None:
    """The same seed brings the same events; another one others."""
    assert simulation.plan(7) == simulation.plan(7)
    assert simulation.plan(7) != simulation.plan(8)


def test_it_would_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a ledger that forgets that a mail was sent, a life breaks soon."""
    monkeypatch.setattr("briefgen.delivery.ledger.Ledger.sent", lambda _, one, *__, **___: one)
    assert "mails came twice" in simulation.live(simulation.plan(1))

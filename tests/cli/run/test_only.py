"""`briefgen run --only`: one meeting by its title or its sheet's code, and what to say of none."""

from small_workspaces import DANA, REVIEW, SETTINGS, Place


def _place(place: Place) -> Place:
    place.write("briefgen.yaml", SETTINGS)
    place.write("data/contacts/dana-smith.yaml", DANA)
    place.feed(REVIEW)
    return place


def test_only_takes_a_sheet_code(place: Place) -> None:
    """As `show` and `reflect` do, also for a day that is not tomorrow."""
    (brief,) = _place(place).report("run")["briefs"]
    found = place.report("run", "--only", brief["code"], "--force")["briefs"]
    assert [one["path"] for one in found] == [brief["path"]]
    later = place.report("run", "--dry-run", "--only", brief["code"], as_of="2026-11-01T10:00")
    assert [one["path"] for one in later["briefs"]] == [brief["path"]]


def test_only_says_that_nothing_matches(place: Place) -> None:
    """With the days that were looked at, and what matches today, since they begin with tomorrow."""
    at = "2026-11-23T08:00"
    options = ("--dry-run", "--only", "service review", "--days", "30")
    said = _place(place).call("run", *options, as_of=at).output
    assert "no meeting 'service review' in these days (24 Nov 2026 to 23 Dec 2026)" in said
    assert "1 more meeting today, at 10:00: Q4 service review  (--date today)" in said
    assert "needs a brief" not in said
    one_day = place.call("run", "--dry-run", "--only", "nobody", as_of=at).output
    assert "in these days (24 Nov 2026)" in one_day
    assert "today" not in one_day

"""What was settled between two meetings: kept, dropped, moved."""

from small_workspaces import Place

PROMISES = """\
name: Dana Smith
emails: [dana.smith@acme.example]
promises:
  - {text: send the plan, due: 2026-11-20}
  - {text: visit Newark, due: 2026-11-20, dropped: 2026-11-21}
  - {text: call Ana, due: 2026-11-30, moved: [2026-11-20]}
apologies:
  - {date: 2026-11-02, for: the missed go-live, taken: not yet, proof: a named engineer}
"""


def test_a_dropped_promise_is_told_no_more(place: Place) -> None:
    """A promise with `dropped` is in no brief; one that was moved is due on its new day."""
    place.write("data/contacts/dana-smith.yaml", PROMISES)
    shown = place.call("show", "review@calendar.example").output
    assert "the plan (3 days late)" in shown
    assert "visit Newark" not in shown
    assert "call Ana" in shown
    assert place.call("check").exit_code == 0

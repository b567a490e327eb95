"""Lists of people are in the order of their names' letters, accents or not."""

import json
from pathlib import Path

from small_workspaces import AS_OF, SETTINGS, Place

from briefgen.cli import main


def test_an_accent_does_not_come_after_z(tmp_path: Path) -> None:
    """Élodie is before Tom, in whatever order the files are."""
    place = Place(tmp_path)
    place.write("briefgen.yaml", SETTINGS)
    place.feed()
    for stem, name in (("a", "Tom Becker"), ("b", "Élodie Martin"), ("c", "Dana Smith")):
        place.write(f"data/contacts/{stem}.yaml", f"name: {name}\n")
    call = ["contacts", "list", "-w", str(tmp_path), "--as-of", AS_OF, "--json"]
    listed = json.loads(place.runner.invoke(main, call, catch_exceptions=False).stdout)
    names = [one["name"] for one in listed["contacts"]]
    assert names == ["Dana Smith", "Élodie Martin", "Tom Becker"]

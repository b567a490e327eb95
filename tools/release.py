"""Builds what is released: sdist and wheel, the same bytes each time, and what is in them.

Run it from the repository's root: `python tools/release.py`. Writes into `dist/` the source
distribution, the wheel, `sbom.cdx.json` (CycloneDX 1.6: every package that briefgen needs, with
version and licence) and `SHA256SUMS`. It builds everything twice and fails where the bytes differ.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from briefgen import __version__

EPOCH = "1767225600"
"""The time of every file in the archives: 1 January 2026, whenever they are made."""


def build(folder: Path) -> dict[str, bytes]:
    """The sdist and the wheel, by their file names."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    for kind in ("--sdist", "--wheel"):
        subprocess.run(
            [sys.executable, "-m", "build", "--quiet", kind, "--outdir", str(folder)],
            check=True,
            env=environment,
        )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def needed(name: str, seen: dict[str, Distribution]) -> dict[str, Distribution]:
    """A package and all that it needs to run, by name."""
    found = distribution(name)
    seen[name.casefold().replace("_", "-")] = found
    for line in found.requires or ():
        requirement = Requirement(line)
        key = requirement.name.casefold().replace("_", "-")
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and key not in seen:
            needed(requirement.name, seen)
    return seen


def component(found: Distribution) -> dict[str, Any]:
    """A package as CycloneDX writes it."""
    about = found.metadata
    name, version = about["Name"], found.version
    licence = next((about[key] for key in ("License-Expression", "License") if key in about), "")
    classified = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier", [])
        if one.startswith("License :: ")
    ]
    told = licence.splitlines()[0][:80] if licence.strip() else ", ".join(classified)
    entry = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name.casefold()}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name.casefold()}@{version}",
    }
    return entry | ({"licenses": [{"license": {"name": told}}]} if told else {})


def bill_of_materials() -> str:
    """Everything that an installed briefgen consists of (CycloneDX 1.6)."""
    packages = needed("briefgen", {})
    parts = [component(found) for name, found in sorted(packages.items()) if name != "briefgen"]
    fonts = {
        "type": "library",
        "bom-ref": "source-sans-3",
        "name": "Source Sans 3",
        "licenses": [{"license": {"id": "OFL-1.1"}}],
    }
    own = {"type": "application", "bom-ref": "briefgen", "name": "briefgen"}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": own
            | {"version": __version__, "licenses": [{"expression": "MIT AND OFL-1.1"}]}
        },
        "components": [*parts, fonts],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Build twice, compare, and write `dist/`."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        files, again = build(Path(first)), build(Path(second))
    different = [name for name in files if files[name] != again.get(name)]
    if different:
        sys.exit(f"not the same bytes twice: {', '.join(different)}")
    files["sbom.cdx.json"] = bill_of_materials().encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    files["SHA256SUMS"] = sums.encode()
    folder = Path("dist")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
        print(f"dist/{name}  {len(data):,} bytes")


if __name__ == "__main__":
    main()

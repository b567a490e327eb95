"""briefgen as a user installs it: a wheel in an empty environment, far from the checkout."""

import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def briefgen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed by `pip install .` into an empty virtual environment."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    for command in (
        [sys.executable, "-m", "venv", "--without-pip", str(home)],
        [
            sys.executable, "-m", "pip", "--python", str(home / "bin/python"), "install", "--quiet",
            "--no-compile",  # what is run is compiled then
            "--disable-pip-version-check", "--constraint", str(ROOT / "constraints.txt"), str(ROOT),
        ],
    ):  # fmt: skip
        subprocess.run(command, check=True, env=environment, capture_output=True, timeout=900)
    return home / "bin" / "briefgen"


def test_a_new_workspace_has_its_brief_with_the_second_command(
    briefgen: Path, tmp_path: Path
) -> None:
    """`briefgen init w && cd w && briefgen run` writes a one-page PDF in the bundled typeface."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BRIEFGEN"))}

    def call(*arguments: str, folder: Path) -> str:
        done = subprocess.run(
            [str(briefgen), *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("init", "w", "--sample", folder=tmp_path)
    assert "1 brief written" in call("run", folder=tmp_path / "w")
    (brief,) = (tmp_path / "w" / "briefings").rglob("*.pdf")
    reader = PdfReader(brief)
    assert len(reader.pages) == 1
    fonts = {font for page in reader.pages for font in page._get_fonts()[0]}  # embedded ones
    assert any("Source-Sans" in font or "SourceSans" in font for font in fonts), fonts
    assert "no problems" in call("check", folder=tmp_path / "w")


def test_the_same_source_gives_the_same_wheel(tmp_path: Path) -> None:
    """A wheel built twice is the same to the byte, with templates, docs and manual page in it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    wheels = []
    for folder in ("first", "second"):
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", str(ROOT)]
        subprocess.run(
            [*command, "--disable-pip-version-check", "--wheel-dir", str(tmp_path / folder)],
            check=True,
            env={**environment, "SOURCE_DATE_EPOCH": "1767225600"},
            capture_output=True,
            timeout=300,
        )
        (wheel,) = (tmp_path / folder).iterdir()
        wheels.append(wheel)
    assert wheels[0].read_bytes() == wheels[1].read_bytes()
    names = zipfile.ZipFile(wheels[0]).namelist()
    for wanted in ("templates/brief.html.j2", "docs/reflect.md", "share/man/man1/briefgen.1"):
        assert any(name.endswith(wanted) for name in names), wanted


def test_the_same_source_gives_the_same_sdist(tmp_path: Path) -> None:
    """A source distribution built twice is the same to the byte, whenever files were touched."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    archives = []
    for folder in ("first", "second"):
        os.utime(ROOT / "README.md")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "build",
                "--sdist",
                "--outdir",
                str(tmp_path / folder),
                str(ROOT),
            ],
            check=True,
            env={**environment, "SOURCE_DATE_EPOCH": "1767225600"},
            capture_output=True,
            timeout=300,
        )
        (archive,) = (tmp_path / folder).iterdir()
        archives.append(archive)
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with tarfile.open(archives[0]) as source:
        names = source.getnames()
    for wanted in (
        "README.md",
        "src/briefgen/cli/init.py",
        "templates/brief.css",
        "docs/reflect.md",
    ):
        assert any(name.endswith(f"/{wanted}") for name in names), wanted


def test_the_bill_of_materials_names_every_package() -> None:
    """The list of what is in a release names each dependency with its version and licence."""
    spec = importlib.util.spec_from_file_location("release", ROOT / "tools/release.py")
    assert spec is not None
    assert spec.loader is not None
    release = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(release)
    listed = json.loads(release.bill_of_materials())
    parts = {part["name"].casefold(): part for part in listed["components"]}
    for name in ("weasyprint", "jinja2", "pyyaml", "icalendar"):
        assert parts[name]["version"]
        assert parts[name]["licenses"]
    assert not any(name in parts for name in ("pytest", "mypy", "briefgen"))

"""briefgen as a user installs it: a wheel in an empty environment, far from the checkout."""

import os
import subprocess
import sys
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

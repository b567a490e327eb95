"""Builds the companion wheel `briefgen-pango`: Pango and what it needs, for Linux without them.

Run it on the oldest Debian that the wheel is to serve, with `libpangoft2-1.0-0`,
`libharfbuzz-subset0` and `patchelf` installed: `python tools/pango/build.py [FOLDER]`. The
libraries are Debian's own, unchanged except for their run path, which is the wheel's own folder.
The licence of each is beside it, with the name and version of its source package. The wheel has
the same bytes each time.

The system's own libraries win: `briefgen` uses these only where Pango is not installed.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

VERSION = "1.0.0"
NAME = "briefgen_pango"
WANTED = ("libpangoft2-1.0.so.0", "libpango-1.0.so.0", "libharfbuzz-subset.so.0")
OF_THE_SYSTEM = re.compile(
    r"(?:libc|libm|libdl|libpthread|librt|libresolv|ld-linux.*|linux-vdso)\."
)
"""The C library and its parts, which every Linux has, and must not be mixed with another's."""
LONG_AGO = (2026, 1, 1, 0, 0, 0)
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
INIT = '''"""Pango and the libraries it needs, for briefgen on Linux systems without them."""

from pathlib import Path

FOLDER = Path(__file__).parent / "lib"
FONTS_CONF = Path(__file__).parent / "fonts.conf"
'''


def closure(wanted: tuple[str, ...]) -> dict[str, Path]:
    """The wanted libraries and all they need but the C library, by the names they go by."""
    cache = subprocess.run(["ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    machine = os.uname().machine.replace("_", "-")
    known: dict[str, Path] = {}
    for line in cache.splitlines():
        if "=>" in line and (machine in line or "AArch64" in line):
            known.setdefault(line.split()[0], Path(line.rpartition("=> ")[2]))
    missing = [name for name in wanted if name not in known]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}")
    found: dict[str, Path] = {}
    left = list(wanted)
    while left:
        name = left.pop()
        if name in found or OF_THE_SYSTEM.match(name):
            continue
        found[name] = known[name].resolve()
        read = subprocess.run(
            ["patchelf", "--print-needed", str(found[name])],
            check=True,
            capture_output=True,
            text=True,
        )
        left += read.stdout.split()
    return dict(sorted(found.items()))


def glibc_needed(files: list[Path]) -> tuple[int, int]:
    """The newest version of the C library that any of the files asks for."""
    versions = {
        (int(major), int(minor))
        for file in files
        for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", file.read_bytes())
    }
    return max(versions)


def package_of(file: Path) -> tuple[str, str, str]:
    """The Debian package of a file, its source package and the source's version."""
    for path in (file, Path("/usr") / file.relative_to("/"), Path("/") / file.relative_to("/usr")):
        asked = subprocess.run(
            ["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0:
            break
    package = asked.stdout.partition(": ")[0].partition(":")[0]
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${source:Package}\t${source:Version}", package],
        check=True,
        capture_output=True,
        text=True,
    )
    source, _, version = shown.stdout.partition("\t")
    return package, source, version


def contents(work: Path) -> Iterator[tuple[str, bytes, int]]:
    """Every file of the wheel but its record: name, bytes and mode."""
    libraries = closure(WANTED)
    sources: dict[str, str] = {}
    licences: dict[str, bytes] = {}
    copies: list[Path] = []
    for name, file in libraries.items():
        package, source, version = package_of(file)
        sources[name] = f"{name}: source package {source} {version} of Debian"
        licences[f"{package}.txt"] = Path(f"/usr/share/doc/{package}/copyright").read_bytes()
        copies.append(work / name)
        shutil.copyfile(file, copies[-1])
        subprocess.run(["patchelf", "--set-rpath", "$ORIGIN", str(copies[-1])], check=True)
    major, minor = glibc_needed(copies)
    tag = f"py3-none-manylinux_{major}_{minor}_{os.uname().machine}"
    yield f"{NAME}/__init__.py", INIT.encode(), 0o644
    yield f"{NAME}/fonts.conf", FONTS_CONF.encode(), 0o644
    for copy in copies:
        yield f"{NAME}/lib/{copy.name}", copy.read_bytes(), 0o755
    notes = f"{NAME}-{VERSION}.dist-info"
    listed = "\n".join(sources.values())
    yield f"{notes}/licenses/SOURCES.txt", f"{SOURCES_HEAD}\n{listed}\n".encode(), 0o644
    for name in ("LGPL-2", "LGPL-2.1"):
        licences[f"{name}.txt"] = Path(f"/usr/share/common-licenses/{name}").read_bytes()
    for licence, text in sorted(licences.items()):
        yield f"{notes}/licenses/{licence}", text, 0o644
    yield f"{notes}/METADATA", METADATA.encode(), 0o644
    yield f"{notes}/WHEEL", WHEEL.format(tag=tag).encode(), 0o644


SOURCES_HEAD = """The libraries of this wheel come from Debian, unchanged except for their run path.
Their sources are Debian's source packages of these names and versions:
"""
METADATA = f"""Metadata-Version: 2.4
Name: briefgen-pango
Version: {VERSION}
Summary: Pango, HarfBuzz, Fontconfig and what they need, for briefgen on Linux without them.
License-Expression: LGPL-2.1-or-later AND MIT AND FTL AND BSD-3-Clause AND Zlib
License-File: licenses/SOURCES.txt
Requires-Python: >=3.11
Classifier: Operating System :: POSIX :: Linux
"""
WHEEL = """Wheel-Version: 1.0
Generator: briefgen tools/pango/build.py
Root-Is-Purelib: false
Tag: {tag}
"""


def build(folder: Path) -> Path:
    """Write the wheel into `folder`, and return its path."""
    with tempfile.TemporaryDirectory() as work:
        files = list(contents(Path(work)))
    wheel = next(text.decode() for name, text, _ in files if name.endswith("/WHEEL"))
    tag = wheel.rpartition("Tag: ")[2].strip()
    record = f"{NAME}-{VERSION}.dist-info/RECORD"
    lines = []
    for name, text, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},{len(text)}")
    files.append((record, "\n".join([*lines, f"{record},,", ""]).encode(), 0o644))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}-{VERSION}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text, mode in files:
            entry = zipfile.ZipInfo(name, date_time=LONG_AGO)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return path


if __name__ == "__main__":
    made = build(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
    print(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")

#!/bin/sh
# Sees to the system libraries that briefgen (demo) and its checks (test) need:
# installs what is missing where it may, and otherwise prints the line to type.
set -eu
what=${1:-demo}

if [ "$(uname -s)" = Darwin ]; then
    for formula in pango harfbuzz; do
        brew list "$formula" >/dev/null 2>&1 || missing="${missing:-} $formula"
    done
    [ -z "${missing:-}" ] || { echo "Missing libraries. Type: brew install$missing" >&2; exit 1; }
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No apt-get here: see that Pango with FreeType and the HarfBuzz subsetter are installed." >&2
    exit 0
fi

# Without libharfbuzz-subset0 fonts are cut down in Python and a page takes three times as long.
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 python3-venv"
if [ "$what" = test ]; then
    # Fonts for names in other scripts; poppler to look at pages; a print queue; a browser; a terminal, shells; a database;
    # a C compiler; schedulers, and a clock for them.
    packages="$packages fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji fontconfig poppler-utils"
    packages="$packages cups-daemon cups-client cups-filters tmux zsh fish postgresql gcc libc6-dev cron faketime systemd"
    # Ubuntu's chromium is a snap, which containers cannot run: there the browser's tests are skipped.
    if grep -q '^ID=debian' /etc/os-release 2>/dev/null; then packages="$packages chromium"; fi
fi

missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
# A Python that did not come from Debian brings its own venv.
if python3 -c 'import ensurepip, venv' 2>/dev/null; then missing=$(echo "$missing" | sed 's/ python3-venv//'); fi
[ -n "$missing" ] || exit 0

line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo=sudo
else
    echo "Missing system packages. Type, as root: apt-get update && $line" >&2
    exit 1
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q >/dev/null
# shellcheck disable=SC2086  # a list of package names
$sudo env DEBIAN_FRONTEND=noninteractive $line -q >/dev/null

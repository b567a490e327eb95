#!/bin/sh
# Tries briefgen on bare systems, each a root of its own made by mmdebstrap (run as root, on Debian):
#   demo   a clone with git, make and Python: `make demo`, then `make test`
#   wheel  nothing but Python: both wheels installed offline, `init`, `run`, the first PDF timed
# usage: tools/fresh.sh demo|wheel [SUITE ...]     suites: bookworm (the default), trixie
set -eu
what=${1:?demo or wheel}
shift
here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- bookworm
work=$(mktemp -d)

finish() {
    for place in dev/pts dev/shm dev proc; do
        umount "$work"/*/"$place" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT INT TERM

if [ "$what" = wheel ]; then
    "$here/.venv/bin/python" "$here/tools/pango/build.py" "$work/wheels"
    "$here/.venv/bin/python" -m pip wheel --quiet --no-deps -w "$work/wheels" "$here"
    "$here/.venv/bin/python" -m pip download --quiet -d "$work/wheels" \
        --find-links "$work/wheels" --constraint "$here/constraints.txt" "$here[pango]"
    packages=python3,python3-venv
else
    packages=ca-certificates,git,make,python3,python3-venv
fi

for suite in "$@"; do
    root=$work/$suite
    mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$root"
    mkdir -p "$root/dev/pts" "$root/dev/shm"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind /dev/pts "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    rm -f "$root/etc/localtime" "$root/etc/timezone"
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
    chroot "$root" useradd -m user
    if [ "$what" = wheel ]; then
        cp -r "$work/wheels" "$root/wheels"
        chroot "$root" su user -c '
            set -e; cd; export LC_ALL=C.UTF-8; began=$(date +%s)
            python3 -m venv venv
            venv/bin/pip install --quiet --no-index --find-links /wheels "briefgen[pango]"
            venv/bin/briefgen --version
            venv/bin/briefgen init --sample work
            venv/bin/briefgen run --workspace work
            ls -l work/briefings/*/*.pdf
            echo "first PDF after $(($(date +%s) - began)) s, without root"'
    else
        git clone --quiet "$here" "$root/home/clone"
        chroot "$root" sh -c 'cd /home/clone && make demo && make test'
    fi
    echo "$suite: $what passed"
done

#!/bin/sh
# Tries briefgen on bare systems, each a root of its own made by mmdebstrap (as root, on Debian; Ubuntu's
# roots need the package ubuntu-archive-keyring):
#   demo   a clone with git, make and Python: `make demo`, timed
#   test   the same, then `make test`
#   wheel  nothing but Python: both wheels installed offline, `init`, `run`, the first PDF timed
# usage: tools/fresh.sh demo|test|wheel [SUITE ...]     suites: bookworm (the default), trixie, noble
set -eu
what=${1:?demo, test or wheel}
# In a mount namespace of its own, whose mounts end with it and which no other program sees.
[ "${FRESH_APART:-}" = yes ] || FRESH_APART=yes exec unshare --mount --propagation private "$0" "$@"
shift
here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- bookworm
python=${BUILD_PYTHON:-$here/.venv/bin/python}
work=$(mktemp -d)
inside="env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot"

finish() {
    cd /
    for place in sys dev/pts dev/shm dev proc ""; do
        for root in "$work"/*/; do
            if mountpoint -q "$root$place"; then umount -l "$root$place"; fi
        done
    done
    if grep -q " $work/" /proc/self/mounts; then
        echo "still mounted, so not removed: $work" >&2
    else
        rm -rf --one-file-system "$work"
    fi
}
trap finish EXIT INT TERM

if [ "$what" = wheel ]; then
    "$python" "$here/tools/pango/build.py" "$work/wheels"
    "$python" -m pip wheel --quiet --no-deps -w "$work/wheels" "$here"
    packages=python3,python3-venv
else
    packages=apt,ca-certificates,git,make,python3,python3-venv
fi

for suite in "$@"; do
    root=$work/$suite
    case $suite in noble) parts=main,universe ;; *) parts=main ;; esac
    mmdebstrap --quiet --variant=minbase --components="$parts" --include="$packages" "$suite" "$root"
    mount --bind "$root" "$root"  # so that what runs in there may have mounts of its own
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"  # a user's own systemd asks for the control groups in it
    # Devices of its own: nothing that is removed in there is this machine's.
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in "null c 1 3" "zero c 1 5" "full c 1 7" "random c 1 8" "urandom c 1 9" "tty c 5 0"; do
        # shellcheck disable=SC2086  # a name, a kind and two numbers
        (cd "$root/dev" && mknod -m 666 $device)
    done
    ln -s /proc/self/fd "$root/dev/fd"
    ln -s fd/0 "$root/dev/stdin"
    ln -s fd/1 "$root/dev/stdout"
    ln -s fd/2 "$root/dev/stderr"
    ln -s pts/ptmx "$root/dev/ptmx"
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    rm -f "$root/etc/localtime" "$root/etc/timezone"
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
    if [ -d "$root/etc/ssl/certs" ]; then  # a proxy's authority, where this machine trusts one
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    fi
    chroot "$root" useradd -m user
    if [ "$what" = wheel ]; then
        version=$(chroot "$root" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        "$python" -m pip download --quiet --only-binary :all: --python-version "$version" \
            -d "$root/wheels" --find-links "$work/wheels" --constraint "$here/constraints.txt" \
            "briefgen[pango]"
        $inside "$root" su user -c '
            set -e; cd; export LC_ALL=C.UTF-8; began=$(date +%s)
            python3 -m venv venv
            venv/bin/pip install --quiet --no-index --find-links /wheels "briefgen[pango]"
            venv/bin/briefgen --version
            venv/bin/briefgen init --sample work
            venv/bin/briefgen doctor --offline --workspace work
            venv/bin/briefgen run --workspace work
            ls -l work/briefings/*/*.pdf
            echo "first PDF after $(($(date +%s) - began)) s, without root; of the processors:"
            times'
    else
        git clone --quiet "$here" "$root/home/clone"
        $inside "$root" sh -c '
            set -e; cd /home/clone; began=$(date +%s)
            make demo
            echo "make demo took $(($(date +%s) - began)) s; of the processors:"
            times'
        [ "$what" = demo ] || $inside "$root" sh -c 'cd /home/clone && make test'
    fi
    echo "$suite: $what passed"
done

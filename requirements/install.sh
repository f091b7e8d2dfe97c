#!/bin/sh
# Bring the environment up to one lock: sh requirements/install.sh VENV run|dev|ray|oracle
#
# Everything is pinned by version and hash. Nothing is taken from outside the locks, not even to
# build: antlr4-python3-runtime, which comes as source only, is built with the locked tools.
# PYTHON names the interpreter; without it the first usable one of a short list is taken.
set -eu

venv=$1
set=$2
here=$(dirname "$0")
started=$venv/.installing # left behind only by an install that was killed

say() { echo "mmrunner: $*" >&2; }

usable() { # INTERPRETER MODULE
    "$1" -c "import sys, $2; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if usable "$candidate" ensurepip; then
            echo "$candidate"
            return
        fi
    done
    say "expected Python 3.11 to 3.14 with venv and ensurepip," \
        "${PYTHON:-python3} is $("${PYTHON:-python3}" -V 2>&1 | tail -n 1);" \
        "install one (Debian: python3-venv too) or name it: make PYTHON=/path/to/python3.12 ..."
    exit 1
}

fetch() { # LOCK
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes --no-deps --no-build-isolation \
        --only-binary :all: --no-binary antlr4-python3-runtime -r "$here/$1.lock"
}

link_checkout() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --no-index --no-deps --no-build-isolation --editable "$here/.."
}

install() {
    case $set in
        run | ray) fetch build && fetch "$set" && link_checkout ;;
        dev | oracle) fetch "$set" ;;
        *) say "expected run, dev, ray or oracle, was $set" && return 1 ;;
    esac
}

trap 'exit 130' INT TERM # a plain failure below must not be mistaken for this one

if [ -e "$started" ] || ! usable "$venv/bin/python" pip; then
    python=$(find_python)
    say "making $venv with $("$python" -V)"
    "$python" -m venv --clear "$venv"
fi
say "bringing $venv up to requirements/$set.lock (once; about a minute when it is new)"
: >"$started"
if ! install; then
    rm -f "$started"
    say "not installed: pip's message is above; the packages come from the index that pip is set to"
    exit 1
fi
: >"$venv/.$set"
rm -f "$started"

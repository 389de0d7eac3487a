#!/bin/sh
# See that a Chromium is there, and install the pinned axe-core (MPL-2.0: fetched, not kept here) beside this file.
set -eu
cd "$(dirname "$0")"

if ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
    echo "The browser tests drive a real Chromium, and ${CHROMIUM:-chromium} is not there." >&2
    echo "Install it (Debian: apt-get install chromium), or name another one: CHROMIUM=/path/to/chrome make test-browser" >&2
    exit 1
fi
missing=""
for tool in node npm; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "axe-core comes from npm. Missing:$missing (Debian, Ubuntu: apt-get install nodejs npm)." >&2
    exit 1
fi

stamp="node_modules/.installed"
if [ -e "$stamp" ] && [ ! package-lock.json -nt "$stamp" ]; then
    exit 0
fi
npm ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error
touch "$stamp"

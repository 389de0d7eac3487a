#!/bin/sh
# Install the pinned Bluesky PDS and PLC directory beside this file, and compile the one native module they need.
# Works with npm 10 and npm 11 (which runs no install script unless package.json approves it).
set -eu
cd "$(dirname "$0")"

missing=""
for tool in node npm g++ make python3; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "The live test runs a real Bluesky server. Missing:$missing." >&2
    echo "It needs Node 20 or newer, npm, g++, make and python3 (Debian, Ubuntu: apt-get install nodejs npm g++ make)." >&2
    exit 1
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
    echo "The live test needs Node 20 or newer; this is $(node --version)." >&2
    exit 1
fi

stamp="node_modules/.installed-node-$major"
if [ -e "$stamp" ] && [ ! package-lock.json -nt "$stamp" ]; then
    exit 0
fi

# Where the distribution's own Node headers are, the compiler takes them; otherwise node-gyp fetches them from nodejs.org.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ -e "$prefix/include/node/node.h" ]; then
    export npm_config_nodedir="$prefix"
fi
export npm_config_build_from_source=true

echo "Installing the Bluesky PDS (a few minutes, once) ..."
npm ci --ignore-scripts --no-progress --loglevel=error
npm rebuild better-sqlite3 --no-progress --loglevel=error
node -e 'new (require("better-sqlite3"))(":memory:").close()'
touch "$stamp"

#!/bin/sh
# Unpack snac, an ActivityPub server (MIT), with the libraries it wants beside this file: Debian's package, its own libc,
# nothing installed on the machine. From the Debian archive that this machine's apt is set up for, whatever its release.
# Exit status 77: this machine cannot have it (no Debian archive, another architecture); the test is then skipped.
set -eu
cd "$(dirname "$0")"

RELEASE=trixie VERSION=2.75-2
SHA256=f509ee95c82bbf3863e76ad2d81665d5f1f90fbdceb0ea2615da476ce44c8fa8

stamp="root/.installed-$VERSION"
[ ! -e "$stamp" ] || exit 0

cannot() { echo "snac cannot be installed here: $1" >&2; exit 77; }
for tool in apt-get dpkg dpkg-deb sha256sum; do
    command -v "$tool" >/dev/null 2>&1 || cannot "no $tool"
done
[ "$(dpkg --print-architecture)" = amd64 ] || cannot "its checksum is known for amd64 alone"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || cannot "no keyring of Debian's archive"
archive=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | sort -u | head -n 1)
[ -n "$archive" ] || cannot "apt knows no Debian archive (try apt-get update)"

rm -rf root apt
mkdir -p apt/lists/partial apt/archives/partial root
touch apt/status
echo "deb [signed-by=$keyring] $archive $RELEASE main" >apt/sources.list
ours() {
    apt-get -q -y -o "Dir::State=$PWD/apt" -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::State::status=$PWD/apt/status" \
        -o "Dir::Cache=$PWD/apt" -o "Dir::Etc::sourcelist=$PWD/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o APT::Sandbox::User="$(id -un)" "$@"
}
echo "Unpacking snac $VERSION and its libraries (some 17 MB, once) ..."
ours update >apt/log 2>&1 || cannot "the archive's $RELEASE cannot be read (tests/live/snac/apt/log)"
ours --no-install-recommends --download-only install "snac2=$VERSION" >>apt/log 2>&1 ||
    cannot "snac2 $VERSION is not in $RELEASE any more (tests/live/snac/apt/log)"
echo "$SHA256  apt/archives/snac2_${VERSION}_amd64.deb" | sha256sum --check --quiet
for package in apt/archives/*.deb; do
    dpkg-deb -x "$package" root
done
rm -rf apt
./snac >/dev/null 2>&1 || [ $? -ne 127 ] || { echo "snac does not start" >&2; exit 1; }
touch "$stamp"

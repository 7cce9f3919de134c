#!/usr/bin/env bash
# Packs what $BUILD holds (built with PREFIX=/usr) into pktsmith_VERSION_ARCH.deb there. Called by make deb.
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build}" "${VERSION:?}"
for tool in dpkg-deb dpkg-shlibdeps dpkg-architecture; do
	command -v $tool >/dev/null || { echo "deb.sh: $tool is missing: sudo apt-get install dpkg-dev" >&2; exit 3; }
done

build=$(cd "$BUILD" && pwd)
root=$build/package
architecture=$(dpkg-architecture -qDEB_HOST_ARCH)
package=$build/pktsmith_${VERSION}_$architecture.deb

rm -rf "$root" "$package"
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/pktsmith"
# A package's folders are for all to enter, whatever the umask here.
umask 022
BUILD=$build PREFIX=/usr DESTDIR=$root VERSION=$VERSION scripts/install.sh install >/dev/null
strip --strip-unneeded "$root/usr/bin/pktsmith"
strip --strip-debug "$root/usr/lib/libpktsmith.a"
gzip -9n "$root/usr/share/man/man1/pktsmith.1"
cp LICENSE "$root/usr/share/doc/pktsmith/copyright"

# dpkg-shlibdeps reads debian/control of the folder it runs in, and finds there no more than it must.
mkdir -p "$build/shlibs/debian"
printf 'Source: pktsmith\n\nPackage: pktsmith\nArchitecture: any\n' >"$build/shlibs/debian/control"
depends=$(cd "$build/shlibs" && dpkg-shlibdeps -O "$root/usr/bin/pktsmith" | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb.sh: dpkg-shlibdeps found no library that pktsmith needs" >&2; exit 1; }

cat >"$root/DEBIAN/control" <<CONTROL
Package: pktsmith
Version: $VERSION
Architecture: $architecture
Maintainer: The pktsmith authors <pktsmith@localhost>
Section: net
Priority: optional
Depends: $depends
Suggests: ethtool, iproute2, libnet1-dev, libpcap-dev, libyaml-dev, libjson-c-dev, libmnl-dev, libdeflate-dev
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Description: forge Ethernet frames from templates, send them, and see what came of it
 pktsmith builds frames octet by octet from short YAML templates, with every
 length, checksum and the FCS computed or wrong on purpose, sends them on an
 interface or into a file, and captures and decodes what arrives.
 .
 The static library libpktsmith.a and its headers are included; what building
 with it wants is suggested.
CONTROL
chmod -R u=rwX,go=rX "$root"
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"

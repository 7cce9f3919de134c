#!/usr/bin/env bash
# Installs what $BUILD holds under $DESTDIR$PREFIX, or takes exactly that away. Called by make install and make uninstall.
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build}" "${PREFIX:=/usr/local}" "${DESTDIR=}" "${VERSION:?}"
root=$DESTDIR$PREFIX

# The library's interface, and what it is made of. They include each other as "dir/file.h", so the folders stay.
headers='base/arena.h base/buffer.h base/bytes.h base/cells.h base/clock.h base/err.h base/histogram.h base/random.h base/text.h
	wire/wire.h wire/checksum.h wire/crc32.h wire/signature.h
	patch/generator.h patch/program.h patch/runner.h
	tcp/tcp.h
	frame/spec.h frame/view.h frame/build.h frame/compile.h frame/diff.h frame/rewrite.h frame/sign.h
	match/pattern.h match/answer.h respond/respond.h respond/loop.h
	template/template.h template/script.h
	link/link.h link/backends.h link/capture.h link/interface.h link/pcapfile.h link/filter.h link/receiver.h link/stamped.h
	flow/pace.h flow/send.h flow/verify.h flow/neighbour.h flow/fcs.h flow/replay.h
	probe/wire.h probe/probe.h
	measure/engine.h measure/engines.h measure/result.h measure/series.h measure/receiver.h measure/check.h measure/figures.h
	measure/rfc2544.h
	stack/socket.h'

# One row a file: mode, source, place under PREFIX.
rows() {
	local file
	echo "755 $BUILD/pktsmith bin/pktsmith"
	echo "644 $BUILD/libpktsmith.a lib/libpktsmith.a"
	echo "644 $BUILD/pktsmith.pc lib/pkgconfig/pktsmith.pc"
	echo "644 $BUILD/pktsmith.1 share/man/man1/pktsmith.1"
	echo "644 $BUILD/template.schema.json share/pktsmith/template.schema.json"
	echo "644 $BUILD/test.schema.json share/pktsmith/test.schema.json"
	echo "644 $BUILD/completion.bash share/bash-completion/completions/pktsmith"
	echo "644 $BUILD/completion.zsh share/zsh/site-functions/_pktsmith"
	for file in $headers; do echo "644 src/$file include/pktsmith/$file"; done
	for file in tests/exchange/*.yaml; do echo "644 $file share/pktsmith/tests/${file##*/}"; done
	find frames -type f | sort | while read -r file; do echo "644 $file share/pktsmith/$file"; done
}

# The library is a static one alone, so what it needs is not private.
write_pkgconfig() {
	cat >"$BUILD/pktsmith.pc" <<-PC
	prefix=$PREFIX
	libdir=\${prefix}/lib
	includedir=\${prefix}/include

	Name: pktsmith
	Description: Forges, sends and captures Ethernet frames
	Version: $VERSION
	Requires: libpcap yaml-0.1 json-c libmnl libdeflate
	Libs: -L\${libdir} -lpktsmith -lnet -lm
	Cflags: -I\${includedir}/pktsmith
	PC
}

install_all() {
	write_pkgconfig
	rows | while read -r mode source place; do
		install -D -m "$mode" "$source" "$root/$place"
	done
	echo "installed under $root"
}

# Folders of our own go with their last file; those of the system stay.
uninstall_all() {
	rows | while read -r _ _ place; do rm -f "$root/$place"; done
	for folder in "$root/include/pktsmith" "$root/share/pktsmith"; do
		[ ! -d "$folder" ] || find "$folder" -depth -type d -empty -delete
	done
	echo "removed from $root"
}

case ${1-} in
install) install_all ;;
uninstall) uninstall_all ;;
*) echo "usage: install.sh install|uninstall" >&2; exit 2 ;;
esac

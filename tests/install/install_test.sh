#!/usr/bin/env bash
# What `make install` puts in place is enough to build on the library, and `make uninstall` leaves nothing of it.
. tests/support/tap.sh
build=${BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
root=$dir/root
prefix=/opt/pktsmith

# A build of its own: another PREFIX is compiled in, and the tree under test must stay as it is.
run_make() { make -s BUILD="$dir/build" PREFIX=$prefix DESTDIR="$root" "$@"; }
installed() { (cd "$root" && find . ! -type d | sort); }

check "make install succeeds" run_make -j2 install
is "it installs the program, the library, the manual, the schema and the completion where they belong" \
	"$(installed | grep -vE 'include/|/frames/|/tests/')" "./opt/pktsmith/bin/pktsmith
./opt/pktsmith/lib/libpktsmith.a
./opt/pktsmith/lib/pkgconfig/pktsmith.pc
./opt/pktsmith/share/bash-completion/completions/pktsmith
./opt/pktsmith/share/man/man1/pktsmith.1
./opt/pktsmith/share/pktsmith/template.schema.json
./opt/pktsmith/share/pktsmith/test.schema.json
./opt/pktsmith/share/zsh/site-functions/_pktsmith"
is "all templates are there" "$(cd "$root$prefix/share/pktsmith/frames" && find . -type f | sort)" "$(cd frames && find . -type f | sort)"
is "and all exchange scripts" "$(cd "$root$prefix/share/pktsmith/tests" && find . -type f | sort)" "$(cd tests/exchange && find . -name '*.yaml' | sort)"
like "which the installed program finds" "$(cd / && "$root$prefix/bin/pktsmith" test --dry-run ping 2>&1)" 'echo-request'
is "the program looks for templates under its prefix" "$(strings -n 8 "$root$prefix/bin/pktsmith" | grep -x "$prefix/share/pktsmith/frames")" \
	"$prefix/share/pktsmith/frames"
like "the installed program shows an installed template" \
	"$(cd / && "$root$prefix/bin/pktsmith" show raw-socket --format hex --with-fcs 2>&1)" '^0102030405060102030405060801(5b){30}5041594c4f4144(5d){30}1a2b3c4d$'

check "the installed schema is JSON" jq -e '.definitions["layer.eth"].required == ["dst"]' "$root$prefix/share/pktsmith/template.schema.json"
is "the installed completion of bash is of this program" "$(bash --norc --noprofile -c '
	source "$1/share/bash-completion/completions/pktsmith" && complete -p pktsmith' sh "$root$prefix")" "complete -F _pktsmith pktsmith"
like "the installed completion of zsh is one that compinit finds" "$(head -n 1 "$root$prefix/share/zsh/site-functions/_pktsmith")" '^#compdef pktsmith$'

# Every header stands alone, found through the installed folder only.
export PKG_CONFIG_PATH=$root$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
cd "$root$prefix/include/pktsmith" || exit 1
for header in */*.h; do
	echo "#include \"$header\"" >"$dir/header.c"
	check "$header can be included by itself" sh -c "cc -std=gnu11 -Wall -Werror -fsyntax-only \$(pkg-config --cflags pktsmith) '$dir/header.c'"
done
cd - >/dev/null || exit 1

# The manual's own programs.
for program in frame datagram; do
	check "the manual's $program.c is built against it with pkg-config alone" sh -c "cc -std=gnu11 -Wall -Wextra -Werror \
		-o '$dir/$program' src/man/$program.c \$(pkg-config --cflags --libs pktsmith)"
done
is "frame builds a frame" "$("$dir/frame" 2>&1)" "ffffffffffff02000000000188b5cafe$(printf '00%.0s' $(seq 44))"
# Where port 5000 is nobody else's.
datagram() {
	unshare -n sh -c 'ip link set lo up; "$0" udp listen 5000 --kernel --reply "Got your message!" -n 1 >"$2/listener" 2>&1 &
		until [ -n "$(ss -Hluan "sport = :5000")" ]; do sleep 0.05; done
		"$1" 2>&1; wait' "$root$prefix/bin/pktsmith" "$dir/datagram" "$dir"
}
is "datagram gets its answer over frames of its own" "$(datagram)" "Got your message!"
like "from a listener that got its message" "$(cat "$dir/listener")" "^Got message from \('127.0.0.1', [0-9]+\): hello$"

page=$root$prefix/share/man/man1/pktsmith.1
is "mandoc has nothing to say against the manual" "$(mandoc -T lint -W warning "$page" 2>&1)" ""
manual=$(MANWIDTH=200 man -l "$page" 2>&1)
for command in $("$root$prefix/bin/pktsmith" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	like "the manual tells of $command" "$manual" "^ *pktsmith $command "
done
like "and of the protocols' fields" "$manual" "^ *frag-offset "
like "and of its programs" "$manual" '^ *if \(rc \|\| socket_open\(&asks, stack, SOCKET_UDP, &err\) \|\| '
like "and where the templates are" "$manual" "^ *$prefix/share/pktsmith/frames"

check "make uninstall succeeds" run_make uninstall
is "it leaves no file" "$(installed)" ""
is "and no folder of its own" "$(find "$root" -mindepth 3 -name pktsmith)" ""
check "make uninstall again is harmless" run_make uninstall

check "make deb succeeds" make -s -j2 BUILD="$dir/build" deb
package=$(echo "$dir"/build/deb/pktsmith_*.deb)
like "the package names the libraries that it needs" "$(dpkg-deb -f "$package" Depends 2>&1)" 'libnet1 .*libpcap0\.8 .*libyaml-0-2'
like "and holds the program, for all to run" "$(dpkg-deb -c "$package" 2>&1)" '^-rwxr-xr-x root/root .* \./usr/bin/pktsmith$'
like "whose templates are under /usr" "$(dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/bin/pktsmith | strings -n 8)" \
	'^/usr/share/pktsmith/frames$'
done_testing

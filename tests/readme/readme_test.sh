#!/usr/bin/env bash
# What the README shows is what the program prints.
. tests/support/tap.sh
pktsmith=$(realpath "$PKTSMITH")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The fenced block of README.md whose first line matches $1, without the fences.
block() {
	awk -v first="$1" '
		/^```/ { fence = !fence; if (!fence && take) exit; take = 0; fresh = fence; next }
		fresh { take = $0 ~ first; fresh = 0 }
		take' README.md
}

block '^name: vlan-ping' >"$dir/vlan-ping.yaml"
block '^name: example' >"$dir/example.yaml"
block '^name: varying' >"$dir/varying.yaml"
block '^name: closed-port' >"$dir/closed-port.yaml"
check "the script is read" "$pktsmith" test --dry-run "$dir/closed-port.yaml"
if unshare -n true 2>/dev/null; then
	is "and it passes" "$("$pktsmith" test "$dir/closed-port.yaml" | sed 's/ (.*//')" "PASS  closed-port"
fi
check "the first template builds" "$pktsmith" show "$dir/vlan-ping.yaml"
check "the template on one screen builds" "$pktsmith" show "$dir/example.yaml"
is "show prints what stands there" "$(cd "$dir" && "$pktsmith" show vlan-ping.yaml)" "$(block '^[$] pktsmith show vlan-ping.yaml' | sed 1d)"
is "the tutorial's frame is what stands there" "$("$pktsmith" show raw-socket --format hex --with-fcs)" \
	"$(block '^[$] pktsmith show raw-socket' | sed 1d)"

check "the template whose values vary builds" "$pktsmith" show "$dir/varying.yaml" -n 100 --format hex
line=$(block "^[$] pktsmith show --format hex -e" | head -n 1 | sed 's/^[$] pktsmith/"$pktsmith"/')
is "the expression is the frame that stands there" "$(eval "$line")" "$(block '^[$] pktsmith show --format hex -e' | sed 1d)"

# The two mistakes, made.
cd "$dir" || exit 1
sed 's/ttl: 3/ttl: 300/' vlan-ping.yaml >wrong.yaml && first=$("$pktsmith" show wrong.yaml 2>&1)
sed 's/dst: $target/dts: $target/' vlan-ping.yaml >wrong.yaml && second=$("$pktsmith" show wrong.yaml 2>&1)
cd - >/dev/null || exit 1
is "the mistakes are answered as it says" "$first
$second" "$(block '^pktsmith: vlan-ping.yaml:7:31' | sed 's/vlan-ping/wrong/')"

for command in $("$pktsmith" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	like "the table of commands has $command" "$(cat README.md)" "^\| \`$command[ \`]"
done
for path in $(grep -oE 'scripts/[a-z-]+\.sh|frames\b/?[a-z/-]*\.yaml|\.ci/run' README.md | sort -u); do
	check "$path exists" test -x "$path"
done
for target in $(grep -oE 'make [a-z-]+( [a-z-]+)* *(`|#|$)' README.md | sed 's/^make //; s/[`#]//g' | tr ' ' '\n' | sort -u); do
	like "make $target is a target" "$(sed -n 's/^\([a-z][a-z -]*\):.*/\1/p' Makefile)" "(^| )$target( |\$)"
done
done_testing

#!/usr/bin/env bash
# Each NAME.yaml here is wrong in its own way: `show` says NAME.err, one line, and nothing else, and exits with 2. NAME.args
# holds further arguments, one a line.
set -u
. tests/support/tap.sh
pktsmith=${PKTSMITH:-build/pktsmith}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for template in tests/reject/*.yaml; do
	base=${template%.yaml}
	args=()
	[ ! -e "$base.args" ] || mapfile -t args <"$base.args"
	status=0
	"$pktsmith" show "${args[@]}" "$template" >"$out/stdout" 2>"$out/stderr" || status=$?
	{ printf 'pktsmith: '; cat "$base.err"; } >"$out/wanted"
	if [ "$status" = 2 ] && [ ! -s "$out/stdout" ] && cmp -s "$out/stderr" "$out/wanted"; then
		tap_ok "${base##*/} is refused"
	else
		tap_not_ok "${base##*/} is refused" "exit $status, $(stat -c %s "$out/stdout") octets on standard output
got:    $(cat "$out/stderr")
wanted: $(cat "$out/wanted")"
	fi
done

is "no two say the same" "$(sed 's|tests/reject/[a-z0-9-]*||g' tests/reject/*.err | sort | uniq -d)" ""
done_testing

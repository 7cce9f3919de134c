# tap.sh: test results in TAP for shell tests; source it. A test's name is a sentence about behaviour.
#   is NAME GOT WANTED      equal strings
#   like NAME GOT PATTERN   GOT matches the extended regular expression
#   check NAME COMMAND...   COMMAND succeeds
#   fails NAME STATUS COMMAND...   COMMAND exits with STATUS
#   may_open N NAME        whether a process may have N descriptors, once the limit is raised as far as it goes; where not, NAME is skipped
#   done_testing            prints the plan; call it last, its status is the test's
tap_count=0
tap_failed=0

tap_ok() { tap_count=$((tap_count + 1)); printf 'ok %d - %s\n' "$tap_count" "$1"; }
tap_not_ok() {
	tap_count=$((tap_count + 1)); tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	printf '%s\n' "$2" | head -n 40 | sed 's/^/#   /'
}
is() { if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "got:    $2
wanted: $3"; fi; }
like() { if printf '%s\n' "$2" | grep -qE -- "$3"; then tap_ok "$1"; else tap_not_ok "$1" "got:    $2
wanted to match: $3"; fi; }
check() { local name=$1 out; shift; if out=$("$@" 2>&1); then tap_ok "$name"; else tap_not_ok "$name" "$(printf "%.300s" "$*") failed: $out"; fi; }
fails() {
	local name=$1 want=$2 out status=0; shift 2
	out=$("$@" 2>&1) || status=$?
	if [ "$status" = "$want" ]; then tap_ok "$name"; else tap_not_ok "$name" "$* exited $status, wanted $want: $out"; fi
}
may_open() {
	local most
	ulimit -Sn "$(ulimit -Hn)"
	most=$(ulimit -n)
	[ "$most" = unlimited ] || [ "$most" -ge "$1" ] || { tap_ok "$2 # SKIP only $most open files are allowed here"; return 1; }
}
done_testing() { printf '1..%d\n' "$tap_count"; [ "$tap_failed" = 0 ]; }

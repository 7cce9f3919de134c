#!/usr/bin/env bash
# The runner of tests counts right, above all what goes wrong: a test that crashes or hangs must not pass unseen.
. tests/support/tap.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A script with this body, named so that the runner takes it for TAP, or for a cmocka program.
script() { printf '#!/bin/bash\n%s\n' "$2" >"$dir/$1"; chmod +x "$dir/$1"; echo "$dir/$1"; }
last() { TEST_SECONDS=${seconds:-20} tests/run.sh "$@" 2>&1 | tail -n 1; }
cmocka() {
	printf 'cat <<EOF\n[==========] Running %d test(s).\n' $(($1 + $2 + $3))
	[ "$1" = 0 ] || printf '[       OK ] t%d\n' $(seq "$1")
	printf '[==========] %d test(s) run.\n[  PASSED  ] %d test(s).\n' $(($1 + $2 + $3)) "$1"
	[ "$3" = 0 ] || printf '[  SKIPPED ] %d test(s), listed below:\n[  SKIPPED ] s\n' "$3"
	[ "$2" = 0 ] || printf '[  FAILED  ] %d test(s), listed below:\n[  FAILED  ] f\n' "$2"
	printf 'EOF\nexit %d\n' "$2"
}

good=$(script good_test.sh 'echo 1..2; echo ok 1 - a; echo "ok 2 - b # SKIP no such device"')
bad=$(script bad_test.sh 'echo 1..2; echo ok 1 - a; echo not ok 2 - b; exit 1')
silent=$(script silent_test.sh 'exit 0')
planless=$(script planless_test.sh 'echo ok 1 - a')
short=$(script short_test.sh 'echo 1..3; echo ok 1 - a; echo ok 2 - b')
dying=$(script dying_test.sh 'echo 1..1; echo ok 1 - a; kill -SEGV $$')
hanging=$(script hanging_test.sh 'echo 1..1; echo ok 1 - a; sleep 60')
stubborn=$(script stubborn_test.sh 'trap "" TERM; echo 1..1; echo ok 1 - a; while :; do sleep 1; done')
littering=$(script littering_test.sh 'echo 1..1; echo ok 1 - a; setsid sleep 60.'$$' >/dev/null 2>&1 &')
unit=$(script unit_test "$(cmocka 3 0 0)")
unit_mixed=$(script mixed_test "$(cmocka 3 2 1)")
unit_empty=$(script empty_test "$(cmocka 0 0 0)")
unit_crash=$(script crash_test 'echo "[==========] Running 4 test(s)."; echo "[       OK ] a"; kill -ABRT $$')

is "results of scripts and programs are added up" "$(last "$good" "$unit")" "4 passed, 0 failed, 1 skipped"
is "nothing is said of skipped tests where there are none" "$(last "$unit")" "3 passed, 0 failed"
is "failed and skipped tests of a program are counted" "$(last "$unit_mixed")" "3 passed, 2 failed, 1 skipped"
is "a failed result is counted" "$(last "$bad")" "1 passed, 1 failed"
is "a script without results fails" "$(last "$silent")" "0 passed, 1 failed"
is "a script without a plan fails" "$(last "$planless")" "1 passed, 1 failed"
is "fewer results than planned fail" "$(last "$short")" "2 passed, 1 failed"
is "a script that dies after its results fails" "$(last "$dying")" "1 passed, 1 failed"
is "a program without tests fails" "$(last "$unit_empty")" "0 passed, 1 failed"
is "the tests that a crash kept from running count as failed" "$(last "$unit_crash")" "1 passed, 3 failed"
is "a file that is not there fails" "$(last "$dir/none_test.sh")" "0 passed, 1 failed"
is "a test that hangs is ended and fails" "$(seconds=1 last "$hanging")" "1 passed, 1 failed"
is "a test that ignores TERM is ended and fails" "$(seconds=1 last "$stubborn")" "1 passed, 1 failed"
like "a test that leaves a process behind fails" "$(tests/run.sh "$littering")" "^failed: .*left behind: sleep 60\.$$$"
is "and the process is ended" "$(pgrep -f "^sleep 60\.$$\$")" ""
is "--unit leaves scripts out" "$(last --unit "$good" "$unit")" "3 passed, 0 failed"
is "--only picks by path" "$(last --only mixed "$good" "$unit" "$unit_mixed")" "3 passed, 2 failed, 1 skipped"
is "no test at all fails" "$(last --only nothing "$good")" "0 passed, 1 failed"
check "success is exit status 0" tests/run.sh "$good"
fails "failure is exit status 1" 1 tests/run.sh "$good" "$bad"
like "the program's own counts stay on the screen" "$(tests/run.sh "$unit")" '^\[  PASSED  \] 3 test\(s\)\.$'
like "the failed ones are named at the end" "$(tests/run.sh "$bad" "$unit")" "^failed: $bad: 1 failed"
done_testing

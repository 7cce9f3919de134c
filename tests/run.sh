#!/usr/bin/env bash
# Runs tests one after the other, shows what they print, and closes with "N passed, N failed[, N skipped]".
#
#   tests/run.sh [--unit] [--only PATTERN] [TEST...]
#
# A TEST is a cmocka program or, by its ending .sh or .py, a script that prints TAP. Without any: all of the tree, the
# programs under $BUILD (build). --unit: programs only. --only: those whose path has PATTERN in it (a glob, too).
# $TEST_SECONDS (900) is how long one may take. What crashes, hangs, has no plan or no tests, or leaves processes behind, counts as failed.
set -u
# Job control: a test then starts with the signals' own dispositions and in its own process group.
set -m
cd "$(dirname "$0")/.." || exit 2

build=${BUILD:-build}
export PKTSMITH=${PKTSMITH:-$build/pktsmith}
seconds=${TEST_SECONDS:-900}
passed=0 failed=0 skipped=0 blamed=()
only='' unit=false

while [ $# -gt 0 ]; do
	case $1 in
	--unit) unit=true ;;
	--only) only=${2:?--only wants a PATTERN}; shift ;;
	--help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
	-*) echo "run.sh: no option $1 (try --help)" >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done

all_tests() {
	find tests/unit -name '*_test.c' | sort | sed "s|^|$build/|; s|\.c$||"
	find tests -name '*_test.sh' -o -name '*_test.py' | sort
}

# The counts of a cmocka program: "PASSED FAILED SKIPPED". Without its summary (it crashed), the lines of its tests count.
count_cmocka() {
	awk '
		/\[==========\] Running [0-9]+ test\(s\)\./ { sub(/.*Running /, ""); running += $1; next }
		/^\[  PASSED  \] [0-9]+ test\(s\)\.$/ { passed += $4; summary = 1; next }
		/^\[  SKIPPED \] [0-9]+ test\(s\), listed below:$/ { listed += $4; next }
		/\[       OK \] / { ok++ }
		/\[  SKIPPED \] / && !summary { skipped++ }
		END {
			if (summary) { ok = passed; skipped = listed }
			print ok + 0, running - ok - skipped, skipped + 0
		}' "$1"
}

# The same for TAP. A plan that is missing, or that another number of results follows, is a failure of its own.
count_tap() {
	awk '
		/^1\.\.[0-9]+/ { plans++; plan = substr($1, 4) + 0; if (plan == 0 && /# *[Ss][Kk][Ii][Pp]/) skipped++ }
		/^ok/ { results++; if (/# *[Ss][Kk][Ii][Pp]/) skipped++; else ok++ }
		/^not ok/ { results++; bad++ }
		END {
			if (plans != 1 || results != plan) bad++
			print ok + 0, bad + 0, skipped + 0
		}' "$1"
}

# Ends what a test has started and left behind, after two seconds in which it may go by itself; prints what it was. All of a test's
# processes have its mark in their environment.
end_leftovers() {
	local left try
	for try in {1..20}; do
		mapfile -t left < <(grep -lsaz "^PKTSMITH_TEST=$1$" /proc/[0-9]*/environ | cut -d/ -f3)
		[ ${#left[@]} != 0 ] || return 0
		sleep 0.1
	done
	ps -o args= -p "${left[*]}" | cut -c 1-100 | paste -sd ';'
	kill -KILL "${left[@]}" 2>/dev/null
}

# Netns tests need root; a user who has built the program may still run the rest.
wants_root() { [[ $1 == tests/netns/* ]] && [ "$(id -u)" != 0 ]; }

run_one() {
	local test=$1 status=0 kind=count_cmocka mark=$$-$((passed + failed + skipped)) ok bad skip left why=''
	case $test in *.sh | *.py) kind=count_tap ;; *) [[ $test == */* ]] || test=./$test ;; esac
	printf '\n== %s\n' "$test"
	if wants_root "$test"; then
		echo "skipped: needs root (sudo make check)"
		skipped=$((skipped + 1))
		return
	fi
	PKTSMITH_TEST=$mark timeout --kill-after=10 "$seconds" "$test" </dev/null >"$log" 2>&1 &
	running=$!
	wait "$running" 2>/dev/null || status=$?
	running=
	left=$(end_leftovers "$mark")
	cat "$log"
	[ -z "$(tail -c 1 "$log")" ] || echo
	read -r ok bad skip < <("$kind" "$log")
	if [ "$status" = 124 ] || [ "$status" = 137 ]; then
		why="ended after $seconds s: it hangs, or is too slow"
	elif [ "$status" -gt 128 ]; then
		why="was ended by signal $(kill -l "$status" 2>/dev/null || echo "$status")"
	elif [ "$status" != 0 ] && [ "$bad" = 0 ]; then
		why="exited with $status"
	elif [ $((ok + bad + skip)) = 0 ]; then
		why="ran no test"
	elif [ -n "$left" ]; then
		why="left behind: $left"
	fi
	if [ -n "$why" ]; then
		echo "not ok - $test $why"
		[ "$bad" != 0 ] || bad=1
	fi
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	[ "$bad" = 0 ] || blamed+=("$test: $bad failed${why:+, $why}")
}

log=$(mktemp) running=
trap 'rm -f "$log"' EXIT
trap '[ -z "$running" ] || kill -TERM "$running" 2>/dev/null; exit 130' INT TERM

tests=("$@")
[ $# -gt 0 ] || mapfile -t tests < <(all_tests)
for test in "${tests[@]}"; do
	if $unit && [[ $test == *.sh || $test == *.py ]]; then continue; fi
	# shellcheck disable=SC2053 # a pattern is what --only takes
	[[ -z $only || $test == *$only* ]] || continue
	run_one "$test"
done

echo
[ ${#blamed[@]} = 0 ] || printf 'failed: %s\n' "${blamed[@]}"
if [ $((passed + failed + skipped)) = 0 ]; then
	echo "failed: no test matches"
	failed=1
fi
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" = 0 ]

#!/usr/bin/env bash
# Runs each fuzz target of tests/fuzz for SECONDS (60). Starts from tests/fuzz/corpus/NAME, which it only reads; what it finds
# new stays in $BUILD/corpus/NAME, and an input that crashes, leaks or hangs in $BUILD/crashes.
# Usage: run.sh [SECONDS]
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build/fuzz} seconds=${1:-60} status=0 targets=0

fuzz_one() {
	local name=$1 options=()
	mkdir -p "$build/corpus/$name" "$build/crashes"
	[ ! -f "tests/fuzz/$name.dict" ] || options+=("-dict=tests/fuzz/$name.dict")
	if ! ls "tests/fuzz/corpus/$name"/* >/dev/null 2>&1; then
		echo "fuzz $name: tests/fuzz/corpus/$name is empty: a target starts from good inputs" >&2
		return 1
	fi
	echo "fuzz $name: $seconds s"
	"$build/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$build/crashes/$name-" "${options[@]}" "$build/corpus/$name" "tests/fuzz/corpus/$name" \
		>"$build/$name.log" 2>&1 || { tail -n 40 "$build/$name.log"; echo "fuzz $name: FAILED"; return 1; }
	awk '/number_of_executed_units/ { runs = $2 } /cov:/ { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
		END { printf "fuzz '"$name"': %d inputs, %d edges covered, none bad\n", runs, cov }' "$build/$name.log"
}

for source in tests/fuzz/*_fuzz.c; do
	[ -f "$source" ] || continue
	targets=$((targets + 1))
	fuzz_one "$(basename "$source" _fuzz.c)" || status=1
done
[ "$targets" != 0 ] || { echo "fuzz: no targets in tests/fuzz" >&2; exit 1; }
exit "$status"

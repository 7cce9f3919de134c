#!/usr/bin/env bash
# clang-tidy (its checks stand in .clang-tidy) and cppcheck over src, or over the .c files that are named. Clean is silence and
# exit status 0. Usage: lint.sh [FILE...]
set -u
cd "$(dirname "$0")/.."
flags='-std=gnu11 -D_GNU_SOURCE -Isrc -DPKTSMITH_VERSION=\"\" -DPKTSMITH_FRAMES=\"\" -DPKTSMITH_TESTS=\"\"'
jobs=$(nproc)
status=0

[ $# != 0 ] || set -- $(find src -name '*.c' | sort)
printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh -c '
	out=$(clang-tidy --quiet "$@" -- '"$flags"' 2>&1) || failed=1
	printf "%s\n" "$out" | grep -vE "^$|warnings? generated\.$|^Suppressed|^Use -header-filter"
	exit ${failed-0}' tidy || status=1

# unusedStructMember: cppcheck sees one file at a time, and a field of a table is read in another. variableScope: declarations
# stand at the head of a function, as in the kernel.
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability,style --inline-suppr --error-exitcode=1 \
	-j "$jobs" -Isrc -D_GNU_SOURCE -DPKTSMITH_VERSION='""' -DPKTSMITH_FRAMES='""' -DPKTSMITH_TESTS='""' --suppress=missingIncludeSystem \
	--suppress=unusedStructMember --suppress=variableScope "$@" || status=1

exit "$status"

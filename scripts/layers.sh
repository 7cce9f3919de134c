#!/usr/bin/env bash
# Proves that dependencies point down: each include of src/DIR is one that scripts/layers.txt allows.
# Usage: layers.sh [SRC [RULES]]
set -eu
src=${1:-$(dirname "$0")/../src}
rules=${2:-$(dirname "$0")/layers.txt}

awk -v src="$src" '
	FNR == NR {
		if (/^#/ || !/:/)
			next
		split($0, half, "|")
		dir = half[1]; sub(/:.*/, "", dir)
		below = half[1]; sub(/^[^:]*:/, "", below)
		known[dir] = 1
		n = split(below, word, " ")
		for (i = 1; i <= n; i++) {
			if (!(word[i] in known)) {
				print "layers.txt: " dir " names " word[i] ", which does not stand before it"
				bad = 1
			}
			allowed[dir, word[i]] = 1
		}
		n = split(half[2], word, " ")
		for (i = 1; i <= n; i++) { foreign[word[i]] = dir; }
		next
	}
	FNR == 1 {
		path = substr(FILENAME, length(src) + 2)
		dir = path; sub(/\/.*/, "", dir)
		files++
		if (!(dir in known)) { print path ": layers.txt does not know " dir; bad = 1 }
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		name = $0; sub(/^[^"]*"/, "", name); sub(/".*/, "", name)
		to = name; sub(/\/.*/, "", to)
		if (to == name) { print path ":" FNR ": \"" name "\": write DIR/" name; bad = 1 }
		else if (to != dir && !((dir, to) in allowed)) {
			print path ":" FNR ": " dir " may not include " name; bad = 1
		}
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		name = $0; sub(/^[^<]*</, "", name); sub(/>.*/, "", name)
		for (prefix in foreign)
			if (index(name, prefix) == 1 && foreign[prefix] != dir) {
				print path ":" FNR ": <" name "> belongs to " foreign[prefix] " alone"; bad = 1
			}
	}
	END {
		if (!files) { print "layers: no sources under " src; bad = 1 }
		if (!bad) print "layers: " files " files, all dependencies point down"
		exit bad
	}
' "$rules" $(find "$src" -name '*.[ch]' | sort)

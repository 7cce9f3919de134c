#!/usr/bin/env bash
# scripts/layers.sh says yes to this tree, and can say no.
. tests/support/tap.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

layers() { scripts/layers.sh "$dir/src" "$dir/layers.txt" 2>&1; }
# A fresh copy of the tree; with arguments, the line $2 stands at the top of its file $1.
tree_with() {
	rm -rf "$dir/src"
	cp -r src scripts/layers.txt "$dir/"
	[ $# = 2 ] || return 0
	mkdir -p "$dir/$(dirname "$1")"
	{ echo "$2"; cat "$1" 2>/dev/null; } >"$dir/$1"
}

check "this tree's dependencies point down" scripts/layers.sh
tree_with
like "so do those of a copy" "$(layers)" '^layers: [0-9]+ files, all dependencies point down$'

tree_with src/base/err.c '#include "wire/wire.h"'
like "an include from above is named with its line" "$(layers)" '^base/err.c:1: base may not include wire/wire.h$'
fails "and is a failure" 1 scripts/layers.sh "$dir/src" "$dir/layers.txt"

tree_with src/link/interface.h '#include "frame/spec.h"'
like "a header counts too" "$(layers)" '^link/interface.h:1: link may not include frame/spec.h$'

tree_with src/render/json.h '#include <libnet.h>'
like "a foreign library belongs to one directory" "$(layers)" '^render/json.h:1: <libnet.h> belongs to frame alone$'

tree_with src/wire/wire.h '#include "crc32.h"'
like "an include without its folder is refused" "$(layers)" '^wire/wire.h:1: "crc32.h": write DIR/crc32.h$'

tree_with src/extra/new.c '#include "base/err.h"'
like "a folder that the rules do not know is refused" "$(layers)" '^extra/new.c: layers.txt does not know extra$'

tree_with
sed -i 's/^base:.*/base: wire/' "$dir/layers.txt"
like "rules that point up are refused" "$(layers)" '^layers.txt: base names wire, which does not stand before it$'

rm -rf "$dir/src"
mkdir "$dir/src"
fails "no sources at all is a failure" 1 scripts/layers.sh "$dir/src" "$dir/layers.txt"
done_testing

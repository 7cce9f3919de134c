#!/bin/bash
# `pktsmith list` shows every template of frames/ with what it says of itself.
. tests/support/tap.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
FRAMES_MIN=25

list=$("$PKTSMITH" list --color never)
files=$(find frames -name '*.yaml' | sort)
shown=$(printf '%s\n' "$list" | grep -c '^  ')
is "list shows as many templates as there are files" "$shown" "$(printf '%s\n' "$files" | wc -l)"
check "at least $FRAMES_MIN templates are shipped" test "$shown" -ge "$FRAMES_MIN"

for file in $files; do
	name=$(basename "$file" .yaml)
	about=$(sed -n 's/^about: //p' "$file")
	is "$name is named as its file is" "$(sed -n 's/^name: //p' "$file")" "$name"
	if [ -z "$about" ]; then
		tap_not_ok "$name says what it is for" "no about: in $file"
		continue
	fi
	line=$(printf '%s\n' "$list" | awk -v name="$name" '/^ / && $1 == name { sub(/^ *[^ ]+ +/, ""); print }')
	is "$name is listed with what it is for" "$line" "$about"
done

duplicates=$(printf '%s\n' "$files" | xargs -n1 basename | sort | uniq -d)
is "no two templates have one name" "$duplicates" ""
folders=$(printf '%s\n' "$list" | grep -v '^ ' | grep .)
is "templates are grouped by their folders" "$folders" "$(ls frames)"
is "a word finds the templates that speak of it" \
	"$("$PKTSMITH" list --color never gratuitous | awk '/^ / { print $1 }')" "arp-gratuitous"
fails "a word that no template has is exit 1" 1 "$PKTSMITH" list no-such-word
is "every protocol stands in a shipped template" "$("$PKTSMITH" protocols --json | jq -r '.protocols[].name' | sort)" \
	"$(printf '%s\n' "$files" | xargs "$PKTSMITH" show --json | jq -r '.frames[].layers[].protocol' | sort -u)"
is "JSON has them all" "$("$PKTSMITH" list --json |
	/usr/bin/python3 -c 'import json, sys; print(len(json.load(sys.stdin)["templates"]))')" "$shown"
done_testing

#!/usr/bin/env bash
# --json and --jsonl: every key stands in the manual, has one type with every command, and each line has its type.
. tests/support/cli.sh
man=${BUILD:-build}/pktsmith.1

"$P" convert -q udp-sweep -n 20 "$dir/in.pcap"
json() { "$P" "$@" --json 2>/dev/null >>"$dir/documents"; }
lines() { "$P" "$@" --jsonl 2>/dev/null | tee -a "$dir/lines" >>"$dir/documents"; }
for run in json lines; do
	$run show udp vlan imix -n 20
	$run show udp --fuzz -n 5
	$run send imix -n 100 -w "$dir/out.pcap"
	$run send imix -n 100 --fuzz -w "$dir/out.pcap"
	$run send udp --dry-run -w "$dir/none.pcap"
	$run replay "$dir/in.pcap" -w "$dir/out.pcap"
	$run convert "$dir/in.pcap" "$dir/out.hex"
	$run list arp
	$run doctor lo
done
lines capture -r "$dir/in.pcap"
lines capture -r "$dir/in.pcap" -w "$dir/kept.pcap"

# "KEY TYPE" of every key; those of a layer's fields, of errors and of kinds of mutations are named elsewhere.
jq -r 'def walk_keys: if type == "object" then to_entries[] | (.key as $k | .value |
		"\($k) \(type)", (if ($k | IN("fields", "errors", "mutation_counts", "wrong")) then empty else walk_keys end))
	elif type == "array" then .[] | walk_keys else empty end; walk_keys' "$dir/documents" | grep -v ' null$' | sort -u >"$dir/keys"
check "there are keys to look at" test "$(wc -l <"$dir/keys")" -gt 60
words=$(sed -n '/^\.SH JSON/,/^\.SH EXIT/p' "$man" | tr -c 'a-zA-Z0-9_\n' '\n' | sort -u)
is "every key stands in the manual" "$(cut -d' ' -f1 "$dir/keys" | sort -u | comm -23 - <(printf '%s\n' "$words") | paste -sd' ')" ""
# In a frame the FCS is described, in a report the way it went.
is "a key has one type with every command" "$(cut -d' ' -f1 "$dir/keys" | uniq -d | grep -vx fcs | paste -sd' ')" ""
is "each line of --jsonl has its type" "$(jq -r .type "$dir/lines" | sort -u | paste -sd' ')" "check frame report template"
done_testing

#!/usr/bin/env bash
# pktsmith list and pktsmith protocols: what there is to choose from.
. tests/support/cli.sh
py() { /usr/bin/python3 -c "$@"; }

# list
is "list_has_every_template" "$("$P" list | grep -c '^  ')" "$(find frames -name '*.yaml' | wc -l)"
like "list_says_what_a_template_is_for" "$("$P" list)" '^  arp-request +[A-Z].* IPv4 address'
like "list_groups_by_folder" "$("$P" list)" '^arp$'
is "list_takes_words" "$("$P" list arp reply | grep -c '^  ')" 1
fails "list_of_words_that_none_has_is_no" 1 "$P" list no-such-word
check "list_is_json" sh -c '"$0" list --json | /usr/bin/python3 -c "
import json,os,sys
rows=json.load(sys.stdin)[\"templates\"]
assert all(os.path.exists(r[\"path\"]) and r[\"about\"] for r in rows), rows
assert any(r[\"name\"]==\"arp-request\" and r[\"folder\"]==\"arp\" for r in rows)"' "$P"
mkdir "$dir/frames"; printf 'name: [\n' >"$dir/frames/broken.yaml"
like "list_shows_a_broken_template_with_its_error" "$(PKTSMITH_FRAMES=$dir/frames "$P" list)" "^  broken +.*$dir/frames/broken.yaml:"

# protocols
like "protocols_lists_titles_and_rfcs" "$("$P" protocols)" '^udp +User Datagram Protocol, RFC 768$'
like "a_protocol_has_its_fields" "$("$P" protocols udp)" '^  checksum +6 +16 +automatic '
like "a_field_has_its_place" "$("$P" protocols ipv4.ihl)" 'number of 4 bits, at bit 4 of the header'
like "a_field_has_the_names_of_its_values" "$("$P" protocols eth.type)" '^  0x0806  arp$'
like "flags_have_the_names_of_their_bits" "$("$P" protocols tcp.flags)" '^  0x002  syn$'
like "a_list_has_its_items" "$("$P" protocols tcp.options)" '^mss: kind 2: '
fails "an_unknown_protocol_is_an_error" 2 "$P" protocols udpp
like "an_unknown_protocol_has_a_hint" "$("$P" protocols udpp 2>&1)" 'no protocol "udpp"; did you mean "udp"\?'
like "an_unknown_field_has_a_hint" "$("$P" protocols udp.dprt 2>&1)" 'no field "dprt" in udp; did you mean "dport"\?'
fails "two_names_are_a_usage_error" 2 "$P" protocols udp tcp
"$P" protocols --json >"$dir/all.json"
cat >"$dir/check.py" <<'Y'
import json, sys
rows = json.load(open(sys.argv[1]))["protocols"]
by_name = {r["name"]: r for r in rows}
assert {"eth", "vlan", "svlan", "arp", "ipv4", "ipv6", "icmp", "icmpv6", "udp", "tcp", "payload"} <= set(by_name)
keys = {"name", "kind", "width", "offset", "rule", "preset", "names", "help", "wireshark", "required"}
def walk(fields):
    for field in fields:
        assert keys <= set(field), field
        assert field["help"], field
        for item in field.get("items", []):
            walk(item["fields"])
for row in rows:
    walk(row["fields"])
ihl = by_name["ipv4"]["fields"][1]
assert (ihl["name"], ihl["kind"], ihl["width"], ihl["offset"], ihl["rule"]) == ("ihl", "number", 4, 4, "length"), ihl
assert by_name["ipv4"]["fields"][8]["preset"] == "64"
assert {"name": "arp", "value": 0x806} in by_name["eth"]["fields"][2]["names"]
mss = [i for i in by_name["tcp"]["fields"][-1]["items"] if i["name"] == "mss"][0]
assert mss["id"] == 2 and mss["fields"][2]["wireshark"] == "tcp.options.mss_val", mss
assert {"space": "IP protocol", "number": 17} in by_name["udp"]["named_by"]
Y
check "protocols_are_json_with_all_of_the_tables" /usr/bin/python3 "$dir/check.py" "$dir/all.json"
is "jsonl_is_a_protocol_a_line" "$("$P" protocols --jsonl | wc -l)" "$("$P" protocols | wc -l)"
is "one_protocol_is_json_too" "$("$P" protocols --json udp | py 'import json,sys; print(json.load(sys.stdin)["title"])')" "User Datagram Protocol"
is "one_field_is_json_too" "$("$P" protocols --json udp.dport | py 'import json,sys; print(json.load(sys.stdin)["offset"])')" 16

# For a program no match is an empty list, and the same status.
is "no_match_is_an_empty_list_in_json" "$("$P" list --json zzz-none 2>/dev/null | jq -c .; echo "${PIPESTATUS[0]}")" $'{"templates":[]}\n1'
is "and_no_line_in_jsonl" "$("$P" list --jsonl zzz-none 2>/dev/null; echo $?)" 1
like "it_is_told_beside" "$("$P" list --json zzz-none 2>&1 >/dev/null)" 'no installed template has these words'
is "each_line_of_jsonl_has_its_type" "$({ "$P" list --jsonl arp; "$P" protocols --jsonl; "$P" protocols --jsonl udp; "$P" protocols --jsonl udp.dport; } | jq -r .type | uniq | paste -sd' ')" \
	"template protocol field"

# Wireshark knows every name that the tables have for it.
"$P" protocols --json | py '
import json,sys
def walk(fields):
    for f in fields:
        if f["wireshark"]: print(f["wireshark"])
        for i in f.get("items",[]): walk(i["fields"])
for p in json.load(sys.stdin)["protocols"]: walk(p["fields"])' | sort -u >"$dir/ours"
tshark -G fields 2>/dev/null | awk -F '\t' '$1 == "F" || $1 == "P" { print $3 }' | sort -u >"$dir/theirs"
is "wireshark_knows_the_tables_names" "$(comm -23 "$dir/ours" "$dir/theirs" | tr '\n' ' ')" ""

# The manual's section.
"$P" protocols --format man >"$dir/man"
like "man_is_a_section_of_roff" "$(head -n 1 "$dir/man")" '^\.SH PROTOCOLS$'
if command -v groff >/dev/null; then
	{ echo '.TH X 1'; cat "$dir/man"; } >"$dir/x.1"
	is "groff_has_nothing_to_say_of_it" "$(groff -man -Tutf8 -ww "$dir/x.1" 2>&1 >/dev/null)" ""
fi
# The reference manual: every protocol a chapter, every field of its header a row.
"$P" protocols --format md >"$dir/md"
is "md_has_a_chapter_for_every_protocol" "$(sed -n 's/^## //p' "$dir/md")" "$("$P" protocols | sed 's/ .*//')"
is "md_has_a_row_for_every_field_of_tcp" \
	"$(awk '/^## /{on = $2 == "tcp"} /^###/{on = 0} on' "$dir/md" | sed -n 's/^| `\([a-z-]*\)` |.*/\1/p' | tr '\n' ' ')" \
	"$("$P" protocols --json tcp | py 'import json,sys; print(*[f["name"] for f in json.load(sys.stdin)["fields"]])') "
is "the_id_of_an_item_is_its_default" "$("$P" protocols tcp | awk '/^mss: /{on = 1} on && $1 == "kind" {print $4; exit}')" 2
is "in_json_too" "$("$P" protocols --json tcp.options | py 'import json,sys; print([f["preset"] for i in json.load(sys.stdin)["items"] if i["name"] == "mss" for f in i["fields"] if f["name"] == "kind"][0])')" 2
fails "man_is_of_all_protocols" 2 "$P" protocols --format man udp
done_testing

#!/usr/bin/env bash
# pktsmith show: every format, errors, and what it leaves alone.
. tests/support/cli.sh

cat >"$dir/a.yaml" <<'Y'
name: first-one
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
  - udp: {sport: 1000, dport: 2000}
  - payload: "hello"
Y
sed 's/first-one/other/; s/hello/HELLO/' "$dir/a.yaml" >"$dir/b.yaml"
printf 'layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n  - tcp: {window: 70000}\n' >"$dir/bad.yaml"
hex=0200000000020200000000010800450000210001000040116$("$P" show --format hex "$dir/a.yaml" | cut -c 50-)

is "hex_is_one_line_without_blanks" "$("$P" show --format hex "$dir/a.yaml")" "$hex"
is "a_frame_has_the_minimum_of_60_octets" "${#hex}" 120
in_hex() { od -An -v -tx1 | tr -d ' \n'; } # of octets
is "raw_is_the_octets" "$("$P" show --format raw "$dir/a.yaml" | in_hex)" "$hex"
is "several_templates_are_several_lines" "$("$P" show --format hex "$dir/a.yaml" "$dir/b.yaml" | wc -l)" 2
is "with_fcs_puts_four_octets_more" "$("$P" show --format hex --with-fcs "$dir/a.yaml" | tr -d '\n' | wc -c)" 128
is "the_fcs_is_crc32" "$("$P" show --format hex --with-fcs "$dir/a.yaml" | tail -c 9)" \
	"$("$P" show --format raw "$dir/a.yaml" | /usr/bin/python3 -c 'import sys,zlib,struct
print(struct.pack("<I",zlib.crc32(sys.stdin.buffer.read())).hex())')"
is "standard_input_is_a_template" "$("$P" show --format hex - <"$dir/a.yaml")" "$hex"
is "set_changes_a_field" "$("$P" show --json -s ipv4.ttl=3 "$dir/a.yaml" |
	/usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["frames"][0]["layers"][1]["fields"]["ttl"])')" 3

# JSON, with the keys that scripts rely on.
"$P" show --format json "$dir/a.yaml" "$dir/b.yaml" >"$dir/json"
cat >"$dir/check.py" <<'Y'
import json, sys
document = json.load(open(sys.argv[1]))
assert list(document) == ["frames"], list(document)
frame = document["frames"][0]
assert list(frame)[:5] == ["name", "length", "hex", "fcs", "layers"], list(frame)
assert frame["name"] == "first-one" and frame["length"] == 60 and frame["hex"] == sys.argv[2]
assert frame["fcs"]["state"] == "right" and frame["fcs"]["octets"] == frame["fcs"]["expected"]
assert [l["protocol"] for l in frame["layers"]] == ["eth", "ipv4", "udp", "payload"]
assert [(l["offset"], l["length"]) for l in frame["layers"]] == [(0, 14), (14, 20), (34, 8), (42, 5)]
assert frame["layers"][0]["fields"] == {"dst": "02:00:00:00:00:02", "src": "02:00:00:00:00:01", "type": 2048}
assert frame["layers"][1]["fields"]["options"] == []
assert frame["layers"][3]["fields"] == {"data": b"hello".hex()}
assert frame["padding"] == {"offset": 47, "length": 13, "hex": "00" * 13}
assert len(document["frames"]) == 2
Y
check "json_has_the_keys_that_scripts_rely_on" /usr/bin/python3 "$dir/check.py" "$dir/json" "$hex"
is "the_json_option_is_the_json_format" "$("$P" show --json "$dir/a.yaml" "$dir/b.yaml")" "$(cat "$dir/json")"
check "jsonl_is_an_object_a_line" sh -c '"$0" show --jsonl "$1" "$2" |
	/usr/bin/python3 -c "import json,sys; rows=[json.loads(l) for l in sys.stdin]; assert [(r[\"type\"], r[\"name\"]) for r in rows]==[(\"frame\",\"first-one\"),(\"frame\",\"other\")]"' \
	"$P" "$dir/a.yaml" "$dir/b.yaml"
check "every_template_is_valid_json" sh -c '"$0" show --json $(find frames -name "*.yaml") | /usr/bin/python3 -m json.tool >/dev/null' "$P"

# C: what the compiler makes of it is the frame.
"$P" show --format c --with-fcs "$dir/a.yaml" "$dir/b.yaml" >"$dir/frames.h"
cat >"$dir/main.c" <<'Y'
#include "frames.h"
#include <stdio.h>
int main(void)
{
	fwrite(first_one, 1, sizeof(first_one), stdout);
	fwrite(other, 1, sizeof(other), stdout);
	return 0;
}
Y
check "c_compiles" gcc -Wall -Wextra -Werror -o "$dir/main" "$dir/main.c"
is "c_is_the_same_octets" "$("$dir/main" | in_hex)" \
	"$("$P" show --format raw --with-fcs "$dir/a.yaml" "$dir/b.yaml" | in_hex)"
"$P" show --format c $(find frames -name '*.yaml') >"$dir/all.c"
check "c_of_all_templates_compiles" gcc -Wall -Wextra -Werror -Wno-unused -c -o /dev/null "$dir/all.c"
"$P" show --format c "$dir/a.yaml" "$dir/a.yaml" "$dir/a.yaml" >"$dir/same.c"
check "c_of_the_same_template_thrice_compiles" gcc -Wall -Wextra -Werror -Wno-unused -c -o /dev/null "$dir/same.c"
is "namesakes_are_numbered" "$(grep -o "first_one[_0-9]*" "$dir/same.c" | tr "\n" " ")" "first_one first_one_2 first_one_3 "

# YAML reads back as the same frame.
"$P" show --format yaml "$dir/a.yaml" >"$dir/again.yaml"
is "yaml_builds_the_same_octets" "$("$P" show --format hex "$dir/again.yaml")" "$hex"
different=0
for template in $(find frames -name '*.yaml'); do
	"$P" show --format yaml "$template" >"$dir/t.yaml" &&
		[ "$("$P" show --with-fcs --format hex "$dir/t.yaml")" = "$("$P" show --with-fcs --format hex "$template")" ] || {
		different=$((different + 1)); echo "# $template"; }
done
is "yaml_of_each_installed_template_builds_the_same_octets" "$different" 0
fails "yaml_is_of_one_template" 2 "$P" show --format yaml "$dir/a.yaml" "$dir/b.yaml"

# Templates in templates: installed ones by name, others by path.
mkdir "$dir/frames" "$dir/parts"
printf 'vars: {id: 5}\nlayers:\n  - eth: {dst: 02:00:00:00:00:02}\n  - vlan: {id: $id}\n' >"$dir/frames/tagged.yaml"
printf 'layers:\n  - ipv4: {dst: 10.0.0.2}\n  - udp: {dport: 9}\n' >"$dir/parts/udp.yaml"
printf 'layers:\n  - include: tagged\n  - include: parts/udp.yaml\n  - payload: "x"\n' >"$dir/including.yaml"
like "included_layers_are_the_frame_s" "$(PKTSMITH_FRAMES=$dir/frames "$P" show --format expression "$dir/including.yaml")" \
	'^eth\(.*\)/vlan\(id=5\)/ipv4\(.*\)/udp\(dport=discard\)/"x"$'
like "d_gives_their_variables_values" "$(PKTSMITH_FRAMES=$dir/frames "$P" show -D id=9 --format expression "$dir/including.yaml")" 'vlan\(id=9\)'
like "and_so_in_an_expression" "$(PKTSMITH_FRAMES=$dir/frames "$P" show --format expression -e "include(tagged)/vlan(type=0x0801)")" \
	'^eth\(.*\)/vlan\(id=5\)/vlan\('

# The tree.
tree=$("$P" show "$dir/a.yaml")
like "the_tree_begins_with_name_and_length" "$tree" '^first-one: 60 octets and 4 of FCS$'
like "the_tree_has_layers_with_offset_and_length" "$tree" '^udp +User Datagram Protocol, 8 octets at 34$'
like "the_tree_marks_automatic_values" "$tree" '^ +38 +length +13 +automatic$'
like "the_tree_has_text_as_text" "$tree" '^ +42 +data +"hello"$'
like "the_tree_has_bits_within_an_octet" "$tree" '^ +14\.4 +ihl +5 +automatic$'
is "the_tree_has_no_blanks_at_line_ends" "$(printf '%s\n' "$tree" | grep -c ' $')" 0
like "a_bad_checksum_is_called_wrong" "$("$P" show -s ipv4.checksum=bad "$dir/a.yaml")" 'checksum +0x[0-9a-f]{4} +wrong: 0x[0-9a-f]{4} would be right$'
like "a_given_fcs_is_called_wrong" "$("$P" show raw-socket)" 'crc32 +1a 2b 3c 4d +wrong: ([0-9a-f]{2} ){4}would be right$'
like "placeholders_are_marked" "$("$P" show arp-request)" 'sha +02:00:00:00:00:01 +placeholder$'
like "placeholders_are_explained" "$("$P" show arp-request)" '^A placeholder stands for .*-i IF'
is "no_placeholders_no_explanation" "$(printf '%s\n' "$tree" | grep -c laceholder)" 0
is "the_hexdump_is_hexdump_s" "$(printf '%s\n' "$tree" | grep '^0000')" \
	"$("$P" show --format raw "$dir/a.yaml" | hexdump -C | grep '|')"

# -i: the interface's own facts, and nothing sent.
like "an_interface_answers_for_placeholders" "$("$P" show -i lo udp -s ipv4.dst=127.0.0.1)" 'src +00:00:00:00:00:00$'
fails "an_unknown_interface_is_refused" 3 "$P" show -i nosuch0 arp-request

# Errors: on standard error alone, the whole run refused.
"$P" show "$dir/a.yaml" "$dir/bad.yaml" >"$dir/out" 2>"$dir/err"
is "an_error_is_status_2" "$?" 2
is "an_error_leaves_standard_output_empty" "$(cat "$dir/out")" ""
like "an_error_has_its_place" "$(cat "$dir/err")" "^pktsmith: $dir/bad.yaml:3:19: tcp.window: 70000 does not fit in 16 bits \(at most 65535\)$"
is "an_error_is_one_line" "$(wc -l <"$dir/err")" 1
fails "no_template_is_a_usage_error" 2 "$P" show
fails "an_unknown_format_is_a_usage_error" 2 "$P" show --format pdf "$dir/a.yaml"
like "an_unknown_format_lists_those_there_are" "$("$P" show --format pdf "$dir/a.yaml" 2>&1)" 'wants tree, hex, raw, json, yaml, c, rfc, svg.* or [a-z]+$'
fails "json_and_another_format_exclude_each_other" 2 "$P" show --json --format hex "$dir/a.yaml"
fails "json_and_jsonl_exclude_each_other" 2 "$P" show --json --jsonl "$dir/a.yaml"
fails "a_missing_file_is_refused" 3 "$P" show "$dir/none.yaml"
for missing in none none.yaml ./none; do
	fails "a_template_that_is_not_there_is_refused_($missing)" 3 "$P" show "$missing"
done
fails "so_is_one_to_convert" 3 "$P" convert none "$dir/none.hex"
like "a_misspelt_name_has_a_hint" "$("$P" show arp-reqest 2>&1)" 'no installed template "arp-reqest"; did you mean "arp-request"\?'
fails "a_set_that_fits_nothing_is_an_error" 2 "$P" show -s ipv6.hop-limit=3 "$dir/a.yaml"

# Templates by name.
mkdir -p "$dir/frames/mine" "$dir/more"
sed 's/first-one/mine/' "$dir/a.yaml" >"$dir/frames/mine/mine-alone.yaml"
cp "$dir/a.yaml" "$dir/more/arp-request.yaml"
is "a_name_is_found_in_a_folder" "$(PKTSMITH_FRAMES=$dir/frames "$P" show --format hex mine-alone)" "$hex"
is "the_search_path_has_several_directories" "$(PKTSMITH_FRAMES=$dir/frames:$dir/more "$P" show --format hex mine-alone)" "$hex"
like "a_name_that_stands_twice_is_an_error" "$(PKTSMITH_FRAMES=$dir/more "$P" show arp-request 2>&1)" 'two templates are named "arp-request": give '
check "of_several_templates_each_takes_the_definitions_that_it_has" "$P" show arp-request vlan -D target=10.0.0.9 -D vid=20
is "a_definition_of_none_of_them_is_told" "$("$P" show arp-request vlan -D vdi=20 2>&1; echo $?)" \
	'pktsmith: -D vdi=20: no variable "vdi" in any of the templates'$'\n2'
done_testing

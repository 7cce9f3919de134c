#!/usr/bin/env bash
# Values that vary, sent into files: checksums by tshark, the same octets for the same seed, and show -n.
. tests/support/cli.sh

cat >"$dir/four.yaml" <<'Y'
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}}
  - udp: {sport: {random: 1024..65535}, dport: {inc: 1000..2000}}
  - payload: {value: {fill: 0, size: 18}, bits: 112..143, inc: 5..4294967295}
Y
cat >"$dir/deep.yaml" <<'Y'
layers:
  - eth: {dst: {random: 02:00:00:00:00:00..02:00:00:00:ff:ff}, src: 02:00:00:00:00:01}
  - vlan: {id: {shuffle: 1..4094}}
  - ipv6: {src: {random: 2001:db8::/64}, dst: 2001:db8:1::2, flow-label: {random: 0..1048575}}
  - hopopts
  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}, ttl: {list: [1, 64, 255]}}
  - tcp: {sport: {shuffle: 1024..65535}, dport: 80, seq: {random: 0..4294967295}}
  - payload: {random-bytes: 33}
Y
cat >"$dir/sizes.yaml" <<'Y'
frame-size: {random: 64..1518}
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
  - ipv4: {src: {random: 10.0.0.0/8}, dst: 10.0.0.2}
  - udp: {sport: {random: 1024..65535}, dport: 9}
  - payload: {fill: 0x41, size: 1}
Y

# tshark's verdicts on all checksums of a file, each once with how often: 1 is good.
verdicts() {
	tshark -r "$1" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-T fields -e ip.checksum.status -e udp.checksum.status -e tcp.checksum.status 2>"$dir/tshark.err" |
		tr '\t,' '\n\n' | grep . | sort | uniq -c | tr -s ' '
}
# The octets of a pcap file's frames, a line each.
frames() { /usr/bin/python3 - "$1" <<'Y'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = 24
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    print(data[at + 16:at + 16 + length].hex())
    at += 16 + length
Y
}
into() { "$P" send "$dir/$1.yaml" -q -w "$dir/$2.pcap" "${@:3}"; }

into four four -n 1000
is "all_checksums_of_four_fields_are_good" "$(verdicts "$dir/four.pcap")" " 2000 1"
into deep deep -n 1000
is "all_checksums_in_a_tunnel_are_good" "$(verdicts "$dir/deep.pcap")" " 2000 1"
into sizes sizes -n 1000
is "all_checksums_of_any_size_are_good" "$(verdicts "$dir/sizes.pcap")" " 2000 1"
like "sizes_are_from_end_to_end" "$(frames "$dir/sizes.pcap" | awk '{ print length($0) / 2 + 4 }' | sort -n | sed -n '1p;$p' | tr '\n' ' ')" \
	'^(6[4-9]|7[0-9]) 15(0[0-9]|1[0-8]) $'

for t in four deep sizes; do
	frames "$dir/$t.pcap" >"$dir/$t.hex"
	into "$t" again -n 1000
	is "${t}_the_same_seed_gives_the_same_frames" "$(frames "$dir/again.pcap" | md5sum)" "$(md5sum <"$dir/$t.hex")"
	into "$t" other -n 1000 --seed 7
	check "${t}_another_seed_gives_others" test "$(frames "$dir/other.pcap" | md5sum)" != "$(md5sum <"$dir/$t.hex")"
	is "${t}_show_prints_what_send_sends" "$("$P" show --format hex -n 300 "$dir/$t.yaml" | md5sum)" \
		"$(head -n 300 "$dir/$t.hex" | md5sum)"
	is "${t}_with_a_seed_too" "$("$P" show --format hex -n 50 --seed 7 "$dir/$t.yaml")" "$(frames "$dir/other.pcap" | sed -n 1,50p)"
done
is "part_of_a_payload_counts" "$(cut -c85-120 "$dir/four.hex" | sed -n '1p;300p' | tr '\n' ' ')" \
	"$(printf '%08x%028x %08x%028x ' 5 0 304 0)"

# An FCS of ours follows every change.
into deep fcs -n 200 --with-fcs
is "an_fcs_of_ours_is_right_in_each_frame" "$(frames "$dir/fcs.pcap" | /usr/bin/python3 -c 'import sys,zlib
print(sum(zlib.crc32(bytes.fromhex(l)) == 0x2144df1c for l in sys.stdin))')" 200

# What show says of it.
"$P" show -n 2 "$dir/four.yaml" >"$dir/tree"
is "the_second_frame_marks_what_changed" "$(grep -c changed "$dir/tree")" 6
is "the_first_frame_marks_what_varies" "$(grep -c varies "$dir/tree")" 4
is "json_names_what_varies_and_what_changed" "$("$P" show --jsonl -n 2 "$dir/four.yaml" | /usr/bin/python3 -c 'import json,sys
for line in sys.stdin:
    for layer in json.loads(line)["layers"]:
        print(layer["protocol"], *layer.get("varies", []), "/", *layer.get("changed", []), end="; ")')" \
	"eth /; ipv4 dst /; udp sport dport /; payload data /; eth /; ipv4 dst / checksum dst; udp sport dport / sport dport checksum; payload data / data; "
is "rfc_figures_mark_what_varies" "$("$P" show --format rfc "$dir/four.yaml" | grep -c '\*dst\|\*sport.*\*dport\|\*data\|: varies')" 6
like "show_without_n_is_one_frame" "$("$P" show --format hex "$dir/four.yaml" | wc -l)" '^1$'
is "which_is_the_first_of_the_run" "$("$P" show --format hex "$dir/four.yaml")" "$(head -n 1 "$dir/four.hex")"
"$P" show --format program "$dir/four.yaml" >"$dir/program"
check "the_program_names_its_generators" grep -q 'random   0x400\.\.0xffff, 64512 values  (udp.sport)' "$dir/program"
check "the_program_names_its_writes" grep -q 'write  octets 34\.\.35 = g1; changes s0' "$dir/program"
check "the_program_names_its_sums" grep -q 'octets 40\.\.41 = udp, base 0x.... (udp.checksum)' "$dir/program"
check "and_is_shown_as_instructions_for_the_kernel" sh -c '"$1" show --format ebpf "$2" | grep -q "= be16 r1"' sh "$P" "$dir/four.yaml"
fails "too_many_frames_to_show_are_refused" 2 "$P" show -n 10001 "$dir/four.yaml"
fails "no_frame_to_show_is_refused" 2 "$P" show -n 0 "$dir/four.yaml"

# Fragments of a datagram that varies: tshark puts them together, and finds each checksum right.
cat >"$dir/pieces.yaml" <<'Y'
layers:
  - eth: {dst: 02:00:00:00:00:02, src: {random: 02:00:00:00:00:01..02:00:00:00:00:ff}}
  - ipv4: {src: {random: 10.0.0.0/8}, dst: {inc: 10.1.0.0/16}, id: {inc: 1..65535}}
  - udp: {sport: {random: 1024..65535}, dport: {inc: 1000..2000}}
  - payload: {random-bytes: 301}
  - payload: {value: {fill: 0, size: 1001}, bits: 4000..4031, inc: 5..4294967295}
fragment: {mtu: 276, order: shuffle}
Y
into pieces pieces -n 600
is "fragments_of_what_varies_are_datagrams_with_good_checksums" "$(tshark -r "$dir/pieces.pcap" -o ip.defragment:TRUE \
	-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields -e ip.checksum.status -e udp.checksum.status -e udp.length \
	2>"$dir/tshark.err" | sort | uniq -c | tr -s ' \t' ' ' | tr '\n' ';')" " 500 1 ; 100 1 1 1310;"
"$P" show --format yaml "$dir/pieces.yaml" >"$dir/again.yaml"
is "they_come_back_from_what_is_written" "$("$P" show --format hex -n 60 "$dir/again.yaml")" "$("$P" show --format hex -n 60 "$dir/pieces.yaml")"
is "and_from_an_expression" "$("$P" show --format hex -n 60 -e "$("$P" show --format expression "$dir/pieces.yaml")")" \
	"$("$P" show --format hex -n 60 "$dir/pieces.yaml")"
is "a_weight_sends_all_fragments_again" "$("$P" show --format hex -e "frame(weight=2, fragment=(mtu=36))/eth(dst=02:00:00:00:00:02)/ipv4(dst=10.0.0.2)/fill(1,size=40)" |
	sort | uniq -c | tr -s ' ' | cut -d' ' -f2 | tr '\n' ' ')" "2 2 2 "

# Honest limits, with their place.
limit() {
	printf 'layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n%s\n' "$2" >"$dir/limit.yaml"
	like "$1" "$("$P" show "$dir/limit.yaml" 2>&1)" "$3"
}
limit "too_many_shapes_are_refused" "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
  - udp: {length: {random: 0..65535}, sport: 1, dport: 9}
  - payload: {hex: 00, size: {random: 1..3}}" "limit.yaml:[0-9]+:[0-9]+: "
limit "a_frame_that_is_too_small_is_refused" "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
  - tcp: {dport: 80}
  - payload: x
frame-size: {inc: 20..100}
pad: none" "limit.yaml:[0-9]+:[0-9]+: frame-size: 20 octets are too few: without payload, and with FCS, the frame has 58"
done_testing

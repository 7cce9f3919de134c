#!/usr/bin/env bash
# pktsmith convert: the same octets, whichever way they go.
. tests/support/cli.sh
P=$(realpath "$P")
PKTSMITH_FRAMES=$(realpath frames); export PKTSMITH_FRAMES
mixed=$(realpath tests/cli/mixed_pcap.py)
cd "$dir" || exit 1

# The octets of a capture by somebody else's reading: a line a frame.
cat >pcap2hex.py <<'Y'
import struct, sys
data = open(sys.argv[1], "rb").read()
word = struct.unpack("<I", data[20:24])[0]
nano = struct.unpack("<I", data[:4])[0] == 0xa1b23c4d
at, out = 24, []
while at < len(data):
    sec, nsec, captured, length = struct.unpack("<IIII", data[at:at + 16])
    out.append((data[at + 16:at + 16 + captured].hex(), sec, nsec if nano else 1000 * nsec, length))
    at += 16 + captured
what = sys.argv[2] if len(sys.argv) > 2 else "hex"
if what == "link":
    print("%08x" % word)
else:
    for row in out:
        print(row[0] if what == "hex" else "%d.%09d %d" % row[1:])
Y
frames() { /usr/bin/python3 pcap2hex.py "$1" hex; }
times() { /usr/bin/python3 pcap2hex.py "$1" times; }

/usr/bin/python3 "$mixed" in.pcap 300 2>/dev/null
count=$(frames in.pcap | wc -l)
check "there_is_a_capture_to_convert" test "$count" -gt 300

# ---- capture -> hex, template, raw, pcap ----
is "a_capture_becomes_a_line_of_hex_a_frame" "$("$P" convert in.pcap out.hex)" "out.hex: $count frames"
check "the_hex_is_the_capture_s_octets" cmp out.hex <(frames in.pcap)
is "a_capture_becomes_a_template" "$("$P" convert in.pcap out.yaml)" "out.yaml: $count frames"
check "the_template_builds_the_capture_s_octets" cmp <("$P" show --format hex out.yaml) <(frames in.pcap)
check "the_template_becomes_a_capture_again" "$P" convert -q out.yaml again.pcap
check "that_capture_has_the_same_octets" cmp <(frames again.pcap) <(frames in.pcap)
check "a_capture_is_copied" "$P" convert -q in.pcap copy.cap
check "a_copied_capture_has_the_same_octets" cmp <(frames copy.cap) <(frames in.pcap)
check "a_copied_capture_has_the_same_times_and_lengths" cmp <(times copy.cap) <(times in.pcap)
check "hex_becomes_a_capture" "$P" convert -q out.hex hex.pcap
check "a_capture_from_hex_has_the_same_octets" cmp <(frames hex.pcap) <(frames in.pcap)
check "hex_becomes_a_template" "$P" convert -q out.hex hex.yaml
check "a_template_from_hex_builds_the_same_octets" cmp <("$P" show --format hex hex.yaml) out.hex
is "what_a_person_would_write_is_written" "$("$P" convert in.pcap - --to yaml | sed -n '/name: frame-2$/,/pad/p' | tail -n +2)" \
"    layers:
      - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
      - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
      - udp: {sport: 5, dport: 6}
      - payload: \"hi\"
    pad: none"

# ---- pcapng ----
if command -v editcap >/dev/null; then
	editcap -F pcapng in.pcap in.pcapng
	check "pcapng_is_read" "$P" convert -q in.pcapng ng.hex
	check "pcapng_has_the_same_octets" cmp ng.hex out.hex
fi
check "pcapng_is_written" "$P" convert -q in.pcap own.pcapng
is "the_pcapng_has_the_same_octets_times_and_lengths_to_tshark" \
	"$(tshark -r own.pcapng -T fields -e frame.time_epoch -e frame.len -e frame.cap_len 2>/dev/null; tshark -r own.pcapng -x 2>/dev/null | sha1sum)" \
	"$(tshark -r in.pcap -T fields -e frame.time_epoch -e frame.len -e frame.cap_len 2>/dev/null; tshark -r in.pcap -x 2>/dev/null | sha1sum)"
check "our_own_pcapng_is_read" "$P" convert -q own.pcapng own.hex
check "and_has_the_same_octets" cmp own.hex out.hex
"$P" convert -q own.pcapng back.pcap
check "and_the_same_times" cmp <(times back.pcap) <(times in.pcap)
check "to_pcapng_needs_no_ending" "$P" convert -q --to pcapng in.pcap own.file
check "a_pcapng_is_the_same_by_any_name" cmp own.file own.pcapng
"$P" capture -r in.pcap -w kept.pcapng -q
check "capture_w_writes_it_by_the_ending_too" cmp kept.pcapng own.pcapng
"$P" convert -q --with-fcs arp-request fcs.pcapng
is "tshark_finds_the_fcs_of_a_pcapng_good" "$(tshark -r fcs.pcapng -o eth.check_fcs:TRUE -T fields -e eth.fcs.status 2>/dev/null)" 1
is "and_so_do_we" "$("$P" convert -q --with-fcs fcs.pcapng - --to hex)" "$("$P" show --format hex --with-fcs arp-request)"

# ---- a template whose values vary ----
like "each_frame_is_written_once_and_it_is_said" "$("$P" convert udp-sweep sweep.hex 2>&1)" 'note: values vary from frame to frame: each frame was written once, .*-n N'
is "as_show_has_it_first" "$(cat sweep.hex)" "$("$P" show udp-sweep --format hex)"
is "n_writes_frames_of_the_run" "$("$P" convert udp-sweep -n 300 sweep.hex 2>/dev/null)" "sweep.hex: 300 frames"
check "those_that_show_has" cmp sweep.hex <("$P" show udp-sweep -n 300 --format hex)
check "those_that_send_writes" cmp <("$P" convert -q udp-sweep -n 300 - --to pcap | frames /dev/stdin) \
	<("$P" send udp-sweep -n 300 -q -w sent.pcap >/dev/null; frames sent.pcap)
is "not_a_word_of_it_then" "$("$P" convert udp-sweep -n 3 -i lo sweep.hex 2>&1 >/dev/null | grep vary)" ""
check "a_seed_makes_other_random_frames_again" cmp <("$P" convert -q random-source -n 20 --seed 7 - --to hex) \
	<("$P" show random-source -n 20 --seed 7 --format hex)
fails "n_is_not_for_captures" 2 "$P" convert -n 3 in.pcap a.hex
fails "n_0_is_an_error" 2 "$P" convert -n 0 udp-sweep a.hex
is "json_says_whether_it_varies" "$("$P" convert -q --json udp-sweep v.hex | jq -c '[.frames_written, .values_vary]')" '[1,true]'

# ---- raw ----
"$P" show --format raw arp-request >arp.raw
check "raw_becomes_a_template" "$P" convert -q arp.raw arp.yaml
check "the_template_of_raw_builds_it" cmp <("$P" show --format raw arp.yaml) arp.raw
"$P" convert -q arp-request arp.bin
check "a_template_becomes_raw" cmp arp.bin arp.raw
fails "raw_is_one_frame" 2 "$P" convert in.pcap out.raw
like "raw_says_how_many_frames_there_were" "$("$P" convert in.pcap out.raw 2>&1)" "a raw file holds one frame, and in.pcap has $count; "
check "a_refused_raw_file_is_not_there" test ! -e out.raw

# ---- one template a frame ----
head -n 3 out.hex >three.hex
is "split_counts_its_frames" "$("$P" convert --split three.hex part.yaml)" "part-1.yaml to part-3.yaml: 3 frames"
is "split_names_them_in_json" "$("$P" convert --split three.hex part.yaml --json | jq -c '[.out, .files, .first_file, .last_file]')" '["part.yaml",3,"part-1.yaml","part-3.yaml"]'
head -n 1 three.hex >one.hex
is "split_of_one_names_it" "$("$P" convert --split one.hex single.yaml)" "single-1.yaml: 1 frame"
check "split_writes_a_template_a_frame" cmp <("$P" show --format hex part-1.yaml part-2.yaml part-3.yaml) three.hex
check "split_writes_no_other" test ! -e part.yaml -a ! -e part-4.yaml
fails "split_is_for_templates" 2 "$P" convert --split in.pcap out.hex

# ---- FCS ----
fcs=$("$P" show --format hex --with-fcs arp-request)
check "with_fcs_marks_the_capture" "$P" convert -q --with-fcs arp-request fcs.pcap
is "the_link_type_says_that_an_fcs_follows" "$(/usr/bin/python3 pcap2hex.py fcs.pcap link)" 24000001
is "the_capture_ends_with_the_fcs" "$(frames fcs.pcap)" "$fcs"
is "tshark_finds_the_fcs_good" "$(tshark -r fcs.pcap -o eth.check_fcs:TRUE -T fields -e eth.fcs.status 2>/dev/null)" 1
is "an_fcs_that_the_file_names_is_left_out" "$("$P" convert -q fcs.pcap - --to hex)" "${fcs:0:120}"
is "an_fcs_that_the_file_names_is_put_in" "$("$P" convert -q --with-fcs fcs.pcap - --to hex)" "$fcs"
printf '%s\n' "${fcs:0:120}1a2b3c4d" >wrong.hex
is "fcs_takes_the_last_four_octets" "$("$P" convert -q --fcs wrong.hex - --to yaml | grep '^fcs')" "fcs: 0x1a2b3c4d"
is "without_fcs_they_are_a_trailer" "$("$P" convert -q wrong.hex - --to hex)" "$(cat wrong.hex)"
"$P" convert -q --fcs wrong.hex wrong.yaml
is "a_wrong_fcs_stays_wrong" "$("$P" show --format hex --with-fcs wrong.yaml)" "$(cat wrong.hex)"
is "an_fcs_that_is_not_known_is_computed" "$(printf '%s\n' "${fcs:0:120}" | "$P" convert -q --with-fcs --from hex - - --to hex)" "$fcs"
fails "fcs_is_not_for_templates" 2 "$P" convert --fcs arp-request out2.hex
printf 'aabb\n' >tiny.hex
like "a_frame_without_room_for_an_fcs_is_an_error" "$("$P" convert --fcs tiny.hex out2.hex 2>&1)" 'frame 1 of 2 octets has no room for an FCS'

# ---- a snap length ----
editcap -F nsecpcap -s 20 in.pcap cut.pcap
check "a_cut_capture_is_copied" "$P" convert -q cut.pcap cut2.pcap
check "a_cut_capture_keeps_the_true_lengths" cmp <(times cut2.pcap) <(times cut.pcap)
like "a_cut_frame_is_told_of" "$("$P" convert cut.pcap cut.hex 2>&1 >/dev/null)" 'note: [0-9]+ of the frames were cut when captured'

# ---- hex as people and tools write it ----
cat >people.hex <<'Y'
# comments, blanks, separators
ff:ff:ff:ff:ff:ff 02-00-00-00-00-01 0806   # a comment

0xFFFFFFFFFFFF0200000000010806
Y
is "hex_takes_what_people_write" "$("$P" convert -q people.hex - --to hex | sort -u)" ffffffffffff0200000000010806
{ hexdump -Cv arp.raw; hexdump -Cv arp.raw; } >dump.hex
is "hex_takes_hexdump" "$("$P" convert -q dump.hex - --to hex)" "$(printf '%s\n%s' "${fcs:0:120}" "${fcs:0:120}")"
tshark -r in.pcap -x -c 3 2>/dev/null | sed '/^Frame\|^Packet/d' >tshark.hex
check "hex_takes_tshark_x" cmp <("$P" convert -q tshark.hex - --to hex) <(head -n 3 out.hex)
tcpdump -r in.pcap -c 2 -xx 2>/dev/null | grep '^.0x' >tcpdump.hex
check "hex_takes_tcpdump_xx" cmp <("$P" convert -q tcpdump.hex - --to hex) <(head -n 2 out.hex)
"$P" show arp-request | grep '^0000' >own.hex
is "hex_takes_the_tree_s_own_dump" "$("$P" convert -q own.hex - --to hex)" "${fcs:0:120}"
printf 'aabb\nccgg\n' >bad.hex
is "an_error_in_hex_has_its_line" "$("$P" convert bad.hex out2.hex 2>&1)" "pktsmith: bad.hex:2: 'g' at position 3 is not a hex digit"
printf '0000  aa bb\n0010  cc\n' >gap.hex
like "a_gap_in_a_dump_is_an_error" "$("$P" convert gap.hex out2.hex 2>&1)" 'gap.hex:2: the dump goes on at offset 0x10 after 2 octets'
check "what_was_refused_is_not_there" test ! -e out2.hex

# ---- names, standard input and output ----
is "standard_input_and_output" "$("$P" convert --from pcap - - --to hex <in.pcap | sha1sum)" "$(sha1sum <out.hex)"
is "standard_output_has_the_frames_alone" "$("$P" convert in.pcap - --to hex 2>/dev/null | sha1sum)" "$(sha1sum <out.hex)"
fails "standard_input_must_say_what_it_is" 2 "$P" convert - out2.hex
like "standard_input_has_a_remedy" "$("$P" convert - out2.hex 2>&1)" "\`-' does not tell what it is; say --from FORMAT"
fails "an_unknown_ending_is_an_error" 2 "$P" convert in.pcap out.xyz
fails "in_and_out_may_not_be_the_same" 2 "$P" convert in.pcap in.pcap
ln -s in.pcap link.cap
fails "in_and_out_may_not_be_the_same_by_a_link" 2 "$P" convert in.pcap link.cap
fails "two_templates_are_no_conversion" 2 "$P" convert out.yaml out2.yaml
fails "one_argument_is_a_usage_error" 2 "$P" convert in.pcap
fails "three_arguments_are_a_usage_error" 2 "$P" convert in.pcap a.hex b.hex
fails "a_missing_file_is_refused" 3 "$P" convert none.pcap a.hex
fails "what_is_no_capture_is_an_error" 2 "$P" convert --from pcap out.hex a.hex
fails "set_is_not_for_captures" 2 "$P" convert -s ipv4.ttl=3 in.pcap a.hex
is "set_is_for_templates" "$("$P" convert -q -s eth.dst=02:00:00:00:00:09 arp-request - --to hex | cut -c 1-12)" 020000000009
like "placeholders_are_told_of" "$("$P" convert arp-request a.hex 2>&1 >/dev/null)" 'note: some values stand for an interface'
/usr/bin/python3 -c 'import struct,sys
sys.stdout.buffer.write(struct.pack("<IHHiIIIIIII",0xa1b2c3d4,2,4,0,0,65535,101,1,0,20,20)+bytes(20))' >rawip.pcap
like "other_link_types_are_an_error" "$("$P" convert rawip.pcap a2.hex 2>&1)" 'rawip.pcap: its frames are of link type RAW; only Ethernet \(EN10MB\) is converted'
/usr/bin/python3 -c 'import struct,sys
sys.stdout.buffer.write(struct.pack("<IHHiIII",0xa1b2c3d4,2,4,0,0,65535,1))' >empty.pcap
fails "a_template_has_a_frame_at_least" 2 "$P" convert empty.pcap a2.yaml
is "an_empty_capture_is_no_frames" "$("$P" convert empty.pcap empty2.pcap)" "empty2.pcap: 0 frames"
head -c 100 in.pcap >broken.pcap
"$P" convert broken.pcap broken.hex >/dev/null 2>&1
check "a_broken_capture_writes_nothing" test ! -e broken.hex
is "the_report_is_json" "$("$P" convert --json in.pcap j.hex | /usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["frames_written"])')" "$count"

# ---- what was there stays until the new one is complete ----
echo precious >keep.hex; chmod 600 keep.hex
"$P" convert bad.hex keep.hex >/dev/null 2>&1
"$P" convert --from hex bad.hex keep.hex >/dev/null 2>&1
is "a_failed_conversion_leaves_the_old_file" "$(cat keep.hex)" precious
"$P" convert -q in.pcap keep.hex
is "a_replaced_file_keeps_its_mode" "$(stat -c %a keep.hex)" 600
ln -s target.hex alias.hex; echo old >target.hex
"$P" convert -q in.pcap alias.hex
check "a_link_stays_a_link" test -L alias.hex
check "the_file_that_it_names_is_written" cmp target.hex out.hex
is "no_temporary_file_is_left" "$(ls | grep -v pcapng | grep -c '\.[A-Za-z0-9]\{6\}$')" 0
fails "a_full_disk_is_refused" 3 "$P" convert --to hex in.pcap /dev/full
check "a_device_is_written_not_replaced" test -c /dev/full
check "the_null_device_takes_it" "$P" convert -q --to pcap in.pcap /dev/null
check "the_null_device_is_still_one" test -c /dev/null
fails "a_directory_is_refused" 3 "$P" convert --to hex in.pcap .
fails "a_directory_that_is_not_there_is_refused" 3 "$P" convert in.pcap none/out.hex
printf 'ab\0cd\n' >zero.hex
is "a_zero_amid_hex_text_is_told" "$("$P" convert zero.hex zero.raw 2>&1; echo $?)" "pktsmith: zero.hex:1:3: an octet of zero: this is no hex text"$'\n2'

# ---- packed captures read as what is in them, from a file and a pipe; a damaged one is told ----
"$P" capture -r in.pcap -w plain.pcap
gzip -k plain.pcap
zstd -q -k plain.pcap
for packed in gz zst; do
	"$P" capture -r plain.pcap.$packed -w "$packed.pcap"
	is "a_capture_packed_as_${packed}_is_read" $? 0
	check "and_holds_the_same_frames_($packed)" cmp $packed.pcap plain.pcap
	"$P" capture -r - -w "$packed.pcap" <plain.pcap.$packed
	check "from_a_pipe_too_($packed)" cmp $packed.pcap plain.pcap
	head -c 200 plain.pcap.$packed >cut.$packed
	check "convert_takes_it_by_its_name_($packed)" "$P" convert -q plain.pcap.$packed packed.pcap
	check "with_the_same_frames_($packed)" cmp packed.pcap plain.pcap
	cp plain.pcap.$packed nameless
	check "and_by_its_first_octets_($packed)" "$P" convert -q nameless packed.pcap
	check "with_the_same_frames_then_too_($packed)" cmp packed.pcap plain.pcap
	is "packed_files_are_not_written_($packed)" "$("$P" convert plain.pcap out.pcap.$packed 2>&1; echo $?)" \
		"pktsmith: out.pcap.$packed: packed captures are read, not written; write a .pcap, and pack that"$'\n2'
	is "one_cut_short_is_told_($packed)" "$("$P" capture -r cut.$packed 2>&1 >/dev/null; echo $?)" \
		"pktsmith: cut.$packed is packed, and damaged or cut short"$'\n2'
done
{ cat plain.pcap.gz; : | gzip; } >two.gz
"$P" capture -r two.gz -w two.pcap
check "packed_files_in_a_row_are_one" cmp two.pcap plain.pcap
done_testing

#!/usr/bin/env bash
# What `send` says it sent is what a plain AF_PACKET reader at the other end receives: octets, counts, rate, and the record.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

cat >"$tmp/udp.yaml" <<'END'
name: udp
layers:
  - eth: {dst: 02:00:00:00:00:99}
  - ipv4: {dst: 192.0.2.9}
  - udp: {sport: 1000, dport: 2000}
  - payload: "hello, wire"
END
cat >"$tmp/several.yaml" <<'END'
name: several
frames:
  - {name: small, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}}, {payload: "s"}], weight: 2}
  - {name: tagged, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}}, {vlan: {id: 7, pcp: 3, type: 0x88b5}}, {payload: {fill: 0x41, size: 100}}]}
  - {name: double, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}}, {svlan: {id: 8}}, {vlan: {id: 9, type: 0x88b5}}, {payload: {fill: 0x42, size: 100}}]}
  - {name: runt, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}}, {payload: "r"}], pad: none}
  - {name: full, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}}, {payload: {fill: 0x43, size: 1500}}]}
END

# What left is what `show` says, and what arrives.
reader 6
json=$(send "$tmp/several.yaml" --json)
is "a run of several frames ends well" $? 0
reader_done
in_a "$PKTSMITH" show --format hex -i "$IF_A" "$tmp/several.yaml" | awk 'NR == 1 { print } { print }' >"$tmp/shown"
check "the octets that arrive are those that show prints, in order, weights counted" cmp "$tmp/shown" "$tmp/arrived"
is "the report counts each frame" "$(jq -c '[.frames_asked, .frames_sent, .frames_failed, .interface_frames]' <<<"$json")" '[6,6,0,6]'
is "and each octet" "$(jq .bytes_sent <<<"$json")" "$(awk '{ n += length($0) / 2 } END { print n }' "$tmp/shown")"
is "the keys that scripts rely on are there" \
	"$(jq -r '[.frames_sent, .frames_failed, .bytes_sent, .seconds, .frames_per_second, .bits_per_second, .backend, .fcs, .errors] | map(type) | join(" ")' <<<"$json")" \
	"number number number number number number string string object"

# Facts of the interface stand in the frame.
reader 1
send "$tmp/udp.yaml" -q
reader_done
like "\$if.mac and \$if.ipv4 are the interface's own" "$(cat "$tmp/arrived")" '^0200000000990200 *0000090a0800.*0a090001c0000209'

# The record is what the reader saw.
reader 50
text=$(send "$tmp/several.yaml" "$tmp/udp.yaml" -n 50 -w "$tmp/record.pcap")
is "a recorded run ends well" $? 0
reader_done
is "all of them arrive" "$(wc -l <"$tmp/arrived")" 50
tshark -r "$tmp/record.pcap" -T json -x 2>/dev/null | jq -r '.[]._source.layers.frame_raw[0]' >"$tmp/recorded"
check "the record of -w holds the octets that the reader saw" cmp "$tmp/recorded" "$tmp/arrived"
like "the report says so for people" "$text" '^sent +50 of 50 frames, '
like "and compares the interface's own count" "$text" "^interface +$IF_A counted 50 frames, the same"

# Counts.
reader 1000
json=$(send "$tmp/udp.yaml" -n 1000 --json)
reader_done
is "a count is exact" "$(wc -l <"$tmp/arrived") $(jq .frames_sent <<<"$json")" "1000 1000"
reader 1000
send "$tmp/several.yaml" -q
reader_stopped
is "without a count it is one pass" "$(wc -l <"$tmp/arrived")" 6

# Rates: never faster, and on a busy machine not much slower.
json=$(send "$tmp/udp.yaml" -n 1000 -r 2kpps --json)
is "1000 frames at 2 kpps take half a second" "$(jq '.seconds > 0.495 and .seconds < 0.95' <<<"$json")" true
json=$(send "$tmp/udp.yaml" -d 500ms -r 1kpps --json)
is "half a second at 1 kpps is 500 frames" "$(jq -c '[.frames_sent, .seconds > 0.499 and .seconds < 0.95]' <<<"$json")" '[500,true]'
json=$(send "$tmp/udp.yaml" -n 500 -r 480kbps --json)
is "480 kbit/s of 60-octet frames is 1 kpps" "$(jq '.seconds > 0.495 and .seconds < 0.95' <<<"$json")" true
json=$(send "$tmp/udp.yaml" -n 6 --interval 100ms --json)
is "six frames 100 ms apart take half a second" "$(jq '.seconds >= 0.5 and .seconds < 0.95' <<<"$json")" true

# Endless, and its end.
# interrupted COUNT ARG...: sends, and gets SIGINT once so many frames have left; its report is $tmp/out, its status $status.
interrupted() {
	local wanted=$(($(sent_by) + $1)) pid
	shift
	ip netns exec "$NS_A" "$PKTSMITH" send -i "$IF_A" "$@" >"$tmp/out" &
	pid=$!
	await has_sent "$wanted"
	kill -INT "$pid"
	wait "$pid"
	status=$?
}
interrupted 400 "$tmp/udp.yaml" -n 0 -r 1kpps --json
is "SIGINT ends an endless run with the report" \
	"$(jq -c '[.stopped, .frames_asked, .frames_sent >= 400, .frames_sent == .interface_frames]' "$tmp/out")" '[true,null,true,true]'
is "and with status 0, since it was asked to" "$status" 0
interrupted 200 "$tmp/udp.yaml" -n 1000000 -r 1kpps
is "a count that a signal cuts short is status 1" "$status" 1
like "and what was not tried is said" "$(cat "$tmp/out")" '^not tried +[0-9,]+ frames, for the signal$'

# A file instead of an interface, as a user without privileges.
chmod 777 "$tmp"
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
cp "$PKTSMITH" "$tmp/pktsmith"
chmod 755 "$tmp/pktsmith"
nobody "$tmp/pktsmith" send "$tmp/several.yaml" -n 12 -w "$tmp/file.pcap" -q
is "a file needs no privilege" $? 0
is "and holds the frames" "$(tshark -r "$tmp/file.pcap" 2>/dev/null | wc -l)" 12
"$PKTSMITH" send bad-fcs -w "$tmp/fcs.pcap" -q 2>/dev/null
is "a bad FCS is in the file, marked as one" "$(tshark -o eth.check_fcs:TRUE -r "$tmp/fcs.pcap" -T fields -e eth.fcs.status 2>/dev/null)" 0

# What it does not do.
reader 10
send "$tmp/udp.yaml" --dry-run -q
is "a dry run ends well" $? 0
reader_stopped
is "and sends nothing" "$(wc -l <"$tmp/arrived")" 0
fails "-n 0 without a rate is refused" 2 send "$tmp/udp.yaml" -n 0
fails "-d without a count or a rate is refused" 2 send "$tmp/udp.yaml" -d 1s
fails "-r and --interval exclude each other" 2 send "$tmp/udp.yaml" -r 1kpps --interval 1s
fails "without -i and -w there is nowhere to send" 2 "$PKTSMITH" send "$tmp/udp.yaml"
fails "--rx wants --verify" 2 send "$tmp/udp.yaml" --rx "$IF_B"
fails "-d of nothing is refused" 2 send "$tmp/udp.yaml" -r 1kpps -d 0s

# A disk that is full.
text=$(in_a "$PKTSMITH" send "$tmp/udp.yaml" -i "$IF_A" -w /dev/full 2>&1)
is "a record on a full disk is status 3" $? 3
like "and says why" "$text" 'No space left on device'

# While it runs: --jsonl tells how far it is.
lines=$(send "$tmp/udp.yaml" -d 1200ms -r 100pps --jsonl)
is "--jsonl ends with the report, after progress" "$(jq -r .type <<<"$lines" | uniq | paste -sd' ')" "progress report"

done_testing

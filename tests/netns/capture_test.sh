#!/usr/bin/env bash
# What `capture` prints and keeps of an interface's traffic is what tcpdump keeps of the same.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

addresses='dst: 02:00:00:00:09:0b, src: 02:00:00:00:00:01'
ip='ipv4: {src: 192.0.2.1, dst: 192.0.2.2}'
cat >"$tmp/mixed.yaml" <<END
name: mixed
frames:
  - {name: udp, layers: [{eth: {$addresses}}, {$ip}, {udp: {sport: 1000, dport: 53}}, {payload: "hello"}]}
  - {name: tcp, layers: [{eth: {$addresses}}, {$ip}, {tcp: {sport: 1000, dport: 80, flags: syn}}]}
  - {name: tagged, layers: [{eth: {$addresses}}, {vlan: {id: 7, pcp: 5}}, {$ip}, {udp: {sport: 1, dport: 2}}, {payload: "tagged"}]}
  - {name: double, layers: [{eth: {$addresses}}, {svlan: {id: 8}}, {vlan: {id: 9}}, {$ip}, {udp: {sport: 3, dport: 4}}, {payload: "twice"}]}
  - {name: long, layers: [{eth: {$addresses, type: 0x88b5}}, {payload: {fill: 0x41, size: 1500}}]}
END
send() { in_a "$PKTSMITH" send "$tmp/mixed.yaml" -i "$IF_A" -q "$@"; }

# capture ARG...: begins on $IF_B into $tmp/out; captured [COUNT [FILES]]: ends it once so many frames stand there, or in the
# files of $tmp; its status in $status.
capture() {
	ip netns exec "$NS_B" "$PKTSMITH" capture -i "$IF_B" "$@" >"$tmp/out" 2>"$tmp/errors" &
	capture_pid=$!
	began "$capture_pid"
}
lines() { grep -cE '^[0-9]{2}:[0-9]{2}:[0-9]{2}\.|"type": ?"frame"' "$tmp/out"; }
stand() { [ "$(lines)" -ge "$1" ]; }
stand_in() { [ "$(find "$tmp" -name "$2" -exec tshark -r {} \; 2>/dev/null | wc -l)" -ge "$1" ]; }
captured() {
	if [ $# -gt 1 ]; then await stand_in "$@"; else await stand "${1:-0}"; fi
	sleep 0.3 # for what is not to come: the kernel gives out what a block holds
	idle "$capture_pid"
	kill -INT "$capture_pid" 2>/dev/null
	wait "$capture_pid"
	status=$?
}
hex() { tshark -r "$1" -T json -x 2>/dev/null | jq -r '.[]._source.layers.frame_raw[0]'; }

# The same as tcpdump, octet by octet.
ip netns exec "$NS_B" timeout 60 tcpdump -c 500 -U -n -i "$IF_B" -w "$tmp/tcpdump.pcap" 2>"$tmp/tcpdump" &
tcpdump_pid=$!
await grep -qs listening "$tmp/tcpdump"
capture -w "$tmp/ours.pcap"
send -n 500
captured 500 ours.pcap
wait "$tcpdump_pid"
is "SIGINT ends a capture with status 0" "$status" 0
is "all frames are there" "$(hex "$tmp/ours.pcap" | wc -l)" 500
check "the file of -w holds what tcpdump's does" cmp <(hex "$tmp/ours.pcap") <(hex "$tmp/tcpdump.pcap")
like "the report counts" "$(cat "$tmp/out")" '^500 frames; received 500, dropped by the kernel 0, by the interface 0$'
is "and nothing is printed beside it" "$(grep -c '^[0-9][0-9]:' "$tmp/out")" 0
times() { tshark -r "$1" -T fields -e frame.time_epoch 2>/dev/null; }
is "the times are tcpdump's, to the microsecond" \
	"$(paste <(times "$tmp/ours.pcap") <(times "$tmp/tcpdump.pcap") | awk '{ d = $1 - $2; if (d > 2e-6 || d < -2e-6) n++ } END { print n + 0 }')" 0

# Printed, one line a frame.
capture
send
captured 5
is "a frame is a line" "$(grep -cE '^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} ' "$tmp/out")" 5
like "with what it is" "$(cat "$tmp/out")" '192\.0\.2\.1.*192\.0\.2\.2.*udp'
like "and its tags" "$(cat "$tmp/out")" 'vlan'

# Line by line while it runs.
capture
send
await stand 5
is "lines come out while it runs" "$(lines)" 5
captured

# As JSON.
capture --jsonl
send
captured 5
is "--jsonl is an object a frame, and a report" "$(jq -r .type "$tmp/out" | paste -sd' ')" "frame frame frame frame frame report"
is "the hex is the frame's, tags as on the wire" "$(jq -r 'select(.type == "frame") | .hex' "$tmp/out")" \
	"$(in_a "$PKTSMITH" show --format hex "$tmp/mixed.yaml")"
is "the report counts " "$(jq -c 'select(.type == "report") | [.frames_captured, .received, .dropped_by_kernel]' "$tmp/out")" '[5,5,0]'
is "the tags are layers" "$(jq -r 'select(.type == "frame") | [.layers[].protocol] | join("/")' "$tmp/out" | sed -n '3,4p' | paste -sd' ')" \
	"eth/vlan/ipv4/udp/payload eth/svlan/vlan/ipv4/udp/payload"

# Filters.
for filter in 'udp port 53' 'vlan 7' 'tcp[tcpflags] & tcp-syn != 0' 'ether proto 0x88b5'; do
	# shellcheck disable=SC2086
	capture --jsonl $filter
	send
	captured 1
	is "the filter passes its frame alone: $filter" "$(jq -r 'select(.type == "frame") | .length' "$tmp/out" | wc -l)" 1
done
text=$(in_b "$PKTSMITH" capture -i "$IF_B" udp prot 53 2>&1)
is "a filter that is none is status 2" $? 2
like "and is quoted" "$text" 'udp prot 53'

# Count, duration, snap length, direction.
capture -n 3
send
wait "$capture_pid"
is "-n ends it by itself" "$? $(grep -c '^[0-9][0-9]:' "$tmp/out")" "0 3"
begun=$(date +%s%N)
in_b "$PKTSMITH" capture -i "$IF_B" -d 300ms -q >"$tmp/out"
is "-d ends it by itself" $? 0
took=$((($(date +%s%N) - begun) / 1000000))
check "after its time" test $took -ge 300 -a $took -lt 20000
capture -w "$tmp/snap.pcap" --snaplen 40
send
captured 5 snap.pcap
is "a snap length cuts, and the file knows what the frame had" \
	"$(tshark -r "$tmp/snap.pcap" -T fields -e frame.cap_len -e frame.len 2>/dev/null | tail -1)" "$(printf '40\t1514')"
capture --snaplen 40
send
captured 5
like "what is cut is said" "$(cat "$tmp/out")" '\[cut: 40 of 1514 octets\]'
capture --direction out
send
in_b "$PKTSMITH" send "$tmp/mixed.yaml" -i "$IF_B" -q -n 2
captured 2
is "a direction passes its own alone" "$(grep -c '^[0-9][0-9]:' "$tmp/out")" 2

# -v and -x.
capture -v -n 1
send
wait "$capture_pid"
like "-v prints fields" "$(cat "$tmp/out")" 'dport.*53'
capture -x -n 1
send
wait "$capture_pid"
like "-x prints octets" "$(cat "$tmp/out")" '0200 ?0000 ?090b|02 00 00 00 09 0b'

# A kernel's frames, with its checksums left to a device that is not there.
in_b ethtool -K "$IF_B" rx on >/dev/null 2>&1
in_a ethtool -K "$IF_A" tx on >/dev/null 2>&1
capture -n 1 -d 60s udp port 4000
in_a sh -c 'echo hello >/dev/udp/10.9.0.2/4000' 2>/dev/null || in_a bash -c 'echo hello >/dev/udp/10.9.0.2/4000'
wait "$capture_pid"
like "an unfinished checksum is offloaded, not wrong" "$(cat "$tmp/out")" 'checksum offloaded'
in_a ethtool -K "$IF_A" tx off >/dev/null 2>&1

# Files in turn.
capture -w "$tmp/turn.pcap" --rotate 2000 ether src 02:00:00:00:00:01
send -n 15
captured 15 'turn-*.pcap'
is "a rotation by size begins new files" "$(cd "$tmp" && ls turn*)" "$(printf 'turn-0000%d.pcap\n' 1 2 3)"
is "none is longer than asked" "$(find "$tmp" -name 'turn-*' -size +2000c | wc -l)" 0
is "and nothing is lost between them" "$(for f in "$tmp"/turn-*; do hex "$f"; done | wc -l)" 15
capture -w "$tmp/time.pcap" --rotate 1s ether src 02:00:00:00:00:01
send -n 15 -r 5pps
captured 15 'time-*.pcap'
check "a rotation by time does, too" test "$(find "$tmp" -name 'time-*.pcap' | wc -l)" -ge 3
is "and nothing is lost between them " "$(for f in "$tmp"/time-*; do hex "$f"; done | wc -l)" 15

# A file is read as an interface is.
is "a file reads back" "$("$PKTSMITH" capture --read "$tmp/ours.pcap" -q | wc -l)" 500
is "with a filter" "$("$PKTSMITH" capture --read "$tmp/ours.pcap" -q udp port 53 | wc -l)" 100
tshark -r "$tmp/ours.pcap" -w "$tmp/ours.pcapng" 2>/dev/null
is "a pcapng file, too" "$("$PKTSMITH" capture -r "$tmp/ours.pcapng" -q | wc -l)" 500
is "and standard input" "$("$PKTSMITH" capture -r - -q <"$tmp/ours.pcap" | wc -l)" 500
"$PKTSMITH" capture -r "$tmp/ours.pcap" -w "$tmp/vlan.pcap" -q vlan 7
is "a part of a file is kept" "$(hex "$tmp/vlan.pcap" | wc -l)" 100
check "-w - is a capture file on standard output" cmp <("$PKTSMITH" capture -r "$tmp/ours.pcap" -w - 2>/dev/null | tshark -r - 2>/dev/null) <(tshark -r "$tmp/ours.pcap" 2>/dev/null)
"$PKTSMITH" send bad-fcs -w "$tmp/fcs.pcap" -q 2>/dev/null
is "a file's own word on the FCS is heard" "$("$PKTSMITH" capture -r "$tmp/fcs.pcap" --jsonl | jq -r 'select(.type == "frame") | .fcs.state')" wrong

# The other end of the pipe goes; the disk is full; the interface goes.
set -o pipefail
"$PKTSMITH" capture --read "$tmp/ours.pcap" | head -n 1 >/dev/null
is "a closed standard output ends it, without a word" $? 0
set +o pipefail
text=$("$PKTSMITH" capture -r "$tmp/ours.pcap" -w /dev/full 2>&1)
is "a full disk is status 3" $? 3
like "and says so" "$text" 'No space left on device'
ip netns exec "$NS_B" "$PKTSMITH" capture -r "$tmp/ours.pcap" >/dev/full 2>"$tmp/errors"
is "a full standard output is status 3" $? 3
in_b ip link add gone type veth peer name gone2
in_b ip link set gone up
ip netns exec "$NS_B" "$PKTSMITH" capture -i gone >"$tmp/out" 2>"$tmp/errors" &
began $!
in_b ip link del gone
wait $!
is "an interface that goes ends it with status 3" $? 3
like "and is named" "$(cat "$tmp/errors")" 'gone'

# Usage.
text=$(in_b "$PKTSMITH" capture -i "$IF_B" --json 2>&1)
is "--json is refused" $? 2
like "and names --jsonl" "$text" 'jsonl'
fails "nowhere to capture is refused" 2 "$PKTSMITH" capture
fails "both an interface and a file are refused" 2 "$PKTSMITH" capture -i lo --read x
fails "a rotation wants a file" 2 "$PKTSMITH" capture -i lo --rotate 1MB
fails "no such device is status 3" 3 "$PKTSMITH" capture -i nosuch0
fails "no such file is status 3" 3 "$PKTSMITH" capture --read /nosuch.pcap
fails "a file that is no capture is status 2" 2 "$PKTSMITH" capture --read "$tmp/mixed.yaml"
chmod 755 "$tmp"
cp "$PKTSMITH" "$tmp/pktsmith"
chmod 755 "$tmp/pktsmith"
fails "no permission is status 3" 3 in_b setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/pktsmith" capture -i "$IF_B"

done_testing

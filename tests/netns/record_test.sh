#!/bin/bash
# What udp and tcp keep by -w: every checksum in it is right, though it was left to a device, or to nobody.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; netns_down; rm -rf "$WORK"' EXIT
for end in in_a in_b; do
	[ "$end" = in_a ] && device=$IF_A || device=$IF_B
	$end ethtool -K "$device" tx on rx on tso on gso on >/dev/null 2>&1
done
head -c 3000000 /dev/urandom >"$WORK/data"

# DEPTH FILTER: of the recorded frames, which are so.
recorded() {
	tshark -r "$WORK/kept.pcap" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-Y "$1" -T fields -e frame.number 2>/dev/null | wc -l
}

# NAME: nothing wrong in the record, and super-frames among what left and what came.
verified() {
	is "$1: no checksum in the record is wrong" "$(recorded 'tcp.checksum.status != 1 || ip.checksum.status == 0')" 0
	check "$1: though super-frames were sent" test "$(recorded "frame.len > 1600 && tcp.dstport == 7000")" -gt 0
	check "$1: and came" test "$(recorded "frame.len > 1600 && tcp.srcport == 7000")" -gt 0
}

for address in 10.9.0.2 2001:db8:9::2 127.0.0.1; do
	[ "$address" = 127.0.0.1 ] && end=$NS_A || end=$NS_B
	ip netns exec "$end" "$P" tcp listen 7000 --echo --kernel -n 1 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	in_a timeout 60 "$P" tcp connect "$address" 7000 -q -w "$WORK/kept.pcap" <"$WORK/data" >"$WORK/back"
	wait "$listener"
	check "$address: what was sent came back" cmp "$WORK/data" "$WORK/back"
	verified "$address"
done

ip netns exec "$NS_B" "$P" udp listen 7000 --echo --kernel -n 1 >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
in_a timeout 60 "$P" udp send 10.9.0.2 7000 'Hello you there!' --wait -q -w "$WORK/kept.pcap" >/dev/null
wait "$listener"
is "udp: both datagrams are there, and right" "$(recorded 'udp.checksum.status == 1')" 2

# What waited for an answer to ARP stands behind it, and the answer to a question behind that, as on the wire.
order() { tshark -r "$1" -Y 'arp || udp' -T fields -e arp.opcode -e arp.dst.proto_ipv4 -e udp.dstport 2>/dev/null; }
ip netns exec "$NS_B" "$P" udp listen 7000 --echo --kernel -n 1 >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for end in "$NS_A" "$NS_B"; do ip -n "$end" neigh flush all; done
ip netns exec "$NS_A" tcpdump -i "$IF_A" -nn -U --immediate-mode -w "$WORK/wire.pcap" arp or udp 2>"$WORK/tcpdump" & tcpdump=$!
await grep -qs 'listening on' "$WORK/tcpdump"
in_a timeout 60 "$P" udp send 10.9.0.2 7000 'Hello you there!' --wait -q -w "$WORK/kept.pcap" -i "$IF_A" --source-ip 10.9.0.77 >/dev/null
wait "$listener"
dumped "$tcpdump"
like "who waits for ARP is recorded when it leaves" "$(order "$WORK/kept.pcap" | tr -s '\t\n' ' ')" '^1 10.9.0.77 .*1 10.9.0.2 2 10.9.0.77 7000 '
is "all is recorded in the order of the wire" "$(order "$WORK/kept.pcap")" "$(order "$WORK/wire.pcap")"

fails "standard output is the conversation's: no file" 2 in_a "$P" tcp connect 10.9.0.2 7000 x -w -
done_testing

#!/bin/bash
# `pktsmith tcp` and `udp` with a second stack: lwIP, as Debian builds it, which shares no code with the kernel or with us. It has
# neither SACK nor timestamps, a window of 65,535 octets, timers of half a second, and reassembles no more than ten fragments.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
LWIP=$(realpath "${BUILD:-build}/tests/support/lwip_peer")
[ -x "$LWIP" ] || { echo "Bail out! no $LWIP: make tests"; exit 1; }
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
# The far end is lwIP's alone.
in_b sysctl -qw "net.ipv6.conf.$IF_B.disable_ipv6=1"
ip -n "$NS_B" addr flush dev "$IF_B"

head -c 5000000 /dev/urandom >"$WORK/data"
head -c 300000 "$WORK/data" >"$WORK/some"
sum=$(sha256sum <"$WORK/data")
some=$(sha256sum <"$WORK/some")
# at NUMBER [OPTION VALUE]... VERB...: lwIP with the addresses 10.9.0.NUMBER and 2001:db8:9::NUMBER.
# One of them serves the whole test, however long a busy machine takes for it.
at() {
	local number=$1 options=()
	shift
	while [[ $1 == -* ]]; do options+=("$1" "$2"); shift 2; done
	exec timeout 600 ip netns exec "$NS_B" "$LWIP" "${options[@]}" "$IF_B" "10.9.0.$number" "2001:db8:9::$number" "$@"
}
ours() { timeout 60 ip netns exec "$NS_A" "$P" "$@"; }
lwip() { (at 3 "$@"); }
over() { wait "$1"; is "$2, and its end is clean" "$?" 0; }

(at 2 echo 7000) 2>"$WORK/said" &
ready "$WORK/said"
ip netns exec "$NS_A" tcpdump -i "$IF_A" -nn -U --immediate-mode -w "$WORK/witness.pcap" '(tcp[13] & 4 != 0) or
	(icmp and icmp[0] == 3) or (ip6 and ip6[6] == 6 and ip6[53] & 4 != 0) or (icmp6 and ip6[40] < 128)' 2>"$WORK/witness.said" &
witness=$!
await grep -qs 'listening on' "$WORK/witness.said"

# ---- there and back ----
both_ways() {
	local what=$1 own4=$2 own6=$3 options4=$4 options6=$5 listener
	is "$what: 5 MB there and back, IPv4" "$(ours tcp connect 10.9.0.2 7000 $options4 <"$WORK/data" | sha256sum)" "$sum"
	is "$what: 5 MB there and back, IPv6" "$(ours tcp connect 2001:db8:9::2 7000 $options6 <"$WORK/data" | sha256sum)" "$sum"
	ours tcp listen 7100 --echo -n 1 $options4 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$what: lwIP connects to $own4" "$(lwip connect "$own4" 7100 <"$WORK/data" | sha256sum)" "$sum"
	over "$listener" "$what: IPv4"
	ours tcp listen 7100 --echo -n 1 $options6 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$what: lwIP connects to $own6" "$(lwip connect "$own6" 7100 <"$WORK/data" | sha256sum)" "$sum"
	over "$listener" "$what: IPv6"
}
both_ways "the host's address" 10.9.0.1 2001:db8:9::1 "" ""
both_ways "an address of our own" 10.9.0.77 2001:db8:9::77 "-i $IF_A --source-ip 10.9.0.77" "-i $IF_A --source-ip 2001:db8:9::77"

# Each its own direction: one has ended long before the other begins to matter.
for address in 10.9.0.3 2001:db8:9::3; do
	(at 3 listen 7001) <"$WORK/data" 2>"$WORK/said" >"$WORK/got" & listener=$!
	ready "$WORK/said"
	is "half-close, $address: we end at once, and get 5 MB" "$(ours tcp connect "$address" 7001 </dev/null | sha256sum)" "$sum"
	over "$listener" "half-close, $address: lwIP got the end"
	is "half-close, $address: and nothing before it" "$(wc -c <"$WORK/got")" 0
	(at 3 listen 7001) </dev/null 2>"$WORK/said" >"$WORK/got" & listener=$!
	ready "$WORK/said"
	is "half-close, $address: lwIP ends at once" "$(ours tcp connect "$address" 7001 <"$WORK/data" | wc -c)" 0
	over "$listener" "half-close, $address: we send on"
	is "half-close, $address: lwIP got 5 MB" "$(sha256sum <"$WORK/got")" "$sum"
done
(at 3 listen 7001) <"$WORK/some" 2>"$WORK/said" >"$WORK/got" & listener=$!
ready "$WORK/said"
is "other data each way at the same time: ours" "$(ours tcp connect 10.9.0.3 7001 <"$WORK/data" | sha256sum)" "$some"
over "$listener" "other data each way at the same time"
is "other data each way at the same time: lwIP's" "$(sha256sum <"$WORK/got")" "$sum"

# A dozen at once.
for number in $(seq 12); do
	{ echo "$number"; cat "$WORK/some"; } | ours tcp connect 10.9.0.2 7000 >"$WORK/one.$number" &
	clients[number]=$!
done
wait "${clients[@]}"
is "twelve connections at once, each with its own" "$(for number in $(seq 12); do
	{ echo "$number"; cat "$WORK/some"; } | cmp - "$WORK/one.$number" && echo whole; done 2>&1 | sort | uniq -c | xargs)" "12 whole"

# The client list: a name without an end, and the answer.
ours clients 10.9.0.1 5000 2>"$WORK/said" & listener=$!
ready "$WORK/said"
like "lwIP is a client of the list" "$(printf second | lwip connect 10.9.0.1 5000)" '^\{"second": \{"address": "10.9.0.3", "port": [0-9]+, "name": "second"\}\}$'
kill -INT "$(pgrep -P "$listener")"; wait "$listener"

# ---- UDP ----
counting() { /usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes(i & 255 for i in range(int(sys.argv[1]))))' "$1"; }
for address in 10.9.0.2 2001:db8:9::2; do
	is "a datagram to $address and back" "$(ours udp send "$address" 7000 'Hello you there!' --wait)" 'Hello you there!'
	# Ten fragments are lwIP's most.
	for size in 1452 1472 1473 9000 14000; do
		is "$size octets to $address and back" "$(ours udp send "$address" 7000 --size "$size" --wait --raw | sha256sum)" \
			"$(counting "$size" | sha256sum)"
	done
	is "none at all to $address and back" "$(ours udp send "$address" 7000 '' --wait --json | jq -c '[.answers, .bytes_sent]')" '[1,0]'
done
ours udp listen 6000 -n 2 --reply 'Got your message!' >"$WORK/got" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for address in 10.9.0.1 2001:db8:9::1; do
	is "lwIP asks us at $address" "$(printf 'Hello you there!' | lwip ask "$address" 6000)" 'Got your message!'
done
over "$listener" "both"
is "in the tutorial's words" "$(sed "s/, [0-9]*)/, N)/" "$WORK/got")" "Got message from ('10.9.0.3', N): Hello you there!
Got message from ('2001:db8:9::3', N): Hello you there!"
ours udp listen 6001 --echo -n 4 >"$WORK/got" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for address in 10.9.0.1 2001:db8:9::1; do
	for size in 1473 9000; do
		is "lwIP's fragments of $size octets come together at $address, and ours with lwIP" \
			"$(counting "$size" | lwip ask "$address" 6001 | sha256sum)" "$(counting "$size" | sha256sum)"
	done
done
over "$listener" "four datagrams"

dumped "$witness"
is "neither RST nor ICMP error in all of this" "$(tcpdump -nn -r "$WORK/witness.pcap" 2>/dev/null | head -5)" ""

# ---- windows ----
for address in 10.9.0.3 2001:db8:9::3; do
	(at 3 -p 3000 listen 7001) </dev/null 2>"$WORK/said" >"$WORK/got" & listener=$!
	ready "$WORK/said"
	ours tcp connect "$address" 7001 -w "$WORK/pause.pcap" <"$WORK/data" >/dev/null
	over "$listener" "lwIP reads nothing for a while, $address"
	is "then all of it, $address" "$(sha256sum <"$WORK/got")" "$sum"
	# tshark knows the scale, as it saw the SYN.
	tshark -r "$WORK/pause.pcap" -T fields -e tcp.dstport -e tcp.len -e tcp.window_size >"$WORK/pause" 2>/dev/null
	check "it had shut its window, $address" awk '$1 != 7001 && $3 == 0 { shut++ } END { exit !shut }' "$WORK/pause"
	check "which we probed with an octet, more than once, $address" awk '$1 == 7001 && $2 == 1 { probes++ } END { exit probes < 2 }' "$WORK/pause"
	is "nobody reset anything, $address" "$(tshark -r "$WORK/pause.pcap" -Y 'tcp.flags.reset == 1' 2>/dev/null)" ""
done
head -c 12000000 /dev/urandom >"$WORK/more"
# Many frames have come since, and now no more than probes of a window do.
received() { in_a cat "/sys/class/net/$IF_A/statistics/rx_packets"; }
has_stopped() {
	local now
	now=$(received)
	sleep 0.5
	[ "$now" -gt $((begun + 100)) ] && [ $(($(received) - now)) -lt 10 ]
}
begun=$(received)
{ ours tcp listen 7101 -n 1 -w "$WORK/pause.pcap" 2>"$WORK/said" | { await has_stopped; sha256sum >"$WORK/sum"; }; } & listener=$!
ready "$WORK/said"
lwip connect 10.9.0.1 7101 <"$WORK/more" >/dev/null
over "$listener" "we read nothing for a while"
is "then all of it" "$(cat "$WORK/sum")" "$(sha256sum <"$WORK/more")"
tshark -r "$WORK/pause.pcap" -T fields -e tcp.srcport -e tcp.window_size >"$WORK/pause" 2>/dev/null
check "we had shut our window, or as good as that" awk '$1 == 7101 && $2 < 1460 { shut++ } END { exit !shut }' "$WORK/pause"
# lwIP takes silly windows for none: two segments are the least that it tells.
head -c 80000 "$WORK/data" >"$WORK/little"
(at 3 -w 2920 listen 7001) </dev/null 2>"$WORK/said" >"$WORK/got" & listener=$!
ready "$WORK/said"
ours tcp connect 10.9.0.3 7001 <"$WORK/little" >/dev/null
over "$listener" "lwIP's window is two segments"
check "and all octets arrive" cmp "$WORK/got" "$WORK/little"
is "a window of an octet or so is as good as shut: lwIP's few octets get through" \
	"$(ours tcp connect 10.9.0.2 7000 'a few octets' --misbehave tiny-window)" "a few octets"

# ---- refused, reset ----
for address in 10.9.0.2 2001:db8:9::2; do
	for verb in "tcp connect" "udp send --wait"; do
		status=$(ours $verb "$address" 7999 x 2>&1; echo "status $?")
		like "$verb: nobody is at that port of $address" "$status" "Connection refused"
		like "$verb: which is status 1, $address" "$status" "^status 1$"
	done
done
ours tcp listen 7100 -n 1 -i "$IF_A" --source-ip 10.9.0.77 2>"$WORK/said" & listener=$!
ready "$WORK/said"
like "lwIP is refused at a port that nobody has" "$(lwip connect 10.9.0.77 7999 2>&1 </dev/null)" "reset by peer"
lwip connect 10.9.0.77 7100 </dev/null
over "$listener" "and served at the other"
(at 3 -r 100000 listen 7001) </dev/null 2>"$WORK/said" >"$WORK/got" & listener=$!
ready "$WORK/said"
status=$(ours tcp connect 10.9.0.3 7001 2>&1 <"$WORK/data"; echo "status $?")
like "lwIP resets" "$status" "Connection reset by peer"
like "which is status 1" "$status" "^status 1$"
wait "$listener"
check "what it got until then was right" cmp -n 100000 "$WORK/got" "$WORK/data"
(at 3 listen 7001) </dev/null 2>"$WORK/said" >"$WORK/got" & listener=$!
ready "$WORK/said"
ours tcp connect 10.9.0.3 7001 --misbehave reset=5 --seed 1 <"$WORK/data" >/dev/null 2>&1
wait "$listener"
is "we reset: lwIP knows" "$(grep -c 'reset by peer' "$WORK/said.seen")" 1

# ---- what is lost and changed on the way: our segments on purpose, then those of both ----
for fault in drop duplicate=30 reorder=30 corrupt split=50 overlap=50 wrong-ack=3 no-options drop=5,reorder,overlap,duplicate; do
	is "--misbehave $fault: all octets arrive" \
		"$(ours tcp connect 10.9.0.2 7000 --misbehave "$fault" --seed 5 <"$WORK/some" | sha256sum)" "$some"
done
is "--misbehave drop, corrupt and reorder, IPv6: all octets arrive" \
	"$(ours tcp connect 2001:db8:9::2 7000 --misbehave drop=5,corrupt=5,reorder --seed 5 <"$WORK/some" | sha256sum)" "$some"
for fault in no-options drop=5,reorder,overlap,duplicate; do
	ours tcp listen 7100 --echo -n 1 --misbehave "$fault" --seed 5 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "--misbehave $fault, and lwIP connects: all octets arrive" "$(lwip connect 10.9.0.1 7100 <"$WORK/some" | sha256sum)" "$some"
	over "$listener" "--misbehave $fault"
done
(at 4 -l 1 echo 7000) 2>"$WORK/said" &
ready "$WORK/said"
for address in 10.9.0.4 2001:db8:9::4; do
	is "one of a hundred frames is lost each way, $address" "$(ours tcp connect "$address" 7000 <"$WORK/some" | sha256sum)" "$some"
done
ours tcp listen 7100 --echo -n 1 2>"$WORK/said" & listener=$!
ready "$WORK/said"
is "and where lwIP connects" "$( (at 3 -l 1 connect 10.9.0.1 7100) <"$WORK/some" | sha256sum)" "$some"
over "$listener" "there"

# ---- inside a tag: lwIP has none, a port takes it off; lwIP is told our MAC, for nobody answers ARP in there ----
in_b ip link add tag address 02:00:00:00:09:0b type veth peer name port
in_b ethtool -K tag tx off tso off gso off gro off >/dev/null 2>&1
in_b sysctl -qw net.ipv6.conf.tag.disable_ipv6=1 net.ipv6.conf.port.disable_ipv6=1
in_b ip link set port up
in_b ip link set tag up
ip netns exec "$NS_B" python3 tests/support/untag.py "$IF_B" port 8100a014 >"$WORK/switch" 2>&1 &
await grep -qs ready "$WORK/switch"
ip netns exec "$NS_B" "$LWIP" tag 10.20.0.2 2001:db8:20::2 echo 7000 2>"$WORK/said" &
ready "$WORK/said"
ours send -q -i "$IF_A" -e 'eth(dst=02:00:00:00:09:0b)/vlan(id=20,pcp=5)/arp(op=request,spa=10.20.0.1,tpa=10.20.0.2)'
printf '%s\n' "layers:" "  - eth: {dst: 02:00:00:00:09:0b}" "  - vlan: {id: 20, pcp: 5}" "  - ipv4: {src: 10.20.0.1, dst: 10.20.0.2, ttl: 7}" \
	"  - tcp: {}" >"$WORK/vlan.yaml"
is "--template with a tag: all octets arrive" \
	"$(ours tcp connect 10.20.0.2 7000 -i "$IF_A" --template "$WORK/vlan.yaml" <"$WORK/some" | sha256sum)" "$some"
done_testing

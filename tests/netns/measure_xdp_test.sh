#!/usr/bin/env bash
# measure --engine xdp: in the driver or in the generic way, beside other programs, with and without privileges, and when it is killed.
. tests/support/tap.sh
. tests/support/netns.sh
tmp=$(mktemp -d)
netns_up
trap 'netns_down; rm -rf "$tmp"' EXIT
netns_quiet
in_b ethtool -K "$IF_B" gro on

measure() { "$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp --json "$@"; }
attached() { ip -n "$NS_B" -d -j link show "$1" | jq -r '.[0].xdp.prog.id // "none"'; }
is_attached() { [ "$(attached "$IF_B")" != none ]; }
is_free() { [ "$(attached "$IF_B")" = none ]; }
frame() {
	cat >"$tmp/$1.yaml" <<YAML
name: $1
layers:
  - eth: {dst: 02:00:00:00:00:99$3}
$2
  - payload: {fill: 0x41, size: ${4:-30}}
YAML
}
frame udp '  - ipv4: {src: 10.9.0.1, dst: 10.0.0.2}
  - udp: {sport: {inc: 1000..1099}, dport: 9}'
frame six '  - ipv6: {src: "2001:db8::1", dst: "2001:db8::2"}
  - tcp: {sport: 1, dport: 9}' '' 301
frame tagged '  - vlan: {id: 5}
  - ipv4: {src: 10.9.0.1, dst: 10.0.0.2}
  - icmp: {type: echo-request}'
frame long '  - ipv4: {src: 10.9.0.1, dst: 10.0.0.2}
  - udp: {sport: 1, dport: 9}' '' 8000
frame bare '' ', type: 0x88b5'
cat >"$tmp/sizes.yaml" <<'YAML'
frames:
  - {name: small, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {src: 10.9.0.1, dst: 10.0.0.2}}, {udp: {sport: 1, dport: 9}}]}
  - {name: any, frame-size: {random: 64..1518}, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {src: 10.9.0.1, dst: 10.0.0.2}}, {udp: {sport: 1, dport: 9}}]}
  - {name: fragment, weight: 2, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv6: {src: "2001:db8::1", dst: "2001:db8::2"}}, {udp: {sport: 1, dport: 9}}]}
YAML

clean='[.received, .lost, .duplicated, .reordered, .corrupted, .unchecked, .damaged, .foreign, .latency_ns.count]'
for name in udp six tagged; do
	is "$name: each frame comes, and is sound" "$(measure "$tmp/$name.yaml" -n 500 | jq -c "$clean")" '[500,0,0,0,0,0,0,0,500]'
done
is "frames of several lengths, padded ones among them, are streams" \
	"$(measure "$tmp/sizes.yaml" -n 400 | jq -c '[.received, .lost, .corrupted, .unchecked, (.streams | map([.stream, .received]))]')" \
	'[400,0,0,0,[[0,100],[1,100],[2,200]]]'
is "without a checksum, that it is not known whether a frame changed is said" "$(measure "$tmp/bare.yaml" -n 100 | jq -c "$clean")" '[100,0,0,0,0,100,0,0,100]'
like "for people too" "$("$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp "$tmp/bare.yaml" -n 100)" \
	'100 frames had no checksum'
sed 's/udp: {/udp: {checksum: bad, /' "$tmp/udp.yaml" >"$tmp/bad.yaml"
is "a checksum that is wrong on purpose is no corruption, and tells nothing" "$(measure "$tmp/bad.yaml" -n 100 | jq -c "$clean")" \
	'[100,0,0,0,0,100,0,0,100]'
is "a veth runs it in the driver" "$(measure "$tmp/udp.yaml" -n 10 | jq -r .receiver.way)" native
is "and it is gone after that" "$(attached "$IF_B")" none

# Frames of others go on to the stack meanwhile.
"$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp --json "$tmp/udp.yaml" -n 0 -r 100pps >"$tmp/json" &
measuring=$!
await is_attached
began "$measuring"
check "ping is answered meanwhile" in_a ping -q -c 3 -i 0.1 -W 10 10.9.0.2
kill -INT "$measuring"
wait "$measuring"
is "and its frames are counted as not ours" "$(jq '.foreign >= 3 and .received == .sent and .sent > 10' "$tmp/json")" true

# Killed.
"$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp "$tmp/udp.yaml" -n 0 -r 100pps >/dev/null 2>&1 &
await is_attached
is "while it runs, it is there" "$([ "$(attached "$IF_B")" = none ]; echo $?)" 1
is "for frames that are for anybody" "$(ip -n "$NS_B" -d -j link show "$IF_B" | jq '.[0].promiscuity')" 1
kill -9 $!
wait $! 2>/dev/null
await is_free
is "it goes with the process, however that ends" "$(attached "$IF_B") $(ip -n "$NS_B" -d -j link show "$IF_B" | jq '.[0].promiscuity')" 'none 0'

# What is taken where nobody says it.
auto() { "$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --json "$tmp/udp.yaml" "$@" | jq -c '[.receiver.engine, .receiver.engine_why, .received == .sent]'; }
is "up to 250 kframes/s libpcap receives" "$(auto -r 250kpps -n 10000)" '["pcap","for 250 kframes/s at most",true]'
is "above, the kernel" "$(auto -r 251kpps -n 10000)" '["xdp","for more than 250 kframes/s",true]'
is "also of bits a second, which may be short frames" "$(auto -r 200Mbps -n 10000)" '["xdp","for more than 250 kframes/s",true]'
is "and where a ramp gets there" "$(auto -r 1kpps..300kpps/100ms)" '["xdp","for more than 250 kframes/s",true]'
is "an interval is a rate" "$(auto --interval 1ms -n 10)" '["pcap","for 250 kframes/s at most",true]'
is "few frames without a rate are libpcap's" "$(auto -n 100000)" '["pcap","for frames so few that its buffer holds them",true]'
is "many the kernel's" "$(auto -n 100001)" '["xdp","as no rate was asked for",true]'
is "so are those of the sender in the kernel" "$(auto -n 1000 --backend xdp)" '["xdp","--backend xdp sends",true]'
is "an engine that is asked for needs no reason" "$(auto -n 10 --engine pcap)" '["pcap",null,true]'
like "people read it, too" "$("$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" "$tmp/udp.yaml" -n 10)" \
	'^received +10 frames, .* \(pcap, for frames so few that its buffer holds them\)$'
ip -n "$NS_A" link add p0 type veth peer name p1
ip -n "$NS_A" link set p0 up
ip -n "$NS_A" link set p1 up
comes_up "$NS_A" p0
json=$(in_a setpriv --bounding-set=-bpf,-net_admin,-sys_admin "$PKTSMITH" measure --tx p0 --rx p1 --json "$tmp/udp.yaml" -r 300kpps -n 1000)
like "without the rights libpcap receives, and that is why" "$(jq -r '"\(.receiver.engine) \(.received) \(.receiver.engine_why)"' <<<"$json")" \
	'^pcap 1000 XDP does not: .*the capabilities CAP_BPF and CAP_NET_ADMIN'
ip -n "$NS_A" link del p0

# How unevenly the sender in the kernel keeps a rate that packet sockets keep evenly: its gaps are those that arrive.
measure "$tmp/udp.yaml" -r 200kpps -d 500ms --backend xdp >"$tmp/json"
is "that frames leave in bursts shows in the gaps, where they leave and where they arrive" \
	"$(jq -c '[.sender.gap_ns, .arrival_gap_ns | .p50 < 4000 and .max > 3000000]' "$tmp/json")" '[true,true]'

# A driver that takes no program: a veth whose frames may be longer than a page.
ip -n "$NS_A" link set "$IF_A" mtu 9000
ip -n "$NS_B" link set "$IF_B" mtu 9000
out=$(measure "$tmp/tagged.yaml" -n 300)
is "elsewhere in the generic way, which is said" "$(jq -c '[.receiver.way, .received, .lost, .corrupted]' <<<"$out")" '["generic",300,0,0]'
like "for people too" "$("$PKTSMITH" measure --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp "$tmp/tagged.yaml" -n 3)" \
	'runs no XDP program: received in the generic way'
like "but not where nobody says it" "$(auto -r 300kpps -n 1000)" '^\["pcap","XDP does not: .*",true\]$'
is "long frames too, of which the checksum is not looked at" \
	"$(measure "$tmp/long.yaml" -n 50 | jq -c '[.received, .lost, .unchecked]')" '[50,0,50]'
ip -n "$NS_A" link set "$IF_A" mtu 1500
ip -n "$NS_B" link set "$IF_B" mtu 1500

# Several processors at once: what came is exact; the order is that in which they were done.
ip -n "$NS_A" link del "$IF_A"
ip -n "$NS_A" link add "$IF_A" numtxqueues 2 numrxqueues 2 address 02:00:00:00:09:0a type veth peer name "$IF_B" numtxqueues 2 \
	numrxqueues 2 netns "$NS_B"
in_a ethtool -L "$IF_A" rx 2 tx 2
in_b ethtool -L "$IF_B" rx 2 tx 2
in_a ethtool -K "$IF_A" tx off >/dev/null
ip -n "$NS_A" link set "$IF_A" up
ip -n "$NS_B" link set "$IF_B" up
netns_quiet
comes_up "$NS_A" "$IF_A"
comes_up "$NS_B" "$IF_B"
is "with two queues each frame is counted once" \
	"$(measure "$tmp/udp.yaml" -n 200000 -r 100kpps --threads 2 | jq -c '[.received - .sent, .lost, .duplicated, .too_late, .damaged, .corrupted]')" \
	'[0,0,0,0,0,0]'

# Somebody else's program stays.
"$PKTSMITH" measure --receive -i "$IF_B" --rx-netns "$NS_B" --engine xdp >/dev/null 2>&1 &
other=$!
await is_attached
before=$(attached "$IF_B")
out=$(measure "$tmp/udp.yaml" -n 10 2>&1)
is "an interface with another program is refused" $? 3
like "with the reason" "$out" "$IF_B runs another XDP program already.*it is left alone"
is "and that program is still there" "$(attached "$IF_B")" "$before"
kill -INT "$other"
wait "$other"

# Refused.
out=$(in_b setpriv --bounding-set=-bpf,-net_admin,-sys_admin "$PKTSMITH" measure --receive -i "$IF_B" --engine xdp 2>&1)
is "without the capabilities it is refused" $? 3
like "and they are named" "$out" '--engine xdp wants the capabilities CAP_BPF and CAP_NET_ADMIN, of which the program lacks both'
out=$(in_b timeout -s INT 2 setpriv --bounding-set=-perfmon,-sys_admin "$PKTSMITH" measure --receive -i "$IF_B" --engine xdp 2>&1)
like "a kernel that wants one more is told by that name" "$out" 'with CAP_PERFMON it may be taken|received +0 frames'
(sleep 1
ip -n "$NS_B" link set "$IF_B" down) &
out=$(measure "$tmp/udp.yaml" -n 0 -r 1kpps 2>&1 >/dev/null)
is "an interface that goes down ends it" "$(($? > 0))" 1
like "and that is said" "$out" 'down|carrier'
wait
done_testing

#!/usr/bin/env bash
# What `probe` says of a peer is what that peer does, and what ping, arping and tshark say of it: the kernel's stack, and peers that
# are late, deaf, or answer from elsewhere.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
probe_down() {
	[ -z "${peer_pid-}" ] || kill "$peer_pid" 2>/dev/null
	for router in 1 2 3; do ip netns del "pksr$router$$" 2>/dev/null; done
	netns_down
	rm -rf "$tmp"
}
trap probe_down EXIT

probe() { in_a "$PKTSMITH" probe "$@" -i "$IF_A"; }

# peer ARG...: a UDP peer at 10.9.0.2, in place of the one before.
peer() {
	peer_done
	rm -f "$tmp/peer" # what the one before said
	ip netns exec "$NS_B" /usr/bin/python3 tests/support/probe_peer.py 10.9.0.2 "$@" >"$tmp/peer" 2>&1 &
	peer_pid=$!
	await grep -qs ready "$tmp/peer"
}
peer_done() { [ -z "${peer_pid-}" ] || { kill "$peer_pid"; wait "$peer_pid" 2>/dev/null; }; peer_pid=; }

cat >"$tmp/udp.yaml" <<'YAML'
vars: {port: 7777, sport: 20000}
layers:
  - eth: {dst: $hop.mac}
  - ipv4: {dst: 10.9.0.2}
  - udp: {sport: {inc: $sport..60000}, dport: $port}
  - payload: "how long does it take?"
YAML

# ---- ping ----

json=$(probe ping -D target=10.9.0.2 -n 5 --json)
is "a ping that is answered is status 0" $? 0
is "each probe is answered" "$(jq -c '[.probes_sent, .answers, .lost, .duplicates, (.replies | length), .alike]' <<<"$json")" "[5,5,0,0,5,0]"
is "by the host that was asked" "$(jq -c '[.replies[] | [.probe, .target, .kind, .answer, .from, .ttl]] | unique_by(.[1:]) | .[0]' <<<"$json")" \
	'[1,"10.9.0.2","reply","echo reply","10.9.0.2",64]'
is "the round trip times are in order" "$(jq -c '.rtt_ns | .min > 0 and .min <= .p50 and .p50 <= .p90 and .p90 <= .p99 and .p99 <= .max' <<<"$json")" true
is "and of the replies" "$(jq -c '[(.rtt_ns.min == ([.replies[].rtt_ns] | min)), (.rtt_ns.max == ([.replies[].rtt_ns] | max))]' <<<"$json")" '[true,true]'
is "a veth is stamped by the kernel both ways" "$(jq -c .stamps <<<"$json")" '{"sent":"kernel","received":"kernel"}'
text=$(probe ping -D target=10.9.0.2 -n 2)
like "the table has a line a probe" "$text" '^     2  10\.9\.0\.2 seq=2 +echo reply +[0-9]+\.[0-9]{3} ms$'
like "and a summary" "$text" '^probes     2 sent, 2 answered, 0 lost, in '
like "with quantiles" "$text" '^RTT        min [0-9.]+ ms, p50 [0-9.]+ ms, p90 [0-9.]+ ms, p99 [0-9.]+ ms, max [0-9.]+ ms$'
is "-q says nothing" "$(probe ping -D target=10.9.0.2 -q)" ""
is "--jsonl is an object a reply, and the report" "$(probe ping -D target=10.9.0.2 -n 2 --jsonl | jq -r .type | paste -sd' ')" "reply reply report"
is "--summary has no replies" "$(probe ping -D target=10.9.0.2 -n 2 --json --summary | jq -c '[.answers, .replies]')" '[2,[]]'
is "IPv6 is pinged likewise" "$(probe ping6 -D target=2001:db8:9::2 -n 3 --json | jq -c '[.answers, .replies[0].from]')" '[3,"2001:db8:9::2"]'
# A ring that tells frames in blocks would have each wait for a millisecond.
json=$(probe ping -D target=10.9.0.2 -s eth.dst=02:00:00:00:09:0b -s 'icmp.seq={inc: 1..3000}' -n 3000 --at-once 1 -r max --json --summary)
is "one at a time they go as fast as answers come" "$(jq -c '[.answers, .probes_per_second > 1200]' <<<"$json")" '[3000,true]'
is "frames that are all the same count for the oldest" \
	"$(probe ping -D target=10.9.0.2 -s icmp.seq=9 -n 4 --json | jq -c '[.answers, .alike]')" '[4,3]'

# The median is ping's, as far as a busy machine tells: no more than a few times off.
theirs=$(in_a ping -n -c 20 -i 0.01 10.9.0.2 | sed -n 's/.*time=\([0-9.]*\) ms/\1/p' | sort -g | sed -n 10p)
ours=$(probe ping -D target=10.9.0.2 -n 20 -r 100/s --stamps program --json | jq '.rtt_ns.p50 / 1e6')
check "the median is of the size of ping's: $ours ms, $theirs ms" awk -v a="$ours" -v b="$theirs" 'BEGIN { exit !(a < b * 20 && b < a * 20) }'

is "the program's own stamps are to be had" "$(probe ping -D target=10.9.0.2 --stamps program --json | jq -c .stamps)" \
	'{"sent":"program","received":"kernel"}'
fails "the device's are not where it has none" 3 probe ping -D target=10.9.0.2 --stamps hardware

# ---- ARP ----

json=$(probe arp-request -D target=10.9.0.2 --json)
is "an ARP request is answered by the owner's MAC" "$(jq -c '.replies[0] | [.answer, .from, .mac]' <<<"$json")" '["ARP reply","10.9.0.2","02:00:00:00:09:0b"]'
like "as arping says" "$(in_a arping -c 1 -I "$IF_A" 10.9.0.2 2>&1)" '10\.9\.0\.2 \[02:00:00:00:09:0B\]'
json=$(probe arp-request -D target=10.9.0.77 --timeout 50ms --json)
is "nobody's address is status 1" $? 1
is "and lost" "$(jq -c '[.probes_sent, .answers, .lost, [.lost_probes[].target], .rtt_ns.p50]' <<<"$json")" '[1,0,1,["10.9.0.77"],null]'

# A kernel answers for every address that its table of local ones has.
in_b ip route add local 10.200.0.0/16 dev lo
json=$(probe arp-scan -D range=10.200.0.0/16 -r 15kpps --timeout 2s --json --summary)
is "an ARP scan of a /16 asks each address" "$(jq .probes_sent <<<"$json")" 65536
is "and has the answer of each" "$(jq -c '[.answers, .lost, .duplicates, .frames_dropped]' <<<"$json")" '[65536,0,0,0]'
is "a sweep goes 1,000 a second unless told otherwise" \
	"$(probe arp-scan -D range=10.200.3.0/24 --json | jq -c '[.probes_sent, .answers, .probes_per_second > 300 and .probes_per_second < 1100]')" '[256,256,true]'
is "and asks each address once" \
	"$(probe arp-scan -D range=10.200.3.0/28 --json | jq -c '[.replies[].target] | [length, (unique | length), min]')" '[16,16,"10.200.3.0"]'
is "a ping sweep asks each address of a range" \
	"$(probe ping-sweep -D range=10.200.7.0/26 -D router=02:00:00:00:09:0b --json | jq -c '[.probes_sent, .answers, .replies[5].from]')" '[64,64,"10.200.7.5"]'

# ---- TCP and UDP ports ----

mkfifo "$tmp/hold"
ip netns exec "$NS_B" /usr/bin/python3 -c '
import socket, sys
listeners = [socket.create_server(("10.9.0.2", port)) for port in (80, 443)]
print("ready", flush=True)
sys.stdin.read()' <"$tmp/hold" >"$tmp/listening" &
listeners=$!
exec 8>"$tmp/hold"
await grep -qs ready "$tmp/listening"
json=$(probe syn-scan -D target=10.9.0.2 --json)
is "a SYN to each port is answered" "$(jq -c '[.probes_sent, .answers]' <<<"$json")" '[16,16]'
is "the open ones are those with a listener" "$(jq -c '[.replies[] | select(.state == "open") | .target]' <<<"$json")" '["10.9.0.2:80","10.9.0.2:443"]'
is "the others are closed" "$(jq -c '[.replies[] | select(.state == "closed") | .answer] | [length, unique]' <<<"$json")" '[14,["RST"]]'
like "the table says so" "$(probe syn-scan -D target=10.9.0.2)" '^ +6  10\.9\.0\.2:80 +open +SYN-ACK '
like "a port range is a word away" "$(probe syn-scan -D target=10.9.0.2 -s 'tcp.dport={inc: 78..81}')" '^probes     4 sent, 4 answered'
exec 8>&-
wait "$listeners"
json=$(probe "$tmp/udp.yaml" --json)
is "a closed UDP port is answered by an ICMP error" "$(jq -c '.replies[0] | [.kind, .answer, .state]' <<<"$json")" \
	'["error","port unreachable from 10.9.0.2","closed"]'
is "which is an answer" "$(jq -c '[.answers, .errors, .lost]' <<<"$json")" '[1,1,0]'

# ---- answers that are late, come twice, or from elsewhere ----

peer 7777 delay=0.35
json=$(probe "$tmp/udp.yaml" -n 8 --interval 100ms --json)
is "no probe is lost where the round trip takes longer than the interval" "$(jq -c '[.answers, .lost, .late]' <<<"$json")" '[8,0,0]'
# One that were another's would be too early for a later probe.
is "and each answer is its own probe's" "$(jq -c '.rtt_ns.min >= 349000000' <<<"$json")" true
json=$(probe "$tmp/udp.yaml" -n 6 --interval 150ms --timeout 200ms --json)
is "what comes after the timeout is lost, and counted as late" "$(jq -c '[.answers, .lost, .late > 0]' <<<"$json")" '[0,6,true]'

peer 7777 twice
is "a second answer is a duplicate" "$(probe "$tmp/udp.yaml" -n 4 --json | jq -c '[.answers, .duplicates >= 3, .lost]')" '[4,true,0]'

peer 7777 from=9999
text=$(probe "$tmp/udp.yaml" --timeout 1s)
is "an answer from another port is none" $? 1
like "and the report says what came instead" "$text" '^near       1: a reply came from port 9999, not 7777$'
is "so does JSON" "$(probe "$tmp/udp.yaml" --timeout 1s --json | jq -c '[.answers, .lost, .near_misses[0].reason, .near_misses[0].text]')" \
	'[0,1,"port","a reply came from port 9999, not 7777"]'

peer 53 dns
json=$(probe dns-query -D target=10.9.0.2 --json)
is "a DNS query is answered" "$(jq -c '[.answers, .replies[0].from]' <<<"$json")" '[1,"10.9.0.2"]'

# ---- sent again ----

peer 7777 deaf=2
json=$(probe "$tmp/udp.yaml" --timeout 500ms --retries 4 --json -w "$tmp/again.pcap")
is "a probe is sent again until it is answered" "$(jq -c '[.probes_sent, .frames_sent, .answers, .replies[0].sendings]' <<<"$json")" '[1,3,1,3]'
is "which of them was answered nobody knows" "$(jq -c '[.replies[0].rtt_ns, .untimed, .rtt_ns.p50]' <<<"$json")" '[null,1,null]'
is "the frame is the same each time" "$(tshark -r "$tmp/again.pcap" -Y 'udp.dstport == 7777' -T json -x 2>/dev/null | jq -r '.[]._source.layers.frame_raw[0]' | sort -u | wc -l)" 1
is "and stands in the file as often as it left" "$(tshark -r "$tmp/again.pcap" -Y 'udp.dstport == 7777' 2>/dev/null | wc -l)" 3
peer 7777 deaf=3
json=$(probe "$tmp/udp.yaml" --timeout 500ms --until-answered --json)
is "--until-answered goes on until one answer came" "$? $(jq -c '[.probes_sent, .answers, .lost]' <<<"$json")" "0 [4,1,3]"
peer_done

# ---- a datagram in fragments ----

cat >"$tmp/fragments.yaml" <<'YAML'
layers:
  - eth: {dst: 02:00:00:00:09:0b}
  - ipv4: {dst: 10.9.0.2, id: {inc: 1..9}}
  - icmp: {type: echo-request, id: 9, seq: {inc: 1..9}}
  - payload: {fill: 0x41, size: 2000}
fragment: {mtu: 576}
YAML
json=$(probe "$tmp/fragments.yaml" -n 8 --json -w "$tmp/fragments.pcapng")
is "a datagram in fragments is one probe" "$? $(jq -c '[.probes_sent, .answers, .lost, .frames_sent, .frames_in_parts]' <<<"$json")" "0 [2,2,0,8,6]"
is "whose round trip begins with the last of them" "$(jq '.replies[0].rtt_ns' <<<"$json")" \
	"$(tshark -r "$tmp/fragments.pcapng" -T fields -e frame.time_epoch 2>/dev/null | /usr/bin/python3 -c '
import sys
from decimal import Decimal
times = [Decimal(line.strip()) for line in sys.stdin]
print(int((times[4] - times[3]) * 10**9))')"
is "the answer, in fragments too, is the whole datagram" \
	"$(tshark -r "$tmp/fragments.pcapng" -Y 'icmp.type == 0' -T fields -e frame.len -e icmp.checksum.status -e data.len 2>/dev/null | sort -u)" "$(printf '2042\t1\t2000')"
like "and whose first one may leave last" "$(probe fragments -s ipv4.dst=10.9.0.2 -s eth.dst=02:00:00:00:09:0b 2>&1)" \
	'^probes     1 sent, 1 answered'
sed 's/icmp:.*/udp: {sport: 20001, dport: 7777}/' "$tmp/fragments.yaml" >"$tmp/again.yaml"
peer 7777 deaf=1
json=$(probe "$tmp/again.yaml" --timeout 500ms --retries 3 --json)
is "it is sent again as a whole" "$(jq -c '[.probes_sent, .frames_sent, .answers, .replies[0].sendings]' <<<"$json")" '[1,8,1,2]'
peer_done

# ---- an answer in fragments ----

in_b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
# in_fragments WAY: what probe says of three requests that fragments_peer.py answers so.
in_fragments() {
	rm -f "$tmp/peer"
	ip netns exec "$NS_B" /usr/bin/python3 tests/support/fragments_peer.py 10.9.0.2 "$1" >"$tmp/peer" &
	peer_pid=$!
	await grep -qs ready "$tmp/peer"
	json=$(probe "$tmp/fragments.yaml" -n 12 --timeout 1s --json)
	peer_done
}
in_fragments late
is "an answer in fragments has come once its last one has" \
	"$(jq -c '[.answers, .lost, .duplicates, .datagrams_incomplete, (.rtt_ns.min >= 50000000)]' <<<"$json")" '[3,0,0,0,true]'
in_fragments backward
is "in whatever order" "$(jq -c '[.answers, .lost, .datagrams_incomplete]' <<<"$json")" '[3,0,0]'
in_fragments lost
is "one that lacks a fragment is none, which is told" "$(jq -c '[.answers, .lost, .datagrams_incomplete]' <<<"$json")" '[0,3,3]'
in_b sysctl -qw net.ipv4.icmp_echo_ignore_all=0

# ---- the file ----

json=$(probe ping -D target=10.9.0.2 -n 5 --json -w "$tmp/ping.pcapng")
tshark -r "$tmp/ping.pcapng" -Y icmp.resptime -T fields -e icmp.resptime 2>/dev/null >"$tmp/resptime"
is "the file of -w holds probes and answers" "$(tshark -r "$tmp/ping.pcapng" 2>/dev/null | wc -l)" 10
is "from which tshark works out the same round trip times" "$(awk '{ printf "%.6f\n", $1 }' "$tmp/resptime" | paste -sd' ')" \
	"$(jq -r '.replies[].rtt_ns / 1e6' <<<"$json" | awk '{ printf "%.6f\n", $1 }' | paste -sd' ')"

# ---- VLAN ----

in_b ip link add plain type veth peer name inner address 02:00:00:00:09:77
in_b ip addr add 10.77.0.2/24 dev inner
in_b ip link set plain up
in_b ip link set inner up
in_b ip neigh add 10.77.0.1 lladdr 02:00:00:00:09:0a dev inner
ip netns exec "$NS_B" /usr/bin/python3 tests/support/untag.py "$IF_B" plain 81000007 >"$tmp/switching" &
switch=$!
await grep -qs ready "$tmp/switching"
tagged='eth(dst=02:00:00:00:09:77)/vlan(id=7)/ipv4(src=10.77.0.1,dst=10.77.0.2)/icmp(type=echo-request,id=3,seq=inc(1..9))'
json=$(probe -e "$tagged" --until-answered --timeout 300ms --json -w "$tmp/vlan.pcap")
is "an answer in the same VLAN is one" "$(jq -c '[.answers, .replies[0].from]' <<<"$json")" '[1,"10.77.0.2"]'
is "and has its tag in the file" "$(tshark -r "$tmp/vlan.pcap" -Y 'icmp.type == 0' -T fields -e vlan.id 2>/dev/null | head -n 1)" 7
kill "$switch"

# A host at a path's end may answer without the labels that a request came with.
cat >"$tmp/pop.py" <<'PY'
import socket, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x8847))
link.bind((sys.argv[1], 0x8847))
print("ready", flush=True)
while True:
    frame = link.recv(2000)
    ip = bytearray(frame[18:38])
    ip[12:16], ip[16:20] = ip[16:20], ip[12:16]
    icmp = bytearray(frame[38:18 + int.from_bytes(frame[20:22], "big")])
    icmp[0] = 0
    total = int.from_bytes(icmp[2:4], "big") + 0x0800
    icmp[2:4] = ((total & 0xffff) + (total >> 16)).to_bytes(2, "big")
    link.send(frame[6:12] + frame[0:6] + b"\x08\0" + bytes(ip + icmp))
PY
ip netns exec "$NS_B" /usr/bin/python3 "$tmp/pop.py" "$IF_B" >"$tmp/popping" 2>&1 &
popping=$!
await grep -qs ready "$tmp/popping"
labelled='eth(dst=02:00:00:00:09:0b)/mpls(label=16)/ipv4(dst=10.9.0.9)/icmp(type=echo-request,id=3,seq=inc(1..9))/"labels"'
is "an answer without labels is one" "$(probe -e "$labelled" -n 2 --json | jq -c '[.answers, .replies[0].from]')" '[2,"10.9.0.9"]'
kill "$popping"

# ---- many ----

cat >"$tmp/many.yaml" <<'YAML'
layers:
  - eth: {dst: 02:00:00:00:00:98, src: 02:00:00:00:00:99}
  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}}
  - icmp: {type: echo-request, id: {inc: 1..16, each: cycle}, seq: 1}
YAML
# The most memory that the command has in use, in KiB, in $tmp/memory.
cat >"$tmp/memory.py" <<'PY'
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
PY
in_a ethtool -K "$IF_A" gro on >/dev/null
mkfifo "$tmp/turn"
ip netns exec "$NS_B" "${BUILD:-build}/tests/peers/turnaround" "$IF_B" <"$tmp/turn" >"$tmp/turning" &
turning=$!
exec 8>"$tmp/turn"
await grep -qs ready "$tmp/turning"
# What a veth's queue has no room for on a busy machine is asked again.
json=$(in_a /usr/bin/python3 "$tmp/memory.py" "$tmp/memory" "$PKTSMITH" probe "$tmp/many.yaml" -i "$IF_A" -n 1000000 -r max --timeout 2s --retries 3 \
	--json --summary)
is "of a million probes to 65,536 hosts each is matched with its answer" \
	"$? $(jq -c '[.probes_sent, .answers, .lost, .duplicates, .alike, .frames_dropped]' <<<"$json")" '0 [1000000,1000000,0,0,0,0]'
is "a probe takes no more than 150 octets" "$(jq '.bytes_a_probe <= 150' <<<"$json")" true
check "and all of them no more than 192 MiB, the capture's ring counted: $(cat "$tmp/memory") KiB" test "$(cat "$tmp/memory")" -le $((192 << 10))
is "and so fast the program stamps what leaves" "$(jq -r .stamps.sent <<<"$json")" program
exec 8>&-
wait "$turning"
in_a ethtool -K "$IF_A" gro off >/dev/null

# ---- others at the same time ----

probe ping -D target=10.9.0.2 -s icmp.id=101 -n 20 -r 50/s --json >"$tmp/one" &
one=$!
probe ping -D target=10.9.0.2 -s icmp.id=102 -n 20 -r 50/s --json >"$tmp/two"
wait "$one"
is "two at once take nothing of each other" "$(cat "$tmp/one" "$tmp/two" | jq -c '[.answers, .duplicates, .late, (.replies | length)]' | paste -sd' ')" \
	"[20,0,0,20] [20,0,0,20]"

# ---- floods ----

# Errors that quote garbage, lengths that are wrong, echoes that nobody asked for, and frames cut short.
cat >"$tmp/flood.yaml" <<'YAML'
frames:
  - {name: quoted, layers: [{eth: {dst: 02:00:00:00:09:0a}}, {ipv4: {src: 10.9.0.2, dst: 10.9.0.1}}, {icmp: {type: 3, code: 3}}, {payload: {random-bytes: {random: 0..60}}}]}
  - {name: length, layers: [{eth: {dst: 02:00:00:00:09:0a}}, {ipv4: {src: 10.9.0.2, dst: 10.9.0.1, length: {random: 0..65535}, protocol: 1}}, {payload: {random-bytes: 46}}]}
  - {name: echo, layers: [{eth: {dst: 02:00:00:00:09:0a}}, {ipv4: {src: 10.9.0.2, dst: 10.9.0.1}}, {icmp: {type: echo-reply, id: {random: 2..65535}, seq: {random: 1..200}}}]}
  - {name: cut, pad: none, layers: [{eth: {dst: 02:00:00:00:09:0a, type: 0x0800}}, {payload: {random-bytes: {random: 0..30}}}]}
YAML
in_b "$PKTSMITH" send "$tmp/flood.yaml" -i "$IF_B" -n 200000 -r 100kpps --json >"$tmp/flood" &
flood=$!
json=$(probe ping -D target=10.9.0.2 -n 300 -r 150/s --timeout 2s --json)
wait "$flood"
is "200,000 frames of garbage leave" "$(jq .frames_sent "$tmp/flood")" 200000
is "and no real answer is missed for them" "$(jq -c '[.answers, .lost, .frames_dropped]' <<<"$json")" '[300,0,0]'
is "though they were looked at" "$(jq '.frames_received > 20000' <<<"$json")" true

# ---- what did not leave ----

in_a "$PKTSMITH" probe -e 'eth(dst=02:00:00:00:09:0b)/ipv4(dst=10.9.0.2)/icmp(type=echo-request)/payload(pattern=inc,size=3000)' -i "$IF_A" --json >"$tmp/big" 2>"$tmp/why"
is "a frame that is refused is status 1" $? 1
is "and no probe" "$(jq -c '[.probes_sent, .frames_refused, .refusals]' "$tmp/big")" '[0,1,{"Message too long":1}]'
like "with what to do" "$(cat "$tmp/why")" 'frame "expression" is 3042 octets, but va takes 1514 .*raise it with'
# counted ABOVE: the interface has sent more than so many.
counted() { [ "$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")" -gt "$1" ]; }
# goes_down COUNT: the interface goes down once it has sent so many more.
goes_down() {
	local before
	before=$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")
	(await counted $((before + $1)); in_a ip link set "$IF_A" down) &
	down=$!
}
goes_down 5
out=$(in_a "$PKTSMITH" probe -e 'eth(dst=02:00:00:00:09:0b)/ipv4(dst=10.9.0.2)/icmp(type=echo-request,seq=inc(1..999))' -i "$IF_A" -n 1000 -r 20/s --jsonl 2>"$tmp/why")
status=$?
wait "$down"
is "an interface that goes down ends the run" "$status" 1
like "with what to do" "$(cat "$tmp/why")" "$IF_A is down; bring it up with"
is "and nothing more is said to be sent" "$(tail -n 1 <<<"$out" | jq '.probes_sent < 1000')" true
out=$(in_a "$PKTSMITH" probe arp-request -D target=10.9.0.2 -i "$IF_A" 2>&1)
is "an interface that is down is status 1" $? 1
like "and nothing is said to be sent" "$out" "^pktsmith: $IF_A is down; bring it up"
in_a ip link set "$IF_A" up
goes_down 1000
out=$(in_a "$PKTSMITH" probe "$tmp/many.yaml" -i "$IF_A" -n 100000000 -r max --summary --json 2>/dev/null)
status=$?
wait "$down"
is "at full speed too what was not tried is not said to be refused" "$status $(jq '.frames_refused <= 1 and .probes_sent > 0' <<<"$out")" "1 true"
in_a ip link set "$IF_A" up
in_a ip addr add 2001:db8:9::1/64 dev "$IF_A" nodad 2>/dev/null

# ---- the end ----

# interrupted ARG...: a ping that gets SIGINT after some of its answers; the report is $tmp/endless.
some_answers() { [ "$(wc -l <"$tmp/endless")" -gt 5 ]; }
interrupted() {
	: >"$tmp/endless"
	ip netns exec "$NS_A" "$PKTSMITH" probe ping -D target=10.9.0.2 -i "$IF_A" "$@" -r 20/s --json >"$tmp/endless" &
	endless=$!
	await some_answers
	kill -INT "$endless"
	wait "$endless"
}
interrupted -n 0
is "SIGINT ends an endless run with status 0 and a whole document" "$? $(jq -c '[.stopped, .probes_sent > 3, .probes_sent - .answers < 2]' "$tmp/endless")" '0 [true,true,true]'

interrupted -n 1000
is "and one that was to do more with status 1" "$? $(jq -c '[.stopped, .lost]' "$tmp/endless")" '1 [true,0]'

cat >"$tmp/twice.py" <<'PY'
import os, signal, subprocess, sys, time
child = subprocess.Popen(sys.argv[3:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
child.stdout.readline()
for wait in sys.argv[1:3]:
    time.sleep(float(wait))
    child.send_signal(signal.SIGINT)
child.stdout.read()
print(child.wait())
PY
is "a signal that comes twice at once, as timeout's may, is one" \
	"$(in_a /usr/bin/python3 "$tmp/twice.py" 0 0.02 "$PKTSMITH" probe arp-request -D target=10.9.0.2 -i "$IF_A" -n 0 -r 20/s)" 0
is "one that comes again later does not ask" \
	"$(in_a /usr/bin/python3 "$tmp/twice.py" 0.5 1 "$PKTSMITH" measure arp-request --tx "$IF_A" --rx lo -n 0 -r 20/s --wait 60s)" -2

# ---- nobody to tell ----

mute() { in_a sh -c 'to=$1; shift; exec "$@" 2>&1 >"$to"' sh "$@"; }
# The kernels have words of their own, which are no echo requests.
requests() { in_b awk '$1 == "Icmp:" { if (!at) { for (i = 2; i <= NF; i++) if ($i == "InEchos") at = i } else print $at }' /proc/net/snmp; }
before=$(requests)
out=$(in_a sh -c 'exec "$@" >&-' sh "$PKTSMITH" probe ping -D target=10.9.0.2 -s eth.dst=02:00:00:00:09:0b -i "$IF_A" -n 2 2>&1)
is "a closed standard output is status 3" "$? $out" "3 pktsmith: standard output: Bad file descriptor"
is "and what it should have had is no frame" "$(($(requests) - before))" 1
out=$(mute /dev/full "$PKTSMITH" probe ping -D target=10.9.0.2 -i "$IF_A" -n 2)
is "a full one is told once" "$? $out" "3 pktsmith: standard output: No space left on device"
in_a "$PKTSMITH" probe ping -D target=10.9.0.2 -i "$IF_A" -n 0 -r 50/s 2>"$tmp/why" | head -n 1 >/dev/null
is "a reader that went is not worth a word" "${PIPESTATUS[0]} $(cat "$tmp/why")" "3 "

fails "without -i there is nowhere to probe" 2 in_a "$PKTSMITH" probe ping
fails "--rate and --interval exclude each other" 2 probe ping -r 1/s --interval 1s
fails "no template is a usage error" 2 in_a "$PKTSMITH" probe -i "$IF_A"

# ---- a trace ----

# a - 1 - 2 - 3: three routers, the last with the address that is asked for behind it.
before=$NS_B
in_b sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 net.ipv6.conf.all.forwarding=1
for router in 1 2 3; do
	ns=pksr$router$$
	ip netns add "$ns"
	ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
	ip -n "$before" link add "down$router" type veth peer name above netns "$ns"
	ip -n "$before" addr add "10.30.$router.1/24" dev "down$router"
	ip -n "$before" link set "down$router" up
	ip -n "$ns" addr add "10.30.$router.2/24" dev above
	ip -n "$ns" link set above up
	ip -n "$ns" link set lo up
	ip -n "$ns" route add default via "10.30.$router.1"
	ip -n "$before" route add 10.30.99.0/24 via "10.30.$router.2"
	for later in $(seq $((router + 1)) 3); do ip -n "$before" route add "10.30.$later.0/24" via "10.30.$router.2"; done
	before=$ns
done
ip -n "$ns" addr add 10.30.99.1/24 dev lo
in_a ip route add 10.30.0.0/16 via 10.9.0.2
json=$(probe traceroute -D target=10.30.99.1 --json)
is "a trace ends at its target with status 0" $? 0
is "it asks no more hops than there are" "$(jq -c '[.probes_sent, .answers, .errors, .reached]' <<<"$json")" '[4,4,3,true]'
is "each hop tells of itself" "$(jq -c '[.replies[].from]' <<<"$json")" '["10.9.0.2","10.30.1.2","10.30.2.2","10.30.99.1"]'
like "a hop a line" "$(probe traceroute -D target=10.30.99.1)" '^ +2  10\.30\.99\.1 ttl=2 +.*from 10\.30\.1\.2 +[0-9.]+ ms$'
udp='eth(dst=02:00:00:00:09:0b)/ipv4(dst=10.30.99.1,ttl=inc(1..30))/udp(dport=inc(33434..33463))/"where are you?"'
is "a trace by UDP ends with the port that is closed" "$(probe -e "$udp" --json | jq -c '[.probes_sent, .errors, .reached, .replies[3].answer]')" \
	'[4,4,true,"port unreachable from 10.30.99.1"]'
probe traceroute -D target=10.30.99.1 -s 'ipv4.ttl={inc: 2..30}' --report "$tmp/hops.html" -q
is "a page tells hops by their TTL" "$(grep -oE '<tr><th scope="row">[0-9]+' "$tmp/hops.html" | grep -oE '[0-9]+$' | paste -sd' ')" "2 3 4"
is "a TTL that counts down is no trace" \
	"$(probe traceroute -D target=10.30.99.1 -s 'ipv4.ttl={dec: 8..3}' --json | jq -c '[.probes_sent, .reached]')" '[6,null]'
in_b ip addr add 2001:db8:30::1/64 dev down1 nodad
in_b sysctl -qw net.ipv6.icmp.ratelimit=0
ip -n "pksr1$$" addr add 2001:db8:30::2/64 dev above nodad
in_b ip neigh replace 2001:db8:30::2 dev down1 lladdr "$(ip netns exec "pksr1$$" cat /sys/class/net/above/address)"
ip -n "pksr1$$" neigh replace 2001:db8:30::1 dev above lladdr "$(in_b cat /sys/class/net/down1/address)"
ip -n "pksr1$$" route add default via 2001:db8:30::1
in_a ip route add 2001:db8:30::/64 via 2001:db8:9::2
json=$(probe traceroute6 -D target=2001:db8:30::2 --retries 2 --json)
is "IPv6 is traced likewise" "$(jq -c '[.reached, [.replies[].from]]' <<<"$json")" '[true,["2001:db8:9::2","2001:db8:30::2"]]'
text=$(probe traceroute -D target=10.30.98.1 --timeout 100ms)
is "a trace that is told that there is no way is status 1" $? 1
like "and ends with that word" "$text" 'network unreachable from 10\.9\.0\.2'

done_testing

#!/usr/bin/env bash
# `measure` between two network namespaces: what is sent is signed, what comes is counted, over a good cable and over ones
# with a known fault; in one process, and in two whose reports are merged; and the benchmarks of RFC 2544.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/relay.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
netns_quiet
trap 'relay_down; netns_down; rm -rf "$tmp"' EXIT
relay_up
# measure ARGUMENT...: $out, $status, $tmp/errors.
measure() { out=$("$PKTSMITH" measure "$@" 2>"$tmp/errors"); status=$?; }
keys() { jq -r "[$1] | map(tostring) | join(\" \")" <<<"$out"; }

addresses='dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01'
cat >"$tmp/udp.yaml" <<END
name: udp
layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {udp: {sport: 5000, dport: {inc: 20000..20099}}}, {payload: {fill: 0x41, size: 40}}]
END
cat >"$tmp/mixed.yaml" <<END
name: mixed
frames:
  - {name: six, weight: 2, layers: [{eth: {$addresses}}, {ipv6: {src: fe80::1, dst: fe80::2}}, {tcp: {sport: 5000, dport: 20000, seq: {random: 0..4294967295}}}]}
  - {name: sctp, layers: [{eth: {$addresses}}, {vlan: {id: 5}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {sctp: {sport: 5000, dport: 20000}}]}
  - {name: sizes, frame-size: {random: 90..400}, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {udp: {sport: 5000, dport: 20000}}]}
  - {name: ping, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {icmp: {type: echo-request, id: 7, seq: {inc: 0..65535}}}, {payload: {random-bytes: 56}}]}
  - {name: arp, layers: [{eth: {$addresses}}, {arp: {op: request, spa: 192.0.2.1, tpa: 192.0.2.2}}]}
END
ab="--tx $NS_A/$IF_A --rx $NS_B/$IF_B"

# ---- a good cable ----

measure "$tmp/udp.yaml" $ab -n 20000 -r 50kpps --json
is "over a good cable all come, once and in order" "$status: $(keys '.sent,.received,.lost,.duplicated,.reordered,.corrupted,.damaged')" \
	"0: 20000 20000 0 0 0 0 0"
is "every latency is taken" "$(keys '.latency_ns.count, (.latency_ns | .min > 0 and .min <= .p50 and .p50 <= .p99 and .p99 <= .p999 and .p999 <= .max)')" "20000 true"
is "what came when adds up" "$(keys '([.rates[].received] | add), ([.rates[].sent] | add)')" "20000 20000"
is "so do the latencies of each stretch, which lie within those of all" \
	"$(keys '([.rates[].latency_ns | values | .count] | add), (.latency_ns as $all | [.rates[].latency_ns | values | .p50 >= $all.min and .p50 <= .p99 and .p99 <= .max and .max <= $all.max] | all), (([.rates[].latency_ns | values | .max] | max) == .latency_ns.max)')" "20000 true true"
measure "$tmp/udp.yaml" $ab -n 300
like "people read it too" "$out" '^received +300 frames'
like "with the latency" "$out" '^latency +mean .* p50 [0-9.]+ [num]s'
is "and a verdict" "$status" 0
measure "$tmp/mixed.yaml" $ab -n 12000 -r 20kpps --json
is "each frame of a list is a stream" "$status: $(keys '.streams[] | "\(.name):\(.sent):\(.received):\(.lost)"')" \
	"0: six:4000:4000:0 sctp:2000:2000:0 sizes:2000:2000:0 ping:2000:2000:0 arp:2000:2000:0"
like "a payload that is too short grows, and that is said" "$(cat "$tmp/errors")" 'arp: the payload is 16 octets longer'
measure "$tmp/udp.yaml" $ab -d 300ms -r 10kpps --json
is "a time instead of a count" "$status: $(keys '.sent == .received, .sent > 100')" "0: true true"
measure "$tmp/udp.yaml" $ab -n 2000 -r 20kpps --threads 2 --backend packet --json
is "of two threads all come, in whatever order" "$(keys '.received,.lost,.duplicated,.corrupted')" "2000 0 0 0"

# ---- the frames themselves ----

in_b tshark -q -i "$IF_B" -s 0 -w "$tmp/seen.pcap" -c 600 -a duration:60 >"$tmp/tshark" 2>&1 &
tshark_pid=$!
await test -s "$tmp/seen.pcap" # its header is written once the interface is listened on
before=$(date +%s%N)
measure "$tmp/mixed.yaml" $ab -n 600 -r 2kpps --json
after=$(date +%s%N)
wait "$tshark_pid"
wrong='udp.checksum.status == 0 || tcp.checksum.status == 0 || ip.checksum.status == 0 || icmp.checksum.status == 0 || sctp.checksum.status == 0'
checks=(-o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -o 'sctp.checksum:CRC 32c')
is "tshark finds every checksum right" "$(tshark -r "$tmp/seen.pcap" "${checks[@]}" -Y "$wrong" 2>/dev/null | wc -l)" 0
is "and has checked them" "$(tshark -r "$tmp/seen.pcap" "${checks[@]}" -Y 'udp.checksum.status == 1 || tcp.checksum.status == 1 || sctp.checksum.status == 1' 2>/dev/null | wc -l)" 400
cat >"$tmp/signatures.py" <<'END'
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 24
streams, times = {}, []
from_ns, to_ns = int(sys.argv[2]), int(sys.argv[3])
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    frame = data[at + 16:at + 16 + length]
    at += 16 + length
    place = frame.rindex(bytes.fromhex("9e4b7a35"))
    stream, sequence = struct.unpack_from(">HI", frame, place + 4)
    times.append(int.from_bytes(frame[place + 10:place + 16], "big"))
    streams.setdefault(stream, []).append(sequence)
mask = (1 << 48) - 1
late = sum((t - from_ns) & mask > to_ns - from_ns for t in times)
print(all(s == list(range(len(s))) for s in streams.values()), sorted((k, len(v)) for k, v in streams.items()), late)
END
tshark -r "$tmp/seen.pcap" -F pcap -w "$tmp/plain.pcap" 2>/dev/null
is "each stream counts its frames, and says when they were made" "$(/usr/bin/python3 "$tmp/signatures.py" "$tmp/plain.pcap" "$before" "$after")" \
	"True [(0, 200), (1, 100), (2, 100), (3, 100), (4, 100)] 0"

measure "$tmp/udp.yaml" $ab -n 20000 --threads 2
noted=$(grep -c '^note .*2 threads overtake each other before they leave' <<<"$out")
is "threads that overtake each other are told of" "$noted" "$(grep -c '^reordered  [1-9]' <<<"$out")"

# ---- latency, by a second socket with the kernel's timestamps ----

ip netns exec "$NS_B" /usr/bin/python3 tests/support/stamps.py "$IF_B" 3000 >"$tmp/stamps" &
stamps_pid=$!
await grep -qs ready "$tmp/stamps"
measure "$tmp/udp.yaml" $ab -n 3000 -r 5kpps --json
wait "$stamps_pid"
cat >"$tmp/cells.py" <<'END'
import sys
# base/histogram.h: 128 cells an octave
def cell(number):
    shift = max(number.bit_length() - 8, 0)
    return (shift << 7) + (number >> shift)
print(abs(cell(int(sys.argv[1])) - cell(int(sys.argv[2]))) <= 1)
END
read -r came median < <(sed 1d "$tmp/stamps")
is "a second socket sees the same frames" "$came" 3000
check "and the same median, or the next one percent: $median, $(keys .latency_ns.p50)" \
	grep -q True <(/usr/bin/python3 "$tmp/cells.py" "$median" "$(keys .latency_ns.p50)")

# ---- known faults ----

ad="--tx $NS_A/$IF_A --rx $NS_B/vd"
relay drop
measure "$tmp/udp.yaml" $ad -n 1000 -r 2kpps --wait 1s --json
is "of a cable that drops every second frame the half is lost" "$status: $(keys '.sent,.received,.lost,.duplicated,.reordered,.corrupted')" "1: 1000 500 500 0 0 0"
measure "$tmp/udp.yaml" $ad -n 1000 -r 2kpps --wait 1s --allow-loss 50% -q
is "--allow-loss allows it" "$status" 0
measure "$tmp/udp.yaml" $ad -n 1000 -r 2kpps --wait 1s --allow-loss 49.9%
is "and no more" "$status" 1
like "which people read" "$out" '^lost +500 \(50 %\)'
relay twice
measure "$tmp/udp.yaml" $ad -n 1000 -r 2kpps --json
is "copies are told from frames" "$status: $(keys '.received,.unique,.lost,.duplicated,.reordered')" "1: 1500 1000 0 500 0"
relay reverse
measure "$tmp/udp.yaml" $ad -n 1000 -r 2kpps --json
is "of pairs that are swapped one is late, by one" "$status: $(keys '.lost,.duplicated,.reordered,.reordering.extent_max')" "1: 0 0 500 1"
relay ttl
measure "$tmp/udp.yaml" $ad -n 500 -r 2kpps --json
is "a router changes frames, and does not corrupt them" "$status: $(keys '.lost,.corrupted,.rewritten')" "0: 0 0 500"
relay flip
measure "$tmp/udp.yaml" $ad -n 500 -r 2kpps --json
is "what is corrupted is seen" "$status: $(keys '.lost,.corrupted')" "1: 0 500"
relay_down

# ---- two processes ----

# receive ARGUMENT...: in the background, until it listens.
receive() {
	rm -f "$tmp/receiver" # what the one before said
	ip netns exec "$NS_B" "$PKTSMITH" measure --receive -i "$IF_B" --json "$@" >"$tmp/received.json" 2>"$tmp/receiver" &
	receiver_pid=$!
	await grep -qs "receiving on" "$tmp/receiver"
}
receive "$tmp/udp.yaml" -n 3000
in_a "$PKTSMITH" measure --send "$tmp/udp.yaml" -i "$IF_A" -n 3000 -r 20kpps --json >"$tmp/sent.json"
is "--send is done when all has left" "$?" 0
wait "$receiver_pid"
is "--receive -n is done when all has come" "$?" 0
measure --merge "$tmp/sent.json" "$tmp/received.json" --json
is "merged they are what one process says" "$status: $(keys '.role,.sent,.received,.lost,.duplicated,.reordered,.corrupted,.latency_ns.count,.latency_relative')" \
	"0: both 3000 3000 0 0 0 0 3000 false"
is "to the nanosecond" "$(keys '.latency_ns | tojson')" "$(jq -c .latency_ns "$tmp/received.json")"
cells='split(" ") | map(split(":") | map(tonumber))'
is "with their histograms" "$(keys '.latency_ns.cells, .arrival_gap_ns.cells, .cells | tojson')" "$(jq -r '[.latency_ns.cells, .arrival_gap_ns.cells, .cells | tojson] | join(" ")' "$tmp/received.json")"
is "whose counts add up" "$(keys "[.latency_ns.cells, .arrival_gap_ns.cells | $cells | map(.[1]) | add] | tojson")" "[3000,2999]"
# quantile SHARE: the lowest number of the cell that holds it, in an octave of 128 cells no more than 1 % below.
quantile() { keys ".latency_ns | .p$2 as \$p | .count as \$n | (.cells | $cells) | . as \$c | [foreach .[] as \$cell (0; . + \$cell[1]; {at: ., low: \$cell[0]}) | select(.at >= \$n * $1)][0].low | . <= \$p and . * 1.01 >= \$p"; }
is "and hold the quantiles" "$(quantile 0.5 50) $(quantile 0.9 90) $(quantile 0.99 99) $(quantile 0.999 999)" "true true true true"
is "what left and what came in each stretch adds up" "$(keys '[.rates[] | .sent, .received, .latency_ns.count // 0] | [_nwise(3)] | transpose | map(add) | tojson')" "[3000,3000,3000]"
jq '.latency_ns.cells |= sub(":[0-9]+"; ":7777")' "$tmp/received.json" >"$tmp/spoilt.json"
measure --merge "$tmp/sent.json" "$tmp/spoilt.json" --json
like "cells that are not the count's are refused" "$status: $(cat "$tmp/errors")" '^2: pktsmith: .*spoilt.json: the cells of a histogram are not "LOWEST:COUNT ...", or not those that its row tells of$'
for wrong in '"1:2:3"' '"-1:3000"' '"x"' '"1:3000,"' '":3000"' '" "'; do
	jq ".latency_ns.cells = $wrong" "$tmp/received.json" >"$tmp/spoilt.json"
	measure --merge "$tmp/sent.json" "$tmp/spoilt.json" --json
	is "nor is $wrong taken for cells" "$status" 2
done
measure --merge "$tmp/received.json" "$tmp/sent.json" -q
is "in whatever order" "$status" 0
jq '.receiver.boot_id = "another"' "$tmp/received.json" >"$tmp/other.json"
measure --merge "$tmp/sent.json" "$tmp/other.json" --json
is "of two hosts latencies are above the smallest" "$(keys '.latency_relative,.latency_ns.min,.variation_ns.p50 == .latency_ns.p50')" "true 0 true"
measure --merge "$tmp/sent.json" "$tmp/other.json" --json --same-clock
is "but for --same-clock" "$(keys '.latency_relative')" "false"
cat >"$tmp/here.yaml" <<'END'
layers: [{eth: {dst: $hop.mac}}, {ipv4: {dst: 10.9.0.2}}, {udp: {sport: 5000, dport: {inc: 20000..20099}}}, {payload: {fill: 0x41, size: 40}}]
END
sed 's/\$hop.mac/02:00:00:00:09:0b/' "$tmp/here.yaml" >"$tmp/there.yaml"
receive "$tmp/here.yaml" -n 300 --wait 2s
in_a "$PKTSMITH" measure --send "$tmp/there.yaml" -i "$IF_A" -n 300 -r 10kpps -q
wait "$receiver_pid"
is "addresses that are the sender's own are no corruption" "$?: $(jq -c '[.received,.corrupted,.rewritten,.receiver.taken_as_they_came]' "$tmp/received.json")" \
	'0: [300,0,0,"eth.dst, eth.src, ipv4.src"]'
receive "$tmp/here.yaml" -s udp.sport=5001 -n 300 --wait 2s
in_a "$PKTSMITH" measure --send "$tmp/there.yaml" -i "$IF_A" -n 300 -r 10kpps -q
wait "$receiver_pid"
is "but another template is, and what differs is told" "$?: $(jq -c '[.received,.corrupted,.receiver.first_corrupted]' "$tmp/received.json")" \
	'1: [300,300,"udp.sport: sent 5001, arrived 5000"]'
receive --wait 1s
in_a "$PKTSMITH" measure --send "$tmp/mixed.yaml" -i "$IF_A" -n 1200 -r 10kpps --json >"$tmp/sent.json" 2>/dev/null
wait "$receiver_pid"
is "without templates --receive ends by --wait, and checks checksums" "$?: $(jq -c '[.received,.lost,.corrupted]' "$tmp/received.json")" "0: [1200,0,0]"
receive -n 300 --wait 1s
in_a "$PKTSMITH" measure --send "$tmp/udp.yaml" -i "$IF_A" -n 200 -r 10kpps -q
wait "$receiver_pid"
is "fewer than -n are status 1" "$?: $(jq -c '[.received,.lost]' "$tmp/received.json")" "1: [200,0]"
receive
in_a "$PKTSMITH" measure --send "$tmp/udp.yaml" -i "$IF_A" -n 200 -r 10kpps --json >"$tmp/sent.json"
sleep 0.3 # the kernel gives out what a block holds
idle "$receiver_pid"
kill -TERM "$receiver_pid"
wait "$receiver_pid"
is "and by a signal" "$?: $(jq .received "$tmp/received.json")" "0: 200"
jq '.streams[0].sent = 210' "$tmp/sent.json" >"$tmp/more.json"
measure --merge "$tmp/more.json" "$tmp/received.json"
is "what the sender sent more is lost" "$status" 1
jq '.streams[0].sent = 190' "$tmp/sent.json" >"$tmp/fewer.json"
measure --merge "$tmp/fewer.json" "$tmp/received.json"
like "what the sender did not send is told of, and no measurement" "$status: $(cat "$tmp/errors")" '^1: .*more frames of a stream than .*not of one measurement'
jq '.streams[0].sent = "many"' "$tmp/sent.json" >"$tmp/fewer.json"
measure --merge "$tmp/fewer.json" "$tmp/received.json"
is "a number that is none is refused" "$status: $(cat "$tmp/errors")" "2: pktsmith: $tmp/fewer.json: streams[0].sent is no number of frames"
measure --merge "$tmp/sent.json" "$tmp"
is "nor is what cannot be read a short file" "$status: $(cat "$tmp/errors")" "3: pktsmith: cannot read $tmp: Is a directory"
measure --merge "$tmp/sent.json" "$tmp/sent.json"
is "two senders are no measurement" "$status: $(cat "$tmp/errors")" \
	"2: pktsmith: --merge wants one report of measure --send and one of measure --receive; $tmp/sent.json and $tmp/sent.json are \"send\" and \"send\""

# ---- disorder of somebody else's making ----

for engine in pcap xdp; do
	receive --engine "$engine" --streams 3 --wait 1s
	in_a /usr/bin/python3 tests/support/disorder.py "$IF_A" 11 3 1500 >"$tmp/disorder"
	wait "$receiver_pid"
	is "$engine: what RFC 4737 has of lost, late, repeated and damaged frames" \
		"$(jq -cS '{received, duplicated, reordered, lost, corrupted, extent_max: .reordering.extent_max, late_by_three: (.reordering.late_by_three // 0)}' "$tmp/received.json")" \
		"$(jq -cS --arg engine "$engine" 'if $engine == "xdp" then .late_by_three = 0 else . end' "$tmp/disorder")"
done

# ---- RFC 2544 ----

rfc="$tmp/udp.yaml $ab --trial 0.1 --wait 200ms --max-rate 10kpps"
measure rfc2544 throughput $rfc --json
is "throughput is found for the seven sizes" "$status: $(keys '.rfc2544, (.sizes | map(.size) | tojson), (.sizes | map(.frames_per_second > 0 and .frames_per_second <= 10001) | all)')" \
	"0: throughput [64,128,256,512,1024,1280,1518] true"
is "by one engine, for the highest rate" "$(keys '.engine, .engine_why')" "pcap for 250 kframes/s at most"
measure rfc2544 latency $rfc --sizes 64,1518 --json
is "latency at it" "$status: $(keys '.sizes[] | .best.latency_ns | .count > 0 and .p50 >= .min')" "0: true true"
measure rfc2544 loss $rfc --sizes 128
is "loss by tenths, until two lose nothing" "$status: $(awk '/ 128 / { print $2, $9, $10 }' <<<"$out" | tr '\n' ' ')" "0: 100 0 0.0000 90 0 0.0000 "
measure rfc2544 back-to-back $rfc --sizes 256 --json
is "the longest burst" "$status: $(keys '.sizes[0] | .frames, .limited')" "0: 1000 true"
measure rfc2544 back-to-back "$tmp/udp.yaml" $ab --trial 0.1 --wait 200ms --resolution 50% --sizes 512
like "without one by the engine that keeps up with any" "$(head -n 1 <<<"$out")" '^RFC 2544 back-to-back, .*, received by xdp \(as no rate was asked for\)$'
relay drop
measure rfc2544 throughput "$tmp/udp.yaml" $ad --trial 0.1 --wait 500ms --max-rate 2kpps --resolution 25% --sizes 128 --json
is "a device that always loses has no throughput" "$status: $(keys '.sizes[0].frames_per_second')" "1: 0"
measure rfc2544 loss "$tmp/udp.yaml" $ad --trial 0.1 --wait 500ms --max-rate 2kpps --sizes 128 --json
is "and its loss is told for every tenth" "$(keys '.sizes[0].rates | length, (map(.loss > 0.45 and .loss < 0.55) | all)')" "10 true"

# ---- what is wrong ----

measure "$tmp/mixed.yaml" $ab --dry-run --json
is "--dry-run is a document, too" "$status: $(keys '.type, .dry_run, (.streams | map(.name) | tojson)')" \
	'0: report true ["six","sctp","sizes","ping","arp"]'

refused() { measure "${@:3}"; is "$1" "$status: $(head -1 "$tmp/errors")" "$2"; }
refused "an interface to send on is wanted" "2: pktsmith measure: needs --tx IF to send on (there is no default)" "$tmp/udp.yaml" --rx vd
refused "and one to receive on" "2: pktsmith measure: needs --rx IF, where the frames arrive; with --send another process receives them" "$tmp/udp.yaml" --tx vd
refused "one that there is not is the system's word" "3: pktsmith: no such interface \"nowhere\"; \`ip link\` lists those there are" "$tmp/udp.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/nowhere"
refused "what is for rfc2544 is not passed over" "2: pktsmith measure: --trial is for rfc2544" "$tmp/udp.yaml" $ab --trial 1s
refused "a frame of no octets is none" "2: pktsmith: --sizes: a frame has more than 0 octets" rfc2544 loss "$tmp/udp.yaml" $ab --sizes 64,0
refused "nor its rate" "2: pktsmith measure: --max-rate is for rfc2544" "$tmp/udp.yaml" $ab --max-rate 1Gbps
refused "nor what is for another process" "2: pktsmith measure: --streams is for --receive" "$tmp/udp.yaml" $ab --streams 3
refused "nor for another host" "2: pktsmith measure: --same-clock is for --receive and --merge: one host has one" "$tmp/udp.yaml" $ab --same-clock
# useless MODE WHOSE OPTION...: each is refused there, with what it is for; the mode's words are in $mode.
useless() {
	local words=$1 whose=$2 option
	for option in "${@:3}"; do
		refused "not passed over: $mode $option" "2: pktsmith measure: $words: ${option%% *} is for $whose" $mode $option
	done
}
sender="the process that sends" receiver="the process that receives"
mode="--merge sent.json received.json"
useless "--merge only reads two reports" "a measurement" "-i vd" "-n 3" "-e eth()" "-s ipv4.ttl=3" "-D a=b" "--seed 3" --complete "--fcs nic"
useless "--merge only reads two reports" "$sender" "--tx vd" "-r 1kpps" "-d 1s" "--interval 1ms" "--gap cbr" --dry-run "--backend packet" "--threads 2" "--queue 0"
useless "--merge only reads two reports" "$receiver" "--rx vd" "--engine xdp" "--wait 1s" "--sample 2"
mode="--receive -i vd"
useless "--receive only receives" "$sender" "--tx vd" "--tx-netns n" "-r 1kpps" "-d 1s" "--interval 1ms" "--gap cbr" --dry-run "--backend xdp" "--threads 2" --qdisc-bypass --realtime "--priority 0"
useless "--receive only receives" "rfc2544" "--trial 1s"
mode="--send $tmp/udp.yaml -i vd"
useless "--send only sends" "$receiver" "--rx vd" "--rx-netns n" "--engine xdp" "--wait 1s" "--sample 2"
useless "--send only sends" "$receiver, and for --merge" "--allow-loss 1%"
refused "--receive without a template has no field" "2: pktsmith measure: -s is for a template: --receive has none here to hold frames against" --receive -i vd -s ipv4.ttl=3
refused "and one with templates knows how many there are" "2: pktsmith measure: --streams is for --receive without templates: they say how many frames there are" \
	--receive "$tmp/udp.yaml" -i vd --streams 3
sed 's/size: 40/size: {inc: 8..40}/' "$tmp/udp.yaml" >"$tmp/short.yaml"
measure "$tmp/short.yaml" $ab
like "sizes that are too short for the signature are named" "$status: $(cat "$tmp/errors")" '^2: .*short.yaml:2:.*8 octets are too few for the signature \(at least 16\)'
relay_down
in_b ip link set "$IF_B" down
measure "$tmp/udp.yaml" $ab
like "a receiver that is down is told" "$status: $(cat "$tmp/errors")" "^1: pktsmith: $IF_B is down"

done_testing

#!/usr/bin/env bash
# --json and --jsonl of what takes an interface: every key of probe, measure, test and respond stands in the manual, and has one type.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
man=${BUILD:-build}/pktsmith.1
tmp=$(mktemp -d)
netns_up
trap 'netns_down; rm -rf "$tmp"' EXIT

documents=$tmp/documents lines=$tmp/lines
json() { "$@" --json 2>/dev/null >>"$documents"; }
jsonl() { "$@" --jsonl 2>/dev/null | tee -a "$lines" >>"$documents"; }
here() { in_a "$PKTSMITH" "$@"; }
# responder NAME --json|--jsonl ARG...: answers one ping of the other end.
responder() {
	local pid
	rm -f "$tmp/answering" # what the one before said
	ip netns exec "$NS_A" "$PKTSMITH" respond ping-echo -i "$IF_A" -n 1 -d 20s "${@:2}" "$1" 2>"$tmp/answering" >"$tmp/answers" &
	pid=$!
	await grep -qs answering "$tmp/answering"
	in_b "$PKTSMITH" probe ping -D target=10.9.7.7 -s eth.dst=02:00:00:00:09:0a -i "$IF_B" -q
	wait "$pid"
	cat "$tmp/answers" >>"$documents"
	[ "$1" = --json ] || cat "$tmp/answers" >>"$lines"
}
ends="--tx $NS_A/$IF_A --rx $NS_B/$IF_B"
udp='eth(dst=02:00:00:00:09:0b)/ipv4(dst=10.9.0.2)/udp(sport=random(2000..3000),dport=7)/"hello"'
printf 'interface: lab\nsteps:\n  - {name: first, expect: {layers: [arp: {op: reply}]}, within: 10ms}\n' >"$tmp/fails.yaml"
sed 's/first, expect/first, expect-none/' "$tmp/fails.yaml" >"$tmp/passes.yaml"
cat >"$tmp/turns.yaml" <<'YAML'
interface: lab
within: 20ms
steps:
  - repeat: 2
    steps:
      - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv4}, icmp: {type: echo-request, id: 1}]}
      - expect: {layers: [ipv4: {ttl: 3}, icmp: {type: echo-reply, id: $id}]}
YAML

for run in json jsonl; do
	$run here probe -e "$udp" -n 2 -i "$IF_A"
	$run here probe ping -D target=10.9.0.2 -n 2 -i "$IF_A"
	$run here probe arp-scan -D range=10.9.0.2/30 --timeout 20ms --retries 1 -i "$IF_A"
	$run here probe traceroute -D target=10.9.0.2 -i "$IF_A"
	$run here probe -e 'eth(dst=02:00:00:00:09:0b)/ipv4(dst=10.9.0.2)/icmp(type=echo-request)/payload(fill=0,size=3000)' -i "$IF_A"
	$run "$PKTSMITH" measure -e "$udp" $ends -n 200 -r 10kpps
	$run "$PKTSMITH" measure -e "$udp" $ends -n 200 --backend xdp --engine xdp --sample 16
	$run "$PKTSMITH" measure rfc2544 loss -e "$udp" $ends --trial 50ms --max-rate 1kpps --sizes 128
	$run "$PKTSMITH" measure rfc2544 throughput -e "$udp" $ends --trial 50ms --max-rate 1kpps --sizes 128
	$run "$PKTSMITH" test ping "$tmp/fails.yaml" "$tmp/passes.yaml" "$tmp/turns.yaml" no-such-script
	$run "$PKTSMITH" respond arp-prefix dns-list --dry-run
	responder "--$run"
done
ip netns exec "$NS_B" "$PKTSMITH" measure --receive -e "$udp" -s udp.sport=9 -i "$IF_B" -n 50 --json >"$tmp/received.json" 2>"$tmp/receiving" &
receiver=$!
await grep -qs "receiving on" "$tmp/receiving"
here measure --send -e "$udp" -i "$IF_A" -n 50 -r 1kpps --json >"$tmp/sent.json" 2>/dev/null
wait "$receiver"
jq '.receiver.boot_id = "another"' "$tmp/received.json" >"$tmp/other.json"
cat "$tmp/sent.json" "$tmp/received.json" >>"$documents"
json "$PKTSMITH" measure --merge "$tmp/sent.json" "$tmp/received.json"
json "$PKTSMITH" measure --merge "$tmp/sent.json" "$tmp/other.json"

# "KEY TYPE" of every key; errors and refusals are by the words of the system's.
jq -r 'def walk_keys: if type == "object" then to_entries[] | (.key as $k | .value |
		"\($k) \(type)", (if ($k | IN("errors", "refusals")) then empty else walk_keys end))
	elif type == "array" then .[] | walk_keys else empty end; walk_keys' "$documents" | grep -v ' null$' | sort -u >"$tmp/keys"
check "there are keys to look at" test "$(wc -l <"$tmp/keys")" -gt 120
words=$(sed -n '/^\.SH JSON/,/^\.SH EXIT/p' "$man" | tr -c 'a-zA-Z0-9_\n' '\n' | sort -u)
is "every key stands in the manual" "$(cut -d' ' -f1 "$tmp/keys" | sort -u | comm -23 - <(printf '%s\n' "$words") | paste -sd' ')" ""
# A report's counts of what was sent and came are whose stamps these had among the stamps, and so on: the lists say so.
is "a key has one type, but for those of which the lists say more" \
	"$(cut -d' ' -f1 "$tmp/keys" | uniq -d | paste -sd' ')" "cells errors passed received rtt_ns sent step"
is "each line of --jsonl has its type" "$(jq -r .type "$lines" | sort -u | paste -sd' ')" "lost plan reply report request script"
done_testing

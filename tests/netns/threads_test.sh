#!/usr/bin/env bash
# Threads together send what one would; their counters and ends are one. And the choice of a backend.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

cat >"$tmp/varying.yaml" <<'END'
name: varying
frames:
  - name: counted
    weight: 3
    layers:
      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
      - ipv4: {dst: {inc: 10.0.0.0/24}, id: {shuffle: 0..65535}}
      - udp: {sport: {random: 1024..65535}, dport: {inc: 1..60000}}
      - payload: "shared out"
  - {name: other, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}}, {payload: {random-bytes: 20}}]}
END

# The union.
reader 3001
send "$tmp/varying.yaml" -n 3001 -r 20kpps --seed 5 -q
reader_done
sort "$tmp/arrived" >"$tmp/one"
for threads in 2 5; do
	reader 3001
	json=$(send "$tmp/varying.yaml" -n 3001 -r 20kpps --seed 5 --threads "$threads" --json)
	is "a run of $threads threads ends well" $? 0
	reader_done
	check "$threads threads send the very frames that one does" cmp "$tmp/one" <(sort "$tmp/arrived")
	is "and count them once ($threads)" "$(jq -c '[.frames_sent, .interface_frames, .bytes_sent, .threads]' <<<"$json")" \
		"[3001,3001,$(awk '{ n += length($0) / 2 } END { print n }' "$tmp/one"),$threads]"
done
like "people read how many there were" "$(send "$tmp/varying.yaml" -n 1000 --threads 2)" '\(packet, 2 threads\)$'
json=$(send "$tmp/varying.yaml" -d 300ms -r 10kpps --threads 2 --json)
is "a duration holds for all of them together" "$(jq -c '[.frames_sent, .seconds >= 0.3]' <<<"$json")" '[3000,true]'

# The end by a signal.
before=$(sent_by)
ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/varying.yaml" -i "$IF_A" -n 0 -r max --threads 2 --json >"$tmp/out" &
pid=$!
await has_sent $((before + 10000))
kill -INT "$pid"
wait "$pid"
is "SIGINT ends all threads, with status 0 as nothing was left undone" $? 0
is "and with every frame accounted for" \
	"$(jq -c '[.stopped, .frames_sent > 0, .frames_sent == .interface_frames, .frames_queued == .frames_sent]' "$tmp/out")" '[true,true,true,true]'

# breaks NAME COMMAND...: runs threads on the interface, to which COMMAND happens; the report is $tmp/out, its status $status.
breaks() {
	local before
	before=$(sent_by)
	ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/varying.yaml" -i "$IF_A" -n 2000000 -r 20kpps --threads 3 --json >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	await has_sent $((before + 2000))
	"$@"
	wait "$pid"
	status=$?
}
breaks ip -n "$NS_A" link set "$IF_A" down
is "an interface that goes down ends all threads with status 1" "$status" 1
like "and the reason is said" "$(cat "$tmp/err")" "$IF_A (is|went) down"
is "with every frame accounted for" \
	"$(jq -c '[.frames_sent > 0, .frames_sent == .interface_frames, .frames_sent + .frames_failed == .frames_asked, (.errors.ENETDOWN >= 1)]' "$tmp/out")" \
	'[true,true,true,true]'
ip -n "$NS_A" link set "$IF_A" up
comes_up "$NS_A" "$IF_A"
breaks ip -n "$NS_A" link del "$IF_A"
is "an interface that is removed ends all threads with status 1" "$status" 1
like "and that is said" "$(cat "$tmp/err")" "$IF_A was removed while sending"
is "with every frame accounted for, too" "$(jq -c '.frames_sent + .frames_failed == .frames_asked' "$tmp/out")" true
netns_down
sending_up

# The backend.
json=$(send "$tmp/varying.yaml" -n 100 --json)
is "a short run takes the first choice" "$(jq -c '[.backend, (.backend_why | length > 0), .backend_trials]' <<<"$json")" '["packet",true,[]]'
is "one that is asked for has no why" "$(send "$tmp/varying.yaml" -n 100 --backend packet --json | jq -c '[.backend, .backend_why]')" '["packet",null]'
json=$(send "$tmp/varying.yaml" -n 300000 --json)
is "a long run is not one frame longer for the trials" "$(jq -c '[.frames_sent, .interface_frames]' <<<"$json")" '[300000,300000]'
json=$(send "$tmp/varying.yaml" -d 1s -r 50Mpps --json)
is "where none keeps the rate several are tried, and each frame is counted once" \
	"$(jq -c '[.frames_sent == .interface_frames, (.backend_trials | length > 1), .seconds >= 1]' <<<"$json")" '[true,true,true]'
like "and the fastest of them is taken" "$(jq -r .backend_why <<<"$json")" '^the fastest here: packet .*frames/s, '
like "a long run says for people what it took" "$(send "$tmp/varying.yaml" -n 300000)" '^backend +[a-z]+: '
send "$tmp/varying.yaml" -n 5 --backend file -w "$tmp/file.pcap" -q
is "backend file writes the file" "$(tshark -r "$tmp/file.pcap" 2>/dev/null | wc -l)" 5
before=$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")
send -e 'eth(dst=02:00:00:00:00:99,type=0x88b5)' -n 5 --backend file -w "$tmp/file.pcap" -q
is "with the interface's addresses" "$(tshark -r "$tmp/file.pcap" -T fields -e eth.src 2>/dev/null | sort -u)" 02:00:00:00:09:0a
is "and sends nothing" "$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")" "$before"


# The priority: what a VLAN's egress map makes of it arrives in the tag.
name="--priority reaches the VLAN's egress map"
if ip -n "$NS_A" link add link "$IF_A" name "$IF_A.7" type vlan id 7 egress-qos-map 3:5 2>/dev/null; then
	ip -n "$NS_A" link set "$IF_A.7" up
	comes_up "$NS_A" "$IF_A.7"
	reader 2
	for priority in 3 0; do
		in_a "$PKTSMITH" send -e 'eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:01,type=0x88b5)/"first"' --priority "$priority" -i "$IF_A.7" -q
	done
	reader_done
	is "$name" "$(cut -c 25-32 "$tmp/arrived" | paste -sd' ')" "8100a007 81000007"
else
	tap_ok "$name # SKIP this kernel has no VLAN devices"
fi
check "--priority is taken" send "$tmp/varying.yaml" -n 10 --priority 3

done_testing

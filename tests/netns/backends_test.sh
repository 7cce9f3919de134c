#!/usr/bin/env bash
# The same template and seed leave as the same octets in the same order by each backend, which accounts for every frame, also
# where the interface fails it. (xdp_test.sh: the backend xdp.)
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

received() { in_b cat "/sys/class/net/$IF_B/statistics/rx_packets"; }
has_received() { [ "$(received)" -gt "$1" ]; }

# pcap FILE: its frames as lines of hex digits, by nobody's library.
pcap() {
	/usr/bin/python3 - "$1" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = 24
while at < len(data):
    length = struct.unpack("<IIII", data[at:at + 16])[2]
    print(data[at + 16:at + 16 + length].hex())
    at += 16 + length
END
}

# Of one flow, so that gso takes it too; its counters wrap around soon.
cat >"$tmp/flow.yaml" <<'END'
name: flow
layers:
  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.9.0.1, dst: 192.0.2.9, id: {inc: 65000..65535}}
  - udp: {sport: 1000, dport: 2000}
  - payload: {inc: 0000000000000000000000fe..000000000000000000000190}
pad: none
END
cat >"$tmp/many.yaml" <<'END'
name: many
frames:
  - name: varying
    weight: 3
    layers:
      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
      - ipv4: {src: 10.9.0.1, dst: {inc: 10.0.0.0/28}, id: {shuffle: 0..65535}}
      - udp: {sport: {random: 1024..65535}, dport: {list: [53, 80, 443]}}
      - payload: {size: {random: 18..300}, fill: 7}
  - {name: fixed, layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}}, {vlan: {id: 7, type: 0x88b5}}, {payload: {fill: 1, size: 1500}}]}
END

same() { # BACKEND TEMPLATE OPTION...
	local backend=$1 template=$2 count=3001 json
	shift 2
	"$PKTSMITH" send "$tmp/$template.yaml" -n $count --seed 5 -w "$tmp/file.pcap" -q
	reader $count
	json=$(send "$tmp/$template.yaml" -n $count -r 20kpps --seed 5 --backend "$backend" -w "$tmp/record.pcap" --json "$@")
	is "$backend sends $template and ends well" $? 0
	reader_done
	check "the octets of $template that arrive by $backend are those of the file, in order" cmp <(pcap "$tmp/file.pcap") "$tmp/arrived"
	check "and so is the record of what was sent" cmp <(pcap "$tmp/file.pcap") <(pcap "$tmp/record.pcap")
	is "the interface counts the same by $backend ($template)" \
		"$(jq -c '[.backend, .frames_sent, .frames_failed, .interface_frames, .bytes_sent]' <<<"$json")" \
		"[\"$backend\",$count,0,$count,$(awk '{ n += length($0) / 2 } END { print n }' "$tmp/arrived")]"
}

for backend in packet ring xsk gso; do
	same "$backend" flow
	[ "$backend" = gso ] || same "$backend" many

	reader 1
	json=$(send "$tmp/flow.yaml" -n 1 --backend "$backend" --json)
	reader_done
	is "$backend sends one frame" "$(jq -c '[.frames_sent, .interface_frames]' <<<"$json") $(wc -l <"$tmp/arrived")" '[1,1] 1'

	before=$(received)
	json=$(send "$tmp/flow.yaml" -n 1000000 --backend "$backend" --json)
	is "$backend sends a million, and the receiver counts them" \
		"$(jq -c '[.frames_sent, .frames_failed, .interface_frames]' <<<"$json") $(($(received) - before))" '[1000000,0,1000000] 1000000'

	# The end by a signal.
	before=$(received)
	ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/flow.yaml" -i "$IF_A" -n 0 -r max --backend "$backend" --json >"$tmp/out" &
	pid=$!
	await has_received $((before + 1000))
	kill -INT "$pid"
	wait "$pid"
	is "SIGINT ends $backend with all that it sent received" "$? $(jq -c '[.frames_failed, .frames_sent == .interface_frames]' "$tmp/out") $(jq .frames_sent "$tmp/out")" \
		"0 [0,true] $(($(received) - before))"

	# An interface that goes down.
	before=$(received)
	ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/flow.yaml" -i "$IF_A" -n 0 -r max --backend "$backend" --json >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	await has_received $((before + 1000))
	ip -n "$NS_A" link set "$IF_A" down
	wait "$pid"
	is "$backend ends with status 1 where the interface goes down" $? 1
	like "and says why ($backend)" "$(cat "$tmp/err")" "$IF_A (is down|went down)"
	# What stood in the device's queue then was taken by the kernel and is lost: both counts are told.
	check "and what did not leave of what the kernel took is the difference to the interface's count ($backend)" \
		jq -e '.frames_sent >= .interface_frames and .frames_sent - .interface_frames <= 1000 and .frames_failed >= 1' "$tmp/out"
	ip -n "$NS_A" link set "$IF_A" up
	comes_up "$NS_A" "$IF_A"

	# One that is asked for what it cannot do says so, and what to do.
	case $backend in
	ring | xsk) fails "$backend sends no FCS of ours" 3 send "$tmp/many.yaml" -s fcs=bad --fcs replace --backend "$backend" ;;
	gso)
		fails "gso takes no frames that are of several flows" 3 send "$tmp/many.yaml" --backend gso
		like "and says where they can go" "$(send "$tmp/many.yaml" --backend gso 2>&1)" 'use --backend packet'
		;;
	esac
	fails "$backend takes no --fuzz where it cannot change its frames" "$([ "$backend" = packet ] && echo 0 || echo 3)" \
		send "$tmp/flow.yaml" -n 10 --fuzz=1 --backend "$backend" -q
done

# The interface is taken away.
for backend in packet ring xsk gso; do
	before=$(received)
	ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/flow.yaml" -i "$IF_A" -n 0 -r max --backend "$backend" --json >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	await has_received $((before + 1000))
	ip -n "$NS_A" link del "$IF_A"
	wait "$pid"
	is "$backend ends with status 1 where the interface is removed" $? 1
	like "and says that it was ($backend)" "$(cat "$tmp/err")" "$IF_A was removed while sending"
	netns_down
	sending_up
done
done_testing

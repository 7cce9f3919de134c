#!/usr/bin/env bash
# --backend xdp: the octets of the file backend, in its order; each frame counted by the interface; what it cannot do, said first.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

send() { in_a "$PKTSMITH" send "$@" -i "$IF_A" --backend xdp; }

# The other end drops all it gets, in XDP: two instructions, as `ip` wants them in an ELF file.
drop() {
	printf 'int drop(void *frame) __attribute__((section("xdp"), used));\nint drop(void *frame) { return 1; }\n' |
		clang -O2 -target bpf -x c -c -o "$tmp/drop.o" - && in_b ip link set "$IF_B" xdpdrv obj "$tmp/drop.o" sec xdp
}

# same TEMPLATE COUNT SEED: what arrives is what a file of the same run holds.
same() {
	reader "$2"
	send "$tmp/$1.yaml" -n "$2" --seed "$3" --json >"$tmp/json" || return
	reader_done
	in_a "$PKTSMITH" show --format hex -i "$IF_A" -n "$2" --seed "$3" "$tmp/$1.yaml" >"$tmp/made"
	cmp "$tmp/made" "$tmp/arrived"
}

cat >"$tmp/four.yaml" <<'END'
name: four
layers:
  - eth: {dst: 02:00:00:00:00:99}
  - ipv4: {dst: {inc: 10.0.0.0/16}}
  - udp: {sport: {random: 1024..65535}, dport: {inc: 1..60000}}
  - payload: {value: {fill: 0, size: 18}, bits: 112..143, inc: 0..4294967295}
END
cat >"$tmp/loops.yaml" <<'END'
name: loops
layers:
  - eth: {dst: 02:00:00:00:00:99}
  - vlan: {id: {list: [5, 9, 4000]}, pcp: {shuffle: 0..7}}
  - ipv6: {src: "2001:db8::1", dst: {inc: 2001:db8::1..2001:db8::7, each: cycle}}
  - tcp: {sport: {shuffle: 1..40000}, dport: 80, seq: {dec: 4000000000..1, step: 77}, options: [{mss: {random: 500..1460}}, nop]}
  - payload: {random-bytes: 11}
END
cat >"$tmp/several.yaml" <<'END'
name: several
frames:
  - {name: one, weight: 3, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {dst: 10.0.0.2, ttl: {inc: 1..9}}}, {udp: {sport: 1, dport: 9}}, {payload: {pattern: inc, size: {random: 0..200}}}]}
  - {name: two, layers: [{eth: {dst: 02:00:00:00:00:99, type: 0x88b5}}, {payload: {fill: 0x41, size: 100}}]}
  - {name: three, weight: 2, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {dst: 10.0.0.2}}, {sctp: {sport: {random: 1..65535}, dport: 9}}, {payload: "chunks"}]}
END
cat >"$tmp/fcs.yaml" <<'END'
name: fcs
layers: [{eth: {dst: 02:00:00:00:00:99, type: 0x88b5}}, {payload: {fill: 0, size: 46}}]
fcs: bad
END

# Before the other end takes any.
before=$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")
out=$(send "$tmp/four.yaml" -n 3 2>&1)
is "a veth whose other end takes no XDP frames is refused" $? 3
like "with what to do" "$out" 'takes no XDP frames.*its other end runs an XDP program, or has GRO on'
is "and nothing left" "$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")" "$before"
in_b ethtool -K "$IF_B" gro on

check "four fields that vary are those of the file" same four 3000 1
is "each frame is counted by the interface" \
	"$(jq -c '[.frames_asked, .frames_sent, .frames_failed, .interface_frames, .backend]' "$tmp/json")" '[3000,3000,0,3000,"xdp"]'
check "another seed, other octets, the same as of the file" same four 300 77
check "lists, shuffles, loops, parts and random octets are those of the file" same loops 3000 5
check "several frames by weight, in lengths of their own, are those of the file" same several 900 3
is "octets are counted by the frame" "$(jq .bytes_sent "$tmp/json")" "$(awk '{ n += length($0) / 2 } END { print n }' "$tmp/made")"
check "one frame is one frame" same four 1 1

# What cannot be done is said before the first frame.
before=$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")
out=$(send "$tmp/four.yaml" -n 3 -w "$tmp/record.pcap" 2>&1)
is "a record is refused" $? 3
like "since nobody sees the frames" "$out" 'cannot tell which frames left'
out=$(send "$tmp/fcs.yaml" --fcs replace 2>&1)
is "an FCS of our own is refused" $? 3
out=$(send "$tmp/four.yaml" -n 3 --threads 2 2>&1)
is "threads are refused" $? 3
like "with the reason" "$out" 'leave out --threads'
fails "frames made as the run goes are refused" 3 send "$tmp/four.yaml" -n 3 --fuzz
out=$(in_a setpriv --bounding-set=-bpf,-net_admin,-sys_admin "$PKTSMITH" send "$tmp/four.yaml" -n 3 -i "$IF_A" --backend xdp 2>&1)
is "without the capabilities it is refused" $? 3
like "and they are named" "$out" 'CAP_BPF and CAP_NET_ADMIN, of which the program lacks both'
is "nothing left meanwhile" "$(in_a cat "/sys/class/net/$IF_A/statistics/tx_packets")" "$before"

# At speed, with an end that drops.
if drop; then
	before=$(in_b cat "/sys/class/net/$IF_B/statistics/rx_packets")
	json=$(send "$tmp/four.yaml" -n 1000000 --json)
	after=$(in_b cat "/sys/class/net/$IF_B/statistics/rx_packets")
	is "of a million frames each is sent or failed" "$(jq '.frames_sent + .frames_failed' <<<"$json")" 1000000
	is "and those that count as sent have arrived" "$((after - before))" "$(jq .frames_sent <<<"$json")"
	before=$(sent_by)
	ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/four.yaml" -n 0 -r 100Mpps -i "$IF_A" --backend xdp --json >"$tmp/json" &
	pid=$!
	await has_sent $((before + 10000))
	kill -INT "$pid"
	wait "$pid"
	is "a signal ends a run, with its report" "$(jq -c '[.stopped, .frames_sent > 0]' "$tmp/json")" '[true,true]'
	amid 10000 ip -n "$NS_A" link set "$IF_A" down
	send "$tmp/four.yaml" -n 0 -r 100Mpps --json >"$tmp/json" 2>"$tmp/err"
	is "an interface that goes down ends a run" $? 1
	like "and that is said" "$(cat "$tmp/err")" "$IF_A (is|went) down"
	is "with what left by then" "$(jq -c '[.frames_sent > 0, .frames_failed > 0]' "$tmp/json")" '[true,true]'
	wait
else
	printf '# no clang here that makes eBPF: not tried at speed\n'
fi
done_testing

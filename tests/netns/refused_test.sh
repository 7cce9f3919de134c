#!/usr/bin/env bash
# Frames that do not leave are never reported as sent: link down, no carrier, over the MTU, an interface that goes away, none
# such, no permission. The interface's counters and a reader at the other end are the judges.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

# send ARG...: into $out, $errors and $status; $moved is what the interface counted meanwhile.
send() {
	local before
	before=$(sent_by)
	out=$(in_a "$PKTSMITH" send "$@" -i "$IF_A" 2>"$tmp/errors"); status=$?
	errors=$(cat "$tmp/errors")
	moved=$(($(sent_by) - before))
}
report() { jq -c '[.frames_asked, .frames_sent, .frames_failed, .errors]' <<<"$out"; }

head='eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}'
cat >"$tmp/small.yaml" <<END
name: small
layers: [{$head}, {payload: "s"}]
END
cat >"$tmp/jumbo.yaml" <<END
name: jumbo
layers: [{$head}, {payload: {fill: 0x41, size: 9000}}]
END
cat >"$tmp/over.yaml" <<END
name: over
layers: [{$head}, {payload: {fill: 0x41, size: 1501}}]
END
cat >"$tmp/fits.yaml" <<END
name: fits
layers: [{$head}, {payload: {fill: 0x41, size: 1500}}]
END
cat >"$tmp/tagged.yaml" <<END
name: tagged
layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}}, {vlan: {id: 7, type: 0x88b5}}, {payload: {fill: 0x41, size: 1500}}]
END
cat >"$tmp/hop.yaml" <<END
name: hop
layers: [{eth: {dst: \$hop.mac}}, {ipv4: {dst: 10.9.0.77}}, {udp: {dport: 9}}]
END

# Over the MTU.
send "$tmp/jumbo.yaml" --json
is "a frame over the MTU is status 1" "$status" 1
is "and counts as not sent, with the reason" "$(report)" '[1,0,1,{"EMSGSIZE":1}]'
is "and the message says size, MTU and what to do" "$errors" \
	"pktsmith: frame \"jumbo\" is 9014 octets, but $IF_A takes 1514 (MTU 1500): raise it with \"ip link set $IF_A mtu 9000\", or make the frame shorter"
is "the interface saw none of it" "$moved" 0
send "$tmp/small.yaml" "$tmp/over.yaml" "$tmp/fits.yaml" -n 9 --json
is "it does not keep the others from leaving" "$(report)" '[9,6,3,{"EMSGSIZE":3}]'
is "a part only is status 1" "$status" 1
is "the interface counted those that left" "$moved" 6
send "$tmp/tagged.yaml" --json
is "an 802.1Q tag is not counted into the MTU" "$(report) $status" '[1,1,0,{}] 0'
send "$tmp/jumbo.yaml"
like "the report for people says what was refused" "$out" '^refused +1 frame: EMSGSIZE \(Message too long\)'
like "and what was sent" "$out" '^sent +0 of 1 frame,'
send "$tmp/jumbo.yaml" --dry-run
is "a dry run finds it, too" "$status" 1
in_a ip link set "$IF_A" mtu 9000
in_b ip link set "$IF_B" mtu 9000
send "$tmp/jumbo.yaml" --json
is "the remedy mends it" "$(report) $status" '[1,1,0,{}] 0'
in_a ip link set "$IF_A" mtu 1500
in_b ip link set "$IF_B" mtu 1500

# Fewer octets than a header has.
printf 'name: short\nlayers: [{payload: {hex: 0102030405060708090a0b0c0d}}]\npad: none\n' >"$tmp/short.yaml"
send "$tmp/short.yaml"
is "a frame without a whole Ethernet header is status 1" "$status" 1
like "and is told before the first one leaves" "$errors" 'is 13 octets: an interface sends none of fewer than 14, the Ethernet header'
is "none did" "$moved" 0
"$PKTSMITH" send "$tmp/short.yaml" -q -w "$tmp/short.pcap"
out=$(in_a "$PKTSMITH" replay "$tmp/short.pcap" -i "$IF_A" 2>&1); status=$?
like "one in a capture that is replayed is explained" "$status $out" 'refused +1 frame: EINVAL .*, of fewer than 14 octets'

# No carrier: the kernel takes the frames, and throws them away.
in_b ip link set "$IF_B" down
send "$tmp/small.yaml" -n 5 --json
is "without a carrier nothing counts as sent" "$(report)" '[5,0,5,{"ENETDOWN":1}]'
is "it is status 1" "$status" 1
is "the message says so" "$errors" "pktsmith: $IF_A has no carrier: plug in the cable, or bring its other end up"
is "the interface counted nothing" "$moved" 0

# Link down.
in_b ip link set "$IF_B" up
comes_up "$NS_A" "$IF_A"
in_a ip link set "$IF_A" down
send "$tmp/small.yaml" -n 5 --json
is "with the link down nothing counts as sent" "$(report)" '[5,0,5,{"ENETDOWN":1}]'
is "it is status 1 " "$status" 1
is "the message says how to bring it up" "$errors" "pktsmith: $IF_A is down; bring it up with \"ip link set $IF_A up\""
is "the interface counted nothing " "$moved" 0
send "$tmp/hop.yaml"
is "a next hop that cannot be asked for is status 1, too" "$status $errors" \
	"1 pktsmith: $IF_A is down; bring it up with \"ip link set $IF_A up\""
in_a ip link set "$IF_A" up
comes_up "$NS_A" "$IF_A"
send "$tmp/small.yaml" --json
is "the remedy mends that" "$(report) $status" '[1,1,0,{}] 0'

# It goes down, and loses its carrier, in mid-run.
amid 100 in_a ip link set "$IF_A" down
send "$tmp/small.yaml" -n 10000 -r 1kpps --json
wait
is "a link that goes down in mid-run is status 1" "$status" 1
is "what it had taken, and no more, is sent" "$(jq .frames_sent <<<"$out")" "$moved"
is "all of what was asked for is accounted for" "$(jq '.frames_sent + .frames_failed' <<<"$out")" 10000
in_a ip link set "$IF_A" up
comes_up "$NS_A" "$IF_A"
amid 100 in_b ip link set "$IF_B" down
send "$tmp/small.yaml" -n 10000 -r 1kpps --json
wait
is "a carrier lost in mid-run is status 1" "$status" 1
is "what it had taken, and no more, is sent " "$(jq .frames_sent <<<"$out")" "$moved"
in_b ip link set "$IF_B" up
comes_up "$NS_A" "$IF_A"

# It is removed in mid-run.
in_a ip link add gone type veth peer name gone2
in_a ip link set gone2 up
in_a ip link set gone up
comes_up "$NS_A" gone
(await has_sent 100 gone; in_a ip link del gone) &
out=$(in_a "$PKTSMITH" send "$tmp/small.yaml" -i gone -n 10000 -r 1kpps --json 2>"$tmp/errors"); status=$?
wait
is "an interface that is removed in mid-run is status 1" "$status" 1
is "the message says so " "$(cat "$tmp/errors")" "pktsmith: gone was removed while sending"
is "some were sent, the rest failed" \
	"$(jq -c '[.frames_asked, .frames_sent >= 100 and .frames_sent < 10000, .frames_sent + .frames_failed]' <<<"$out")" '[10000,true,10000]'

# A filter on the way out that swallows every frame, and tells the sender that all is well (return 4: TC_ACT_STOLEN).
in_a tc qdisc add dev "$IF_A" clsact
in_a tc filter add dev "$IF_A" egress bpf da bytecode '1,6 0 0 4'
send "$tmp/small.yaml" -n 5
is "frames that the kernel took and the interface never saw are status 1" "$status" 1
like "and the report says so in words" "$out" "^interface +$IF_A counted 0 frames: 5 of those that the kernel took did not leave"
in_a tc qdisc del dev "$IF_A" clsact

# None such, and not allowed.
text=$(in_a "$PKTSMITH" send "$tmp/small.yaml" -i nosuch0 2>&1)
is "no such device is status 3" $? 3
like "and is named" "$text" '^pktsmith: no such interface "nosuch0"'
chmod 755 "$tmp"
cp "$PKTSMITH" "$tmp/pktsmith"
chmod 755 "$tmp/pktsmith"
text=$(in_a setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/pktsmith" send "$tmp/small.yaml" -i "$IF_A" 2>&1)
is "no permission is status 3" $? 3
is "and the message says what to do" "$text" \
	"pktsmith: cannot open a packet socket: Operation not permitted; run it with sudo, or once: sudo setcap cap_net_raw,cap_net_admin=ep $tmp/pktsmith"
text=$(in_a setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$PKTSMITH" send "$tmp/small.yaml" -i "$IF_A" --verify --rx "$NS_B/$IF_B" 2>&1)
is "a namespace that may not be entered is status 3" $? 3
like "and the capability is named" "$text" "network namespace \"$NS_B\": Operation not permitted; .*cap_sys_admin"

# What it holds while it sends.
ip netns exec "$NS_A" "$PKTSMITH" send "$tmp/small.yaml" -i "$IF_A" -n 0 -r 10pps -q &
pid=$!
began "$pid"
is "no capability is left while it sends" "$(sed -n 's/^CapEff:\t//p' "/proc/$pid/status")" 0000000000000000
kill -INT "$pid"
wait

done_testing

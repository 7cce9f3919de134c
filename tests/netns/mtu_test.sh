#!/bin/bash
# udp and tcp over links of all sizes, and over one whose MTU becomes smaller while they speak.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; netns_down; rm -rf "$WORK"' EXIT
head -c 20000000 /dev/urandom >"$WORK/big"
sum=$(sha256sum <"$WORK/big")

is_there() { [ -n "$(in_b ss -Hlun "sport = :$1")" ]; }
mtu() { ip -n "$NS_A" link set "$IF_A" mtu "$1" && ip -n "$NS_B" link set "$IF_B" mtu "$1"; }

# A sender that pauses, so that the link changes in its midst.
slowly() {
	/usr/bin/python3 -c 'import sys, time
data = open(sys.argv[1], "rb").read()
for at in range(0, len(data), 200000):
    sys.stdout.buffer.write(data[at:at + 200000])
    sys.stdout.flush()
    time.sleep(0.01)' "$WORK/big"
}

arrived() { [ "$(stat -c %s "$WORK/out" 2>/dev/null || echo 0)" -gt 2000000 ]; }
for how in "" --no-offload; do
	mtu 1500
	in_b timeout 60 "$P" tcp listen 7000 --kernel -n 1 >"$WORK/out" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	slowly | in_a timeout 60 "$P" tcp connect 10.9.0.2 7000 $how & sender=$!
	await arrived
	mtu 700
	wait "$sender"
	is "an MTU that is smaller in the midst of a connection${how:+, $how}: it is done" "$?" 0
	wait "$listener"
	is "and all octets came" "$(sha256sum <"$WORK/out")" "$sum"
done

for size in 1280 576 9000; do
	mtu "$size"
	in_b timeout 60 "$P" tcp listen 7001 --echo --kernel -n 1 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "MTU $size: TCP there and back" "$(head -c 2000000 "$WORK/big" | in_a timeout 60 "$P" tcp connect 10.9.0.2 7001 | sha256sum)" \
		"$(head -c 2000000 "$WORK/big" | sha256sum)"
	wait "$listener"
	in_b timeout 60 "$P" udp listen 5001 --echo --kernel -n 1 -q 2>"$WORK/said" & listener=$!
	await is_there 5001
	is "MTU $size: a long datagram there and back" "$(in_a "$P" udp send 10.9.0.2 5001 --size 20000 --wait --raw | sha256sum)" \
		"$(/usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes(i & 255 for i in range(20000)))' | sha256sum)"
	wait "$listener"
done
done_testing

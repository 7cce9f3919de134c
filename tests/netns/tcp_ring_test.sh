#!/bin/bash
# Frames by the ring: `tcp listen` takes to it where small frames come faster than it takes them, and misses none; what is
# longer than a slot comes beside it.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill -CONT "$listener" 2>/dev/null; kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
head -c 80000000 /dev/urandom >"$WORK/big"
head -c 10000000 "$WORK/big" >"$WORK/data"
has_ring() { grep -q 'socket:' "/proc/$listener/maps"; }

ip netns exec "$NS_A" timeout --foreground 120 "$P" tcp listen 7000 -n 4 >"$WORK/got" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
listener=$(pgrep -P "$listener")
is "nobody spoke yet: no ring" "$(has_ring && echo ring)" ""

ip netns exec "$NS_B" nc -N 10.9.0.1 7000 <"$WORK/big" & sender=$!
# Stopped again and again, so that frames wait however fast the machine is.
while kill -0 "$sender" 2>/dev/null && ! has_ring; do
	kill -STOP "$listener"; sleep 0.03
	kill -CONT "$listener"; sleep 0.01
done
is "many small frames at once: a ring" "$(has_ring && echo ring)" "ring"
wait "$sender"
in_b nc -N 10.9.0.1 7000 <"$WORK/data"
in_b nc -N 2001:db8:9::1 7000 <"$WORK/data"
in_a ethtool -K "$IF_A" tx on tso on gso on gro on >/dev/null 2>&1
in_b ethtool -K "$IF_B" tx on tso on gso on gro on >/dev/null 2>&1
in_b nc -N 10.9.0.1 7000 <"$WORK/data"
wait
is "all of it came: before the ring, by it, and super-frames beside it" "$(sha256sum <"$WORK/got")" \
	"$(cat "$WORK/big" "$WORK"/data{,,} | sha256sum)"

# Where long frames come among the small ones each of them would be a call of its own beside the ring.
cat >"$WORK/mixed.py" <<'EOF'
import os, signal, socket, sys, time
listener, peers = int(sys.argv[1]), []
for _ in range(200):
    peer = socket.create_connection(("10.9.0.1", 7001))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.setblocking(False)
    peers.append(peer)
for _ in range(20):
    os.kill(listener, signal.SIGSTOP)
    time.sleep(0.02)
    for turn in range(12):
        for peer in peers:
            try:
                peer.send(bytes(4000 if turn % 2 else 1000))
            except BlockingIOError:
                pass
    os.kill(listener, signal.SIGCONT)
    time.sleep(0.1)
EOF
ip netns exec "$NS_A" timeout --foreground 120 "$P" tcp listen 7001 >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
listener=$(pgrep -P "$listener")
in_b python3 "$WORK/mixed.py" "$listener"
is "long frames among the small ones: no ring" "$(has_ring && echo ring)" ""
kill -INT "$listener"
wait
# However many they are: each time no more wait than a small window lets out.
in_b ethtool -K "$IF_B" tx off tso off gso off gro off >/dev/null 2>&1
in_a ethtool -K "$IF_A" tx off tso off gso off gro off >/dev/null 2>&1
ip netns exec "$NS_A" timeout --foreground 120 "$P" tcp listen 7002 --echo >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
listener=$(pgrep -P "$listener")
cat >"$WORK/windows.py" <<'EOF'
import socket
peer = socket.create_connection(("10.9.0.1", 7002))
for _ in range(1500):
    peer.sendall(bytes(40000))
    left = 40000
    while left:
        left -= len(peer.recv(left))
EOF
is "windows one after the other: all came back" "$(in_b python3 "$WORK/windows.py" && echo yes)" "yes"
is "and no ring" "$(has_ring && echo ring)" ""
kill -INT "$listener"
wait
done_testing

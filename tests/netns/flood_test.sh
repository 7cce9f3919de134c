#!/bin/bash
# A flood of SYNs at `pktsmith tcp listen': who means it is served meanwhile, and after it.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; netns_down; rm -rf "$WORK"' EXIT
# A network with room for many sources, and a way to all others.
ip -n "$NS_A" addr add 10.77.0.1/16 dev "$IF_A"
ip -n "$NS_B" addr add 10.77.0.2/16 dev "$IF_B"
ip -n "$NS_B" route add default via 10.77.0.1
in_a sysctl -qw net.ipv4.tcp_congestion_control=cubic 2>/dev/null

# A kernel client: what it sent comes back, and which options were agreed on.
echoes() {
	timeout 100 ip netns exec "$NS_A" python3 - "$@" <<'END'
import hashlib, os, socket, struct, sys, threading
address, seconds = sys.argv[1], float(sys.argv[2])
with socket.create_connection((address, 7000), seconds) as s:
    s.settimeout(60)
    data = os.urandom(3000000)
    sender = threading.Thread(target=lambda: (s.sendall(data), s.shutdown(socket.SHUT_WR)))
    sender.start()
    back = b""
    while piece := s.recv(65536):
        back += piece
    sender.join()
    bits = struct.unpack_from("6B", s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 6))[5]
    names = [name for bit, name in ((1, "timestamps"), (2, "sack"), (4, "scale")) if bits & bit]
    print("same" if back == data else f"{len(back)} octets", *names)
END
}

# NAME ADDRESS PREFIX COUNT: SYNs to the address from anywhere in the prefix.
flood() {
	cat >"$WORK/syn.yaml" <<END
layers:
  - eth: {dst: $(in_a ip neigh show "$1" | grep -o '[0-9a-f:]\{17\}')}
  - ipv4: {src: {random: $2}, dst: $1}
  - tcp: {sport: {random: 1024..65535}, dport: 7000, seq: {random: 1..4294967295}, flags: syn, window: 64240,
          options: [mss: 1460, sack-permitted, {timestamps: {val: 1, ecr: 0}}, nop, wscale: 7]}
END
	in_a "$P" send -i "$IF_A" -n "$3" -r 100kpps -q "$WORK/syn.yaml" >"$WORK/flood.said" 2>&1
}

sent() { in_a cat "/sys/class/net/$IF_A/statistics/tx_packets"; }
floods() { [ "$(sent)" -gt $((before + 20000)) ]; }
listen() { ip netns exec "$NS_B" "$P" tcp listen 7000 --echo -i "$IF_B" "$@" 2>"$WORK/said" & listener=$!; ready "$WORK/said"; }
ended() { kill -INT "$listener"; wait "$listener"; }

with() {
	local name=$1 address=$2 flooding; shift 2
	listen "$@"
	is "$name: a client is served before" "$(echoes "$address" 60)" "same timestamps sack scale"
	# Each of these sources would have to be asked for; most of them are nobody.
	before=$(sent)
	flood "$address" 10.77.0.0/16 200000 & flooding=$!
	await floods
	is "$name: and amid a flood from the link" "$(echoes "$address" 60 2>&1)" "same timestamps sack scale"
	wait "$flooding"
	ended
	is "$name: Ctrl-C ends it" "$?" 0
	# Nobody says that these are not there: their connections are waited for long after.
	listen "$@"
	is "$name: the next has it at once" "$(echoes "$address" 60)" "same timestamps sack scale"
	flood "$address" 11.0.0.0/8 100000
	is "$name: while as many as may be are still to come, too" "$(echoes "$address" 60 2>&1)" "same timestamps sack scale"
	in_a sysctl -qw net.ipv4.tcp_timestamps=0
	is "$name: without timestamps there is room for no other option" "$(echoes "$address" 60 2>&1)" "same"
	in_a sysctl -qw net.ipv4.tcp_timestamps=1
	ended
}

with "an own address" 10.77.0.9 --source-ip 10.77.0.9
with "the host's address" 10.77.0.2

done_testing

#!/bin/bash
# The kernel is spared what comes for `tcp listen` in bulk: a program at the interface drops it before IP, and nothing else; it goes
# with the process, and where it may not be loaded the guard does all.
set -u
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
head -c 100000000 /dev/urandom >"$WORK/big"
# TCP segments that the kernel of namespace A looked at, of either IP version, and those that came to its interface.
looked_at() { in_a cat /proc/net/snmp | awk '$1 == "Tcp:" { n = $11 } END { print n }'; }
came() { in_a cat "/sys/class/net/$IF_A/statistics/rx_packets"; }
resets() { in_a cat /proc/net/snmp | awk '$1 == "Tcp:" { n = $15 } END { print n }'; }
listens() { # COMMAND...: which runs it
	ip netns exec "$NS_A" timeout --foreground 120 "$@" "$P" tcp listen 7000 -n 1 >"$WORK/got" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
}
bulk() { # ADDRESS
	before=$(came) looked=$(looked_at) reset=$(resets)
	in_b nc -N "$1" 7000 <"$WORK/big"
	wait "$listener"
	frames=$(($(came) - before)) looked=$(($(looked_at) - looked)) reset=$(($(resets) - reset))
}
spared() { test "$frames" -gt 60000 -a "$looked" -lt $((frames * 3 / 4)); }

for address in 10.9.0.1 2001:db8:9::1; do
	listens
	bulk "$address"
	is "$address: all came" "$(sha256sum <"$WORK/got")" "$(sha256sum <"$WORK/big")"
	check "$address: the kernel looked at part of it: $looked of $frames frames" spared
	is "$address: and answered none" "$reset" 0
done

# In the midst of a transfer nothing else is dropped: another port, another address.
in_a ip addr add 10.9.0.99/24 dev "$IF_A"
ip netns exec "$NS_A" timeout --foreground 120 "$P" tcp listen 7000 --address 10.9.0.1 >/dev/null 2>"$WORK/said" & listener=$!
ready "$WORK/said"
before=$(came) looked=$(looked_at)
(cat "$WORK/big"; sleep 60) | ip netns exec "$NS_B" nc 10.9.0.1 7000 & sender=$!
for _ in $(seq 600); do
	frames=$(($(came) - before))
	[ "$frames" -lt 65000 ] || break
	sleep 0.1
done
check "in the midst of it: $frames frames came" test "$frames" -ge 65000
for to in "10.9.0.1 7001" "10.9.0.99 7000"; do
	ip netns exec "$NS_A" timeout 30 python3 -c 'import socket, sys
sock = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("listening", file=sys.stderr, flush=True)
# To its end: who closes first has the port in TIME-WAIT, and that is to be the other side.
connection = sock.accept()[0]
print(b"".join(iter(lambda: connection.recv(100), b"")).decode())' $to >"$WORK/heard" 2>"$WORK/said" & server=$!
	ready "$WORK/said"
	echo hello | in_b timeout 20 nc -N $to
	wait "$server"
	is "$to is the kernel's" "$(head -n 1 "$WORK/heard")" hello
done
kill -KILL "$(pgrep -P "$listener")"
wait "$listener" 2>/dev/null
fails "it is gone, even after kill -9: the kernel refuses again" 1 in_b timeout 20 nc -z 10.9.0.1 7000
kill "$sender" 2>/dev/null

listens setpriv --bounding-set=-bpf,-sys_admin --inh-caps=-bpf,-sys_admin
bulk 10.9.0.1
is "where it may not be loaded, all comes as well" "$(sha256sum <"$WORK/got")" "$(sha256sum <"$WORK/big")"
check "and the kernel looks at all of it: $looked of $frames frames" test "$looked" -ge "$((frames * 9 / 10))"
is "and answers none" "$reset" 0
done_testing

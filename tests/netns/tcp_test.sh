#!/bin/bash
# `pktsmith tcp` on loopback: our TCP and the kernel's, Python's, nc's and curl's, both ways, IPv4 and IPv6, no word of the kernel.
set -u
if [ -z "${TCP_INSIDE:-}" ]; then
	TCP_INSIDE=1 exec unshare -n "$0" "$@"
fi
ip link set lo up
. tests/support/tap.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"' EXIT
chmod 755 "$WORK"
SIZE=100000000
head -c "$SIZE" /dev/urandom >"$WORK/big"
sum=$(sha256sum <"$WORK/big")

# What both kinds of socket must do; $1 is nothing or --kernel.
with() {
	local how=$1 name=${1:-ours} listener status address
	for address in 127.0.0.1 ::1; do
		"$P" tcp listen 7000 --echo -n 2 $how 2>"$WORK/said" & listener=$!
		ready "$WORK/said"
		is "$name, $address: what is given comes back" "$("$P" tcp connect "$address" 7000 'Hello you there!' $how)" \
			"Hello you there!"
		is "$name, $address: standard input too, to its end" \
			"$(head -c 3000000 "$WORK/big" | "$P" tcp connect "$address" 7000 $how | sha256sum)" \
			"$(head -c 3000000 "$WORK/big" | sha256sum)"
		wait "$listener"
		is "$name, $address: -n connections, and the listener is done" "$?" 0
	done

	"$P" tcp listen 7001 --reply 'Got your message!' -n 1 $how >"$WORK/out" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: the tutorial's client gets its answer" "$("$P" tcp connect localhost 7001 -4 --wait 'Hello you there!' $how)" \
		"Got your message!"
	wait "$listener"
	like "$name: the message is printed as the tutorial does" "$(cat "$WORK/out")" \
		"^Got message from \('127.0.0.1', [0-9]+\): Hello you there!$"

	"$P" tcp listen 7002 -n 2 $how >"$WORK/out" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	echo one | "$P" tcp connect 127.0.0.1 7002 $how
	echo two | nc -N 127.0.0.1 7002
	wait "$listener"
	is "$name: listen prints what comes" "$(sort "$WORK/out")" "one
two"

	(cd "$WORK" && exec python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1) & listener=$!
	kernel_listens 8000
	is "$name: 100 MB from python3 -m http.server" \
		"$(printf 'GET /big HTTP/1.0\r\n\r\n' | "$P" tcp connect 127.0.0.1 8000 $how | tail -c "$SIZE" | sha256sum)" "$sum"
	kill "$listener"; wait "$listener" 2>/dev/null
	"$P" tcp listen 8080 $how --user nobody -n 1 2>"$WORK/said" --exec "printf 'HTTP/1.0 200 OK\r\nContent-Length: $SIZE\r\n\r\n'
		cat '$WORK/big'" & listener=$!
	ready "$WORK/said"
	is "$name: curl fetches 100 MB from --exec" "$(curl -sS http://127.0.0.1:8080/ | sha256sum)" "$sum"
	wait "$listener"
	is "$name: and the listener is done" "$?" 0
	"$P" tcp listen 8081 $how --user nobody -n 1 2>"$WORK/said" --exec 'id -un; read line; echo "$line from $PEER_ADDRESS"' & listener=$!
	ready "$WORK/said"
	is "$name: --exec runs as the user, reads and knows the peer" "$(echo hi | "$P" tcp connect 127.0.0.1 8081 $how)" "nobody
hi from 127.0.0.1"
	wait "$listener"

	status=$("$P" tcp connect 127.0.0.1 9 x $how 2>&1; echo "status $?")
	like "$name: nobody listens" "$status" "Connection refused"
	like "$name: which is status 1" "$status" "^status 1$"
	fails "$name: listen without a connection gives up" 1 timeout 10 "$P" tcp listen 7003 -n 1 --timeout 300ms -q $how
	status=$(timeout 10 "$P" tcp listen 7003 --timeout 300ms -q $how 2>&1; echo "status $?")
	is "$name: also without -n" "$status" "pktsmith: no connection came
status 1"
	# One that is silent, one that ended: --idle drops the first, --timeout ends it all.
	"$P" tcp listen 7005 --echo --idle 300ms --timeout 3s $how 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	is "$name: --idle drops a connection that is silent, and no more" "$(python3 - <<'EOF'
import socket
def connect():
    return socket.create_connection(("127.0.0.1", 7005), timeout=10)
with connect() as silent:
    print(silent.recv(1))
with connect() as other:
    other.sendall(b"hello")
    print(other.recv(5))
EOF
)" "b''
b'hello'"
	wait "$listener"
	is "$name: --timeout ends it when nothing came for so long" "$?" 0
	"$P" tcp listen 7005 --timeout 3s $how 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	python3 -c 'import socket; s = socket.create_connection(("127.0.0.1", 7005)); s.recv(1)'
	wait "$listener"
	is "$name: with a connection that is not over it is status 1" "$?" 1

	"$P" tcp listen 7004 $how 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	fails "$name: a port that is taken is refused" 3 "$P" tcp listen 7004 $how
	kill -INT "$listener"
	wait "$listener"
	is "$name: Ctrl-C ends it cleanly" "$?" 0
}

witness lo
with ""
# The RST of the one connection to port 9 is the kernel's due.
is "neither RST nor ICMP error but for the closed port" "$(witnessed | grep -v '127.0.0.1.9 ')" ""
with --kernel

# Both sides, each way.
"$P" tcp listen 7010 --echo -n 2 --kernel 2>"$WORK/said" & listener=$!
ready "$WORK/said"
is "ours to the kernel's" "$("$P" tcp connect 127.0.0.1 7010 one)" one
is "ours to the kernel's, IPv6" "$("$P" tcp connect ::1 7010 two)" two
wait "$listener"
"$P" tcp listen 7011 --echo -n 3 2>"$WORK/said" & listener=$!
ready "$WORK/said"
is "the kernel's to ours" "$("$P" tcp connect 127.0.0.1 7011 one --kernel)" one
is "nc to ours" "$(echo two | nc -N ::1 7011)" two
is "nc to ours, 20 MB" "$(head -c 20000000 "$WORK/big" | nc -N 127.0.0.1 7011 | sha256sum)" "$(head -c 20000000 "$WORK/big" | sha256sum)"
wait "$listener"

# A reset right behind the data: what came before it is kept.
for how in "" --kernel; do
	status=$(head -c 20000 "$WORK/big" | python3 tests/support/reset.py 7012 "$P" tcp connect 127.0.0.1 7012 x $how 2>&1 >"$WORK/out"
		echo "status $?")
	check "${how:-ours}: what came before a reset is written out" cmp -n 20000 "$WORK/out" "$WORK/big"
	like "${how:-ours}: and the reset is told" "$status" "Connection reset by peer"
	like "${how:-ours}: with status 1" "$status" "^status 1$"
done

# Who reads our output late: what came waits, also where a reset follows it (by a pipe of 4 KB). A file takes all.
small() { python3 -c 'import fcntl, os; fcntl.fcntl(0, 1031, 4096); os.execvp("sh", ["sh", "-c", "sleep 1; exec cat"])'; }
head -c 20000 "$WORK/big" | python3 tests/support/reset.py 7012 "$P" tcp connect 127.0.0.1 7012 x -q 2>/dev/null | small >"$WORK/out"
check "who reads after the reset gets what came before it" cmp -n 20000 "$WORK/out" "$WORK/big"
"$P" tcp listen 7012 -n 2 2>"$WORK/said" | { sleep 1; cat; } >"$WORK/out" & listener=$!
ready "$WORK/said"
head -c 10000000 "$WORK/big" | nc -N 127.0.0.1 7012
tail -c 10000000 "$WORK/big" | nc -N ::1 7012
wait "$listener"
is "who reads late gets all" "$(sha256sum <"$WORK/out")" "$({ head -c 10000000 "$WORK/big"; tail -c 10000000 "$WORK/big"; } | sha256sum)"
"$P" tcp listen 7012 -n 1 2>"$WORK/said" >"$WORK/out" & listener=$!
ready "$WORK/said"
nc -N 127.0.0.1 7012 <"$WORK/big"
wait "$listener"
is "a file gets all" "$(sha256sum <"$WORK/out")" "$sum"

# A peer that has ended already, and reads slowly or never: what we still hold when all is said.
python3 tests/support/slow.py 7013 2.5 >"$WORK/out" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
check "a peer that reads slowly is waited for" "$P" tcp connect 127.0.0.1 7013 -q < <(head -c 300000 "$WORK/big")
wait "$listener"
is "and gets all" "$(cat "$WORK/out")" "$(head -c 300000 "$WORK/big" | sha256sum)"
for how in never reset; do
	python3 tests/support/slow.py 7014 "$how" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	status=$(head -c 150000 "$WORK/big" | timeout 20 "$P" tcp connect 127.0.0.1 7014 --timeout 2s 2>&1; echo "status $?")
	kill "$listener" 2>/dev/null; wait "$listener" 2>/dev/null
	like "a peer that reads nothing ($how) is not said to have it all" "$status" "the last [0-9]+ octets were not acknowledged"
	like "which is status 1 ($how)" "$status" "^status 1$"
done

# A client that asks faster than it takes its answers: those are late, and whole.
cat >"$WORK/asker.py" <<'EOF'
import socket, sys, time
answer = 60000
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    for i in range(40):
        s.sendall(b"%d" % i)
        time.sleep(0.03)
    s.shutdown(socket.SHUT_WR)
    got = 0
    while piece := s.recv(20000):
        got += len(piece)
        time.sleep(0.001)
    print(got % answer, got // answer > 3)
EOF
"$P" tcp listen 7015 -n 1 --reply "$(printf 'x%.0s' $(seq 60000))" >"$WORK/out" 2>"$WORK/said" & listener=$!
ready "$WORK/said"
is "answers that find no room wait, and are not cut" "$(python3 "$WORK/asker.py" 7015)" "0 True"
wait "$listener"
is "and every octet that was asked is printed" "$(sed 's/.*: //' "$WORK/out" | tr -d '\n')" "$(seq 0 39 | tr -d '\n')"

# An interruption is told where something was left undone.
for how in "" --kernel; do
	"$P" tcp listen 7016 --kernel >"$WORK/heard" 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	"$P" tcp connect 127.0.0.1 7016 hello --wait $how >/dev/null 2>"$WORK/out" & client=$!
	await test -s "$WORK/heard"
	kill -INT "$client"; wait "$client"
	is "${how:-ours}: Ctrl-C in a connection is status 1" "$?" 1
	like "${how:-ours}: and says what was left" "$(cat "$WORK/out")" "127.0.0.1:7016: interrupted before the connection was over$"
	kill "$listener"; wait "$listener"
done
"$P" tcp listen 7017 -n 1 2>"$WORK/said" & listener=$!
ready "$WORK/said"
kill -INT "$listener"; wait "$listener"
is "Ctrl-C before the connections of -n is status 1" "$?" 1

# A program that does not look at its connection does not outlive the listener.
for signal in INT KILL; do
	"$P" tcp listen 7018 --user nobody --exec 'echo $$; exec sleep 1000' 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	program=$(nc -d 127.0.0.1 7018 | { read -r line; echo "$line"; kill "-$signal" "$listener"; })
	wait "$listener" 2>/dev/null
	await test ! -d "/proc/$program"
	like "a program was there" "$program" '^[0-9]+$'
	check "and is gone after SIG$signal" test ! -d "/proc/$program"
done

# Nor does what it started, where the listener ends in order.
"$P" tcp listen 7018 --user nobody --exec 'sleep 1000 & echo $!; cat' 2>"$WORK/said" & listener=$!
ready "$WORK/said"
program=$(nc -d 127.0.0.1 7018 | { read -r line; echo "$line"; kill -INT "$listener"; })
wait "$listener" 2>/dev/null
await test ! -d "/proc/$program"
like "a program of the program was there" "$program" '^[0-9]+$'
check "and is gone" test ! -d "/proc/$program"

# Those that have ended are waited for: none is left of them while the listener runs.
"$P" tcp listen 7018 --user nobody --exec 'echo hello' 2>"$WORK/said" & listener=$!
ready "$WORK/said"
for i in 1 2 3; do nc -d 127.0.0.1 7018 >/dev/null; done
childless() { [ -z "$(pgrep -P "$listener")" ]; }
await childless
is "programs that have ended leave nothing" "$(pgrep -P "$listener")" ""
kill "$listener"; wait "$listener" 2>/dev/null

# The guard: the port is held while we run, and free again after a clean end and after kill -9.
"$P" tcp listen 7020 2>"$WORK/said" & listener=$!
ready "$WORK/said"
check "the kernel's port is held" sh -c '[ -n "$(ss -Hltn "sport = :7020")" ]'
kill -KILL "$listener"; wait "$listener" 2>/dev/null
is "after kill -9 it is free" "$(ss -Hltn 'sport = :7020')" ""
"$P" tcp listen 7020 2>"$WORK/said" & listener=$!
ready "$WORK/said"
kill -TERM "$listener"; wait "$listener"
is "after a clean end too" "$(ss -Hltn 'sport = :7020')" ""

like "-v tells of the connection" "$(
	"$P" tcp listen 7030 --echo -n 1 2>"$WORK/said" & ready "$WORK/said"
	"$P" tcp connect 127.0.0.1 7030 hello -v 2>&1 >/dev/null)" '5 octets received, 5 sent; segments .* handshake [0-9.]+ ms; RTT '
"$P" tcp listen 7032 --echo -n 1 --kernel 2>"$WORK/said" & ready "$WORK/said"
said=$("$P" tcp connect 127.0.0.1 7032 hello -v --kernel 2>&1 >/dev/null)
like "-v --kernel tells what the kernel counts" "$said" '5 octets received, 5 sent; segments [1-9][0-9]* in, .* RTO [0-9]+ ms; cwnd [1-9]'
is "and no more" "$(grep -oE '429[0-9]{4}|SACK|tail probes' <<<"$said")" ""
like "a connection that was never open has no RTT" "$("$P" tcp connect 127.0.0.1 9 x -v --kernel 2>&1)" 'retransmitted; out of order 0; RTO'
"$P" tcp listen 7031 --echo -n 1 2>"$WORK/said" & ready "$WORK/said"
trace=$("$P" tcp connect 127.0.0.1 7031 hello --trace -w "$WORK/kept.pcap" 2>&1 >/dev/null)
like "--trace shows the SYN" "$trace" '^> .* \[syn\] '
like "--trace shows what comes" "$trace" '^< '
is "-w keeps the data" "$(tcpdump -r "$WORK/kept.pcap" -A 2>/dev/null | grep -c hello)" 2

fails "connect wants a port" 2 "$P" tcp connect 127.0.0.1
fails "no third word" 2 "$P" tcp dance 1
fails "--echo is for listen" 2 "$P" tcp connect 127.0.0.1 1 --echo
fails "one answer of three" 2 "$P" tcp listen 1 --echo --reply x
fails "root says as whom a program runs" 2 "$P" tcp listen 7040 --exec id
fails "a user that is there" 2 "$P" tcp listen 7040 --exec id --user no-such-user
fails "an own MAC has an own address" 2 "$P" tcp connect 127.0.0.1 1 --source-mac 02:00:00:00:00:01
fails "an unknown host" 2 "$P" tcp connect no.such.host.invalid 1
done_testing

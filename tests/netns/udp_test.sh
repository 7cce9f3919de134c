#!/usr/bin/env bash
# `udp` against python3's sockets, nc and itself with --kernel: both versions of IP, across a link and on localhost, from the host's
# address and our own, and with tcpdump as the witness that no kernel spoke up.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; netns_down; rm -rf "$tmp"' EXIT

# peer NS PROGRAM ARG...: a python3 program of a few lines in a namespace, in the background; waits until it says that it is ready.
cat >"$tmp/echo.py" <<'END'
import socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.socket(family, socket.SOCK_DGRAM) as s:
    s.bind((sys.argv[1], int(sys.argv[2])))
    print("ready", flush=True)
    while True:
        data, peer = s.recvfrom(65536)
        print(len(data), peer[0], flush=True)
        s.sendto(data.upper() if len(data) < 100 else data, peer)
END
# What the tutorial's second program does.
cat >"$tmp/ask.py" <<'END'
import hashlib, socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
with socket.socket(family, socket.SOCK_DGRAM) as s:
    s.settimeout(10)
    data = sys.argv[3].encode() if len(sys.argv) < 5 else bytes(i * 7 & 255 for i in range(int(sys.argv[4])))
    s.sendto(data, (sys.argv[1], int(sys.argv[2])))
    answer, peer = s.recvfrom(65536)
    if len(sys.argv) < 5:
        print(answer.decode(), "from", peer[0], peer[1])
    else:
        print(answer == data, len(answer))
END
# wait_for FILE...: until one of them says that a server is there.
wait_for() { await grep -qsE "ready|listening" "$@"; }
server() {
	local ns=$1 name=$2
	shift 2
	rm -f "$tmp/$name" "$tmp/$name.err" # what another of that name said
	ip netns exec "$ns" "$@" >"$tmp/$name" 2>"$tmp/$name.err" &
	pids+=($!)
	last=$!
	wait_for "$tmp/$name" "$tmp/$name.err"
}
echoes() { server "$1" "echo.$3" /usr/bin/python3 -u "$tmp/echo.py" "$2" "$3"; }
# listens NAME NS ARG...: udp listen in the background.
listens() { local name=$1 ns=$2; shift 2; server "$ns" "$name" "$PKTSMITH" udp listen "$@"; }
ask() { local ns=$1; shift; ip netns exec "$ns" /usr/bin/python3 "$tmp/ask.py" "$@"; }
stop() { kill -INT "$1"; wait "$1"; }

echoes "$NS_B" 10.9.0.2 5000
echoes "$NS_B" 2001:db8:9::2 5001
echoes "$NS_A" 127.0.0.1 5002
echoes "$NS_A" ::1 5003

# The witness: any RST or ICMP error of a kernel, both ends. Neighbour discovery and multicast reports are no errors.
witness() {
	ip netns exec "$1" tcpdump -i any -n -U --immediate-mode -w "$tmp/witness.$2" \
		'icmp[icmptype] == icmp-unreach or tcp[tcpflags] & tcp-rst != 0 or (icmp6 and ip6[40] < 128)' 2>"$tmp/witness.$2.err" &
	pids+=($!)
	witness_pid=$!
	wait_for "$tmp/witness.$2.err"
}
witnessed() { dumped "$1"; tcpdump -n -r "$tmp/witness.$2" 2>/dev/null | head -n 3; }
witness "$NS_A" a; witness_a=$witness_pid
witness "$NS_B" b; witness_b=$witness_pid

# As a client.
is "across the link, from the host's address" "$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 'Hello you there!' --wait)" 'HELLO YOU THERE!'
is "and by IPv6" "$(in_a "$PKTSMITH" udp send 2001:db8:9::2 5001 'Hello you there!' --wait)" 'HELLO YOU THERE!'
is "on localhost, without a sysctl" "$(in_a "$PKTSMITH" udp send 127.0.0.1 5002 'Hello you there!' --wait)" 'HELLO YOU THERE!'
is "on ::1" "$(in_a "$PKTSMITH" udp send ::1 5003 'Hello you there!' --wait)" 'HELLO YOU THERE!'
is "by name" "$(in_a "$PKTSMITH" udp send -4 localhost 5002 hi --wait)" 'HI'
is "from an address of our own" "$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 hi --wait -i "$IF_A" --source-ip 10.9.0.77)" 'HI'
is "which the peer saw" "$(tail -n 1 "$tmp/echo.5000")" '2 10.9.0.77'
is "and by IPv6, with a MAC of our own" "$(in_a "$PKTSMITH" udp send 2001:db8:9::2 5001 hi --wait -i "$IF_A" \
	--source-ip 2001:db8:9::77 --source-mac 02:00:00:00:77:77)" 'HI'
is "the peer learnt that MAC" "$(ip -n "$NS_B" neigh show 2001:db8:9::77 | grep -o 'lladdr [0-9a-f:]*')" 'lladdr 02:00:00:00:77:77'
is "the kernel's sockets do the same" "$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 hi --wait --kernel)" 'HI'
is "standard input is one datagram" "$(printf 'from\nstdin\n' | in_a "$PKTSMITH" udp send 10.9.0.2 5000 - --wait --raw)" $'FROM\nSTDIN'
is "several, each with its answer" "$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 x --wait -n 3 | paste -sd' ')" 'X X X'
is "an empty datagram is one" "$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 '' --wait --json | jq -c '[.datagrams_sent, .answers, .bytes_sent]')" '[1,1,0]'

# Large ones, in fragments.
for size in 1472 1473 9000 65507; do
	for to in '10.9.0.2 5000' '2001:db8:9::2 5001' '127.0.0.1 5002' '::1 5003'; do
		is "$size octets to ${to% *} and back" \
			"$(in_a "$PKTSMITH" udp send $to --size "$size" --wait --raw | sha256sum)" \
			"$(/usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes(i & 255 for i in range(int(sys.argv[1]))))' "$size" | sha256sum)"
	done
done
fails "65,508 octets are refused" 2 in_a "$PKTSMITH" udp send 10.9.0.2 5000 --size 65508

# As a server: any address, both versions, in the tutorial's words.
listens server "$NS_A" 6000 --reply 'Got your message!'
server_pid=$last
is "a python3 client across the link" "$(ask "$NS_B" 10.9.0.1 6000 'Hello you there!')" 'Got your message! from 10.9.0.1 6000'
is "by IPv6" "$(ask "$NS_B" 2001:db8:9::1 6000 'Hello you there!')" 'Got your message! from 2001:db8:9::1 6000'
is "on localhost" "$(ask "$NS_A" 127.0.0.1 6000 'Hello you there!')" 'Got your message! from 127.0.0.1 6000'
is "on ::1" "$(ask "$NS_A" ::1 6000 'Hello you there!')" 'Got your message! from ::1 6000'
is "at the host's own address, which is routed by lo" "$(ask "$NS_A" 10.9.0.1 6000 'Hello you there!')" 'Got your message! from 10.9.0.1 6000'
is "nc speaks with it" "$(printf nc | in_b timeout 20 nc -u -W 1 10.9.0.1 6000)" 'Got your message!'
is "ours speaks with ours, on localhost" "$(in_a "$PKTSMITH" udp send 127.0.0.1 6000 ours --wait)" 'Got your message!'
is "and with the kernel's sockets" "$(in_a "$PKTSMITH" udp send ::1 6000 kernel --wait --kernel)" 'Got your message!'
fails "its port is taken" 3 in_a "$PKTSMITH" udp listen 6000 --address 127.0.0.1
stop "$server_pid"
is "Ctrl-C ends it well" $? 0
like "each message is printed with whom it came from" "$(sed -n 3p "$tmp/server")" "^Got message from \('127\.0\.0\.1', [0-9]+\): Hello you there!\$"
is "all of them" "$(wc -l <"$tmp/server")" 8
is "no kernel said a word at our end" "$(witnessed "$witness_a" a)" ''
is "nor at the other" "$(witnessed "$witness_b" b)" ''

# An address of our own answers like any host.
listens own "$NS_A" 6000 --echo -i "$IF_A" --source-ip 10.9.0.88
own_pid=$last
is "a client of our own address" "$(ask "$NS_B" 10.9.0.88 6000 x 40000)" 'True 40000'
like "it says where it listens" "$(cat "$tmp/own.err")" '^listening on 10\.9\.0\.88:6000$'
check "it answers ping" in_b ping -c 1 -W 2 10.9.0.88
like "a closed port of it is told" "$(in_b "$PKTSMITH" udp send 10.9.0.88 6001 x --wait --kernel 2>&1)" 'Connection refused'
text=$(in_b "$PKTSMITH" udp listen 6000 -i "$IF_B" --source-ip 10.9.0.88 2>&1)
is "nobody else can take it" $? 3
like "and is told why" "$text" "10\.9\.0\.88 is somebody else's on this link"
text=$(in_a "$PKTSMITH" udp listen 6002 -i "$IF_A" --source-ip 10.9.0.88 2>&1)
is "nor can another on the same host, whose frames it would not see" $? 3
like "which is told too" "$text" "10\.9\.0\.88 is that of another pktsmith on this host and interface: Address already in use"
ip netns exec "$NS_A" tcpdump -i any -nn -U --immediate-mode -w "$tmp/any" 2>"$tmp/any.err" &
pids+=($!)
any_pid=$!
wait_for "$tmp/any.err"
text=$(in_a "$PKTSMITH" udp listen 6000 -i "$IF_A" --source-ip 2001:db8:9::2 2>&1)
is "nor an address of IPv6" $? 3
like "where the kernel that has it says so" "$text" "2001:db8:9::2 is somebody else's on this link"
in_a "$PKTSMITH" udp send 10.9.0.2 5000 x -i "$IF_A" --source-ip 10.9.0.89 --wait -q
dumped "$any_pid"
text=$(tcpdump -nn -r "$tmp/any" 2>/dev/null)
like "who watches all interfaces reads our ARP as ARP" "$text" " Out ARP, Request who-has 10\.9\.0\.89 .*tell 0\.0\.0\.0"
like "and neighbour discovery as that" "$text" " Out IP6 :: > ff02::1:ff00:2: ICMP6, neighbor solicitation"
stop "$own_pid"
text=$(in_a "$PKTSMITH" udp send 10.9.0.2 5000 x -i "$IF_A" --source-ip 10.9.0.1 2>&1)
is "an address of the host's is none of our own" $? 2

# The kernel's server, and its fragments; ours as its client.
listens kernel "$NS_B" 6100 --kernel --echo
is "udp listen --kernel echoes" "$(in_a "$PKTSMITH" udp send 10.9.0.2 6100 --size 20000 --wait --json | jq -c '[.answers, .reassembled]')" '[1,1]'
listens large "$NS_A" 6200 --echo
large_pid=$last
is "a fragmented datagram to ours comes back whole" "$(ask "$NS_B" 10.9.0.1 6200 x 65507)" 'True 65507'
is "and by IPv6" "$(ask "$NS_B" 2001:db8:9::1 6200 x 65507)" 'True 65507'
for how in "" --kernel; do
	listens "longest$how" "$NS_A" 6201 -n 1 --jsonl $how
	ip netns exec "$NS_B" /usr/bin/python3 -c 'import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(bytes([65]) * 65527, ("2001:db8:9::1", 6201))'
	wait "$last"
	is "${how:-ours}: the longest that IPv6 has is taken whole" \
		"$(jq -c 'select(.type == "message") | [.length, (.text | explode | map(select(. != 65)) | length)]' "$tmp/longest$how")" '[65527,0]'
done

# Devices that finish checksums and take super-frames.
in_a ethtool -K "$IF_A" tx on rx on gso on >/dev/null 2>&1
in_b ethtool -K "$IF_B" tx on rx on gso on >/dev/null 2>&1
is "unfinished checksums are not taken for wrong ones" "$(ask "$NS_B" 10.9.0.1 6200 x 1000)" 'True 1000'
is "and ours are finished" "$(in_a "$PKTSMITH" udp send 2001:db8:9::2 5001 hi --wait)" 'HI'
listens super "$NS_A" 6500 -n 100 --json --timeout 30s
in_b "$PKTSMITH" udp send 10.9.0.1 6500 --size 1400 -n 100 --kernel -q
wait "$last"
is "a kernel's super-frames are the datagrams that they are made of" "$(jq -c '[.messages, .bytes, .bad_checksums]' "$tmp/super")" '[100,140000,0]'
# No more than the kernel's socket holds (95 of these), should its reader not get to run.
listens super6 "$NS_B" 6600 -n 90 --json --timeout 30s --kernel
in_a "$PKTSMITH" udp send 2001:db8:9::2 6600 --size 1400 -n 90 -q
wait "$last"
is "and so are ours" "$(jq -c '[.messages, .bytes]' "$tmp/super6")" '[90,126000]'
in_b ethtool -K "$IF_B" tx off gso off >/dev/null 2>&1 # the record below is to hold finished ones

# No answer.
text=$(in_a "$PKTSMITH" udp send 10.9.0.2 5999 x --wait 2>&1)
is "a closed port is status 1" $? 1
like "and is named" "$text" " 10\.9\.0\.2:5999: Connection refused"
fails "a closed port on localhost too" 1 in_a "$PKTSMITH" udp send ::1 5999 x --wait
text=$(in_a "$PKTSMITH" udp send 10.9.0.99 5000 x 2>&1)
is "a host that is not there is status 1" $? 1
like "and is named too" "$text" 'no answer to ARP for 10\.9\.0\.99$'
listens silent "$NS_B" 5998 --kernel
text=$(in_a "$PKTSMITH" udp send 10.9.0.2 5998 x --wait --timeout 300ms 2>&1)
is "no answer is status 1" $? 1
like "and says so" "$text" "no answer from 10\.9\.0\.2:5998"
# One whose answers come late: each once there is another datagram.
cat >"$tmp/late.py" <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.9.0.2", 5997))
print("ready", flush=True)
late = None
while True:
    data, peer = s.recvfrom(65536)
    if late:
        s.sendto(*late)
    late = data, peer
END
server "$NS_B" late /usr/bin/python3 -u "$tmp/late.py"
for how in "" --kernel; do
	is "${how:-ours}: an answer that is late is none to the next datagram" \
		"$(in_a "$PKTSMITH" udp send 10.9.0.2 5997 x --wait -n 3 --timeout 250ms --json $how 2>/dev/null |
			jq -c '[.datagrams_sent, .answers, .lost]')" "[3,0,3]"
done
# interrupted ARG...: udp send, and Ctrl-C while it waits for the answer to what has arrived.
arrived_silent() { [ "$(wc -l <"$tmp/silent")" -gt "$1" ]; }
interrupted() {
	local before
	before=$(wc -l <"$tmp/silent")
	ip netns exec "$NS_A" "$PKTSMITH" udp send 10.9.0.2 5998 x --wait --timeout 60s "$@" 2>"$tmp/interrupted" & sender=$!
	await arrived_silent "$before"
	kill -INT "$sender"; wait "$sender"
}
interrupted
is "Ctrl-C before the answer is status 1" $? 1
like "and no word of its absence" "$(cat "$tmp/interrupted")" "interrupted before an answer came from 10\.9\.0\.2:5998$"
interrupted -n 0
is "where it was to go on for ever it is status 0" $? 0
fails "nothing came in time: 1" 1 in_a "$PKTSMITH" udp listen 6001 --timeout 200ms
fails "no route: 3" 3 in_a "$PKTSMITH" udp send 203.0.113.1 5000 x
for how in "" --kernel; do
	listens "all$how" "$NS_B" 6800 --kernel -n 1 --timeout 30s
	in_a "$PKTSMITH" udp send 10.9.0.255 6800 'to all' $how
	is "${how:-ours}: a network's broadcast address is sent to" $? 0
	wait "$last"
	like "and its hosts hear it" "$(cat "$tmp/all$how")" "^Got message from .*: to all$"
done
fails "this host on a link: 2" 2 in_a "$PKTSMITH" udp send 127.0.0.1 5000 x -i "$IF_A"
fails "and for an address of our own" 2 in_a "$PKTSMITH" udp send 127.0.0.1 5000 x -i "$IF_A" --source-ip 10.9.0.90
for source in 224.0.0.5 255.255.255.255 127.0.0.5 :: ff02::5; do
	fails "an address that no host can have, $source: 2" 2 in_a "$PKTSMITH" udp send 10.9.0.2 5000 x -i "$IF_A" --source-ip "$source"
done
fails "a name nobody knows: 2" 2 in_a "$PKTSMITH" udp send no-such-host.invalid 5000 x
fails "no port: 2" 2 in_a "$PKTSMITH" udp send 10.9.0.2 70000 x

# Faults on purpose, as the kernel's socket meets them.
# What has arrived has been read: nothing waits in the socket, and its reader sleeps.
all_read() { [ "$(in_b ss -Hlun 'sport = :6700' | awk '{ print $2 }')" = 0 ]; }
faulty() {
	listens faulty "$NS_B" 6700 --kernel --json
	in_a "$PKTSMITH" udp send 10.9.0.2 6700 --size 100 -n 100 -q --misbehave "$1" --seed 3
	await all_read
	idle "$last"
	stop "$last"
	jq .messages "$tmp/faulty"
}
is "--misbehave duplicate: each is there twice" "$(faulty duplicate=100)" 200
is "--misbehave drop: none is" "$(faulty drop=100)" 0
like "--misbehave drop=50: about half" "$(faulty drop=50)" '^(3[5-9]|[45][0-9]|6[0-5])$'
is "--misbehave corrupt: the kernel takes none" "$(faulty corrupt=100)" 0
listens reordered "$NS_B" 6701 --kernel -n 4 --timeout 30s
for how in "" --kernel; do
	fails "${how:-ours}: reset is no fault of a datagram" 2 in_a "$PKTSMITH" udp send 10.9.0.2 6701 x --misbehave reset $how
	fails "${how:-ours}: a seed without faults would do nothing" 2 in_a "$PKTSMITH" udp send 10.9.0.2 6701 x --seed 4 $how
done
for word in one two; do in_a "$PKTSMITH" udp send 10.9.0.2 6701 "$word" -n 2 --misbehave reorder=100 -r 100pps -q; done
wait "$last"
is "--misbehave reorder: all arrive" "$(grep -oE 'one|two' "$tmp/reordered" | paste -sd' ')" "one one two two"

# The guard goes with the process, whatever ends it.
guards() { in_a ss -lnuH "sport = :6200" | wc -l; }
is "the guard stands while it runs" "$(guards)" 1
kill -9 "$large_pid"; wait "$large_pid" 2>/dev/null
is "and is gone after kill -9" "$(guards)" 0
fails "then the kernel refuses again" 1 in_b "$PKTSMITH" udp send 10.9.0.1 6200 x --wait --kernel

# Many; and what is not text.
listens many "$NS_B" 6300 --kernel -n 250 --json --timeout 30s
json=$(in_a "$PKTSMITH" udp send 10.9.0.2 6300 --size 200 -n 250 -r 1kpps --json)
# No more than the receiver's buffer holds, should it not get to run.
is "250 at 1 kpps take a quarter of a second" "$(jq -c '[.datagrams_sent, .bytes_sent, .seconds > 0.24 and .seconds < 5]' <<<"$json")" '[250,50000,true]'
wait "$last"
is "and all arrive" "$(jq -c '[.messages, .bytes]' "$tmp/many")" '[250,50000]'
listens text "$NS_A" 6400 -n 2 --jsonl
printf 'a\033[2J\xff' | in_b "$PKTSMITH" udp send 10.9.0.1 6400 - --kernel
in_b "$PKTSMITH" udp send 10.9.0.1 6400 'größer' --kernel
wait "$last"
is "what would clear the screen is shown as what it is" "$(sed -n 1p "$tmp/text" | jq -c '[.length, .text, .hex]')" '[6,"a\\x1b[2J\\xff","611b5b324aff"]'
is "and text stays text" "$(sed -n 2p "$tmp/text" | jq -r .text)" 'größer'

# Without root.
cp "$PKTSMITH" "$tmp/pktsmith"
chmod 755 "$tmp" "$tmp/pktsmith"
setcap cap_net_raw=ep "$tmp/pktsmith"
nobody() { in_a setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/pktsmith" "$@"; }
is "a user speaks with cap_net_raw alone" "$(nobody udp send 127.0.0.1 5002 hi --wait)" 'HI'
setcap -r "$tmp/pktsmith"
is "and over the kernel with nothing" "$(nobody udp send 127.0.0.1 5002 hi --wait --kernel)" 'HI'
text=$(nobody udp send 127.0.0.1 5002 hi 2>&1)
is "without it the system refuses" $? 3
like "and says how to mend it" "$text" "sudo setcap cap_net_raw,cap_net_admin=ep $tmp/pktsmith"

# The record.
in_a "$PKTSMITH" udp send 10.9.0.2 5000 'Hello you there!' --wait -q -w "$tmp/record.pcap"
is "the record holds both datagrams, and their checksums are right" \
	"$(tshark -r "$tmp/record.pcap" -o udp.check_checksum:TRUE -T fields -e ip.dst -e udp.checksum.status udp 2>/dev/null | paste -sd' ')" \
	$'10.9.0.2\t1 10.9.0.1\t1'

# Who reads what is printed may go.
for how in "" --kernel; do
	rm -f "$tmp/gone"
	in_a timeout 30 bash -c '{ "$1" udp listen 6709 $4 2>"$2"; echo "$?" >"$3"; } | head -n 1 >/dev/null' _ \
		"$PKTSMITH" "$tmp/gone.err" "$tmp/gone" "$how" &
	pids+=($!)
	for try in $(seq 200); do
		[ ! -s "$tmp/gone" ] || break
		in_b "$PKTSMITH" udp send 10.9.0.1 6709 x --kernel -q 2>/dev/null
		sleep 0.05
	done
	is "${how:-ours}: it ends when its reader has gone, and that is no error" "$(cat "$tmp/gone")" 0
	is "${how:-ours}: nor is anything said of it" "$(grep -v listening "$tmp/gone.err")" ""
done
done_testing

#!/usr/bin/env bash
# The rows of bench.sh about UDP and TCP: frames of pktsmith's own beside the kernel's sockets, against the same kernel peer, which
# has cubic. bench.sh reads it; by itself it is `bench.sh` with these rows alone. As root.
#
# Two namespaces and a veth pair of their own, with offloads, and with the processors as the kernel hands them out.
tcp_rows='tcp-send tcp-send-input tcp-receive tcp-send-plain tcp-receive-plain tcp-loss-1000 tcp-loss-100 tcp-process tcp-thousand
	tcp-thousand-back tcp-open tcp-rate udp-send'
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	for word in "$@"; do # a row is named
		case $word in tcp-* | udp-*) tcp_rows= ;; esac
	done
	exec "$(dirname "$0")/bench.sh" "$@" $tcp_rows
fi

tcp_a=pktsmith-$lab-ta tcp_b=pktsmith-$lab-tb
connections=${pktsmith%/*}/tests/peers/connections
octets=1000000000 # of a single stream

tcp_down() {
	stop
	[ ! -e "/run/netns/$tcp_a" ] || ip netns del "$tcp_a"
	[ ! -e "/run/netns/$tcp_b" ] || ip netns del "$tcp_b"
}
# The eight addresses of the kernel's clients are 10.8.0.11 to 18; those of pktsmith's own 10.8.0.21 to 28.
tcp_up() {
	local address
	[ "$(id -u)" = 0 ] || fail "this row needs root"
	[ -x "$connections" ] || fail "there is no $connections: make bench builds it" 2
	tcp_down
	ip netns add "$tcp_a"
	ip netns add "$tcp_b"
	ip -n "$tcp_a" link add va type veth peer name vb netns "$tcp_b"
	for address in 1 $(seq 11 18); do ip -n "$tcp_a" addr add "10.8.0.$address/24" dev va; done
	ip -n "$tcp_b" addr add 10.8.0.2/24 dev vb
	for address in "$tcp_a lo" "$tcp_b lo" "$tcp_a va" "$tcp_b vb"; do ip -n ${address% *} link set "${address#* }" up; done
	# For whoever has many connections: no port is short, no SYN is dropped.
	ip netns exec "$tcp_a" sysctl -qw net.ipv4.ip_local_port_range='10000 65535'
	ip netns exec "$tcp_b" sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535
	ip netns exec "$tcp_a" sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535
}
at_a() { ip netns exec "$tcp_a" "$@"; }
at_b() { ip netns exec "$tcp_b" "$@"; }
offloads() {
	at_a ethtool -K va tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
	at_b ethtool -K vb tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
}

# start COMMAND...: beside the script, until it says that it listens; stop: its end.
start() {
	: >"$dir/said"
	"$@" >"$dir/said" 2>&1 &
	running=$!
	until grep -q -i listening "$dir/said"; do
		kill -0 "$running" 2>/dev/null || fail "it ended: $* $(cat "$dir/said")"
		sleep 0.02
	done
}
stop() {
	[ -n "$running" ] || return 0
	kill -KILL -- "-$running" 2>/dev/null || true
	wait "$running" 2>/dev/null || true
	# Its children hold their port until the kernel has closed all they had.
	while kill -0 -- "-$running" 2>/dev/null; do sleep 0.01; done
	running=
}
# number KEY: of the report in $dir/report.
number() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" "$dir/report"; }

# One in $1 frames that arrive at $2 of namespace $3 is lost: a native XDP program; none with 0.
lose() {
	ip -n "$3" link set "$2" xdp off 2>/dev/null || true
	[ "$1" != 0 ] || return 0
	wants clang
	clang -O2 -target bpf -c -x c -o "$dir/lose.o" - <<-END
		static unsigned int (*random_number)(void) = (void *)7;
		__attribute__((section("xdp"), used)) int lose(void *context) { return random_number() % $1 ? 2 : 1; }
		char terms[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
	END
	ip -n "$3" link set "$2" xdp obj "$dir/lose.o" sec xdp
}

# ---- one stream ----

# A kernel end in Python, whose time is the kernel's: sink, or source ADDRESS.
cat >"$dir/stream.py" <<'END'
import socket, sys
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
if sys.argv[1] == "sink":
    sock.bind(("0.0.0.0", 7000)); sock.listen(1)
    print("listening", flush=True)
    sock, _ = sock.accept()
    room = bytearray(262144)
    while sock.recv_into(room): pass
else:
    sock.connect((sys.argv[2], 7000))
    octets, size = memoryview(bytes(262144)), int(sys.argv[3])
    while size > 0:
        size -= sock.send(octets[:size])
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)
END
# Only what a listener says of itself is of interest.
listen() { "$1" sh -c 'exec "$0" tcp listen 7000 "$@" 2>&1 >/dev/null' "$pktsmith" "${@:2}"; }

# Gigabits a second: stream FROM TO ADDRESS SENDER RECEIVER. The receiver is ours or kernel; the sender is either, out of its memory,
# or sends its standard input, a file: input (ours), kernel-input.
stream() {
	local began
	if [ "$5" = ours ]; then
		start listen "$2" -n 1
	else
		start "$2" /usr/bin/python3 "$dir/stream.py" sink
	fi
	began=$EPOCHREALTIME
	case $4 in
		ours) "$1" "$pktsmith" tcp connect "$3" 7000 -n 1 --size "$octets" -q >/dev/null ;;
		kernel) "$1" /usr/bin/python3 "$dir/stream.py" source "$3" "$octets" ;;
		input) "$1" "$pktsmith" tcp connect "$3" 7000 <"$dir/zeros" ;;
		kernel-input) "$1" "$pktsmith" tcp connect "$3" 7000 --kernel <"$dir/zeros" ;;
	esac
	wait "$running"
	running=
	awk -v a="$began" -v b="$EPOCHREALTIME" -v n="$octets" 'BEGIN { printf "%.3f\n", n * 8 / (b - a) / 1e9 }'
}
send_with() { stream at_a at_b 10.8.0.2 "$1" kernel; }
receive_with() { stream at_b at_a 10.8.0.1 kernel "$1"; }
streams() { # WHAT HOW
	compare "tcp: one stream $1, $2" Gbit/s more "$1_with ours" kernel "$1_with kernel"
}
row_tcp-send() { tcp_up; streams send "offloads on"; }
row_tcp-send-input() {
	tcp_up
	truncate -s "$octets" "$dir/zeros"
	compare "tcp: standard input sent, offloads on" Gbit/s more "send_with input" --kernel "send_with kernel-input"
}
row_tcp-receive() { tcp_up; streams receive "offloads on"; }
row_tcp-send-plain() { tcp_up; offloads off; streams send "offloads off"; }
row_tcp-receive-plain() { tcp_up; offloads off; streams receive "offloads off"; }
streams_lossy() {
	tcp_up
	lose "$1" vb "$tcp_b"; streams send "one in $1 lost"; lose 0 vb "$tcp_b"
	lose "$1" va "$tcp_a"; streams receive "one in $1 lost"; lose 0 va "$tcp_a"
}
row_tcp-loss-1000() { streams_lossy 1000; }
row_tcp-loss-100() { streams_lossy 100; }

# ---- connections ----

# Processes a second, one after the other: each connects, sends an octet, has it back, and is done.
processes() {
	local count=100 began i
	start at_b "$connections" serve 7000 echo
	began=$EPOCHREALTIME
	for i in $(seq "$count"); do at_a "$pktsmith" tcp connect 10.8.0.2 7000 x ${1-} >/dev/null; done
	awk -v a="$began" -v b="$EPOCHREALTIME" -v n="$count" 'BEGIN { printf "%.1f\n", n / (b - a) }'
	stop
}
row_tcp-process() { tcp_up; compare "tcp: a process connects, one octet back" /s more "processes " "--kernel" "processes --kernel"; }

gigabits() { awk -v s="$1" 'BEGIN { printf "%.3f\n", 16 / s }'; } # 1,000 times 2 MB
thousand_ours() {
	start at_b "$connections" serve 7000
	at_a "$pktsmith" tcp connect 10.8.0.2 7000 -n 1000 --parallel 1000 --size 2MB --json >"$dir/report"
	stop
	gigabits "$(number seconds)"
}
thousand_kernel() {
	start at_b "$connections" serve 7000
	at_a "$connections" load 10.8.0.2 7000 1000 1000 2000000 >"$dir/report"
	stop
	gigabits "$(cat "$dir/report")"
}
row_tcp-thousand() { tcp_up; compare "tcp: 1,000 connections send 2 MB each" Gbit/s more thousand_ours kernel thousand_kernel; }

thousand_back() { # SERVER...
	start "$@"
	at_b "$connections" load 10.8.0.1 7000 1000 1000 2000000 >"$dir/report"
	stop
	gigabits "$(cat "$dir/report")"
}
row_tcp-thousand-back() {
	tcp_up
	compare "tcp: 1,000 connections receive 2 MB each" Gbit/s more "thousand_back listen at_a" kernel \
		"thousand_back at_a $connections serve 7000"
}

# All 10,000 are open when the first octet is sent; each sends 1,000, and every one that comes back is compared.
open_with() { # SERVER...
	tcp_up
	start at_b "$@"
	at_a "$connections" echo 10.8.0.2 7000 10000 1000
	stop
}
row_tcp-open() {
	compare "tcp: 10,000 open at once, an echo on each" s less "open_with $pktsmith tcp listen 7000 --echo" kernel \
		"open_with $connections serve 7000 echo"
}

# The kernel's client leaves its TIME-WAITs in the namespace: each run has a new one.
rate_ours() {
	tcp_up
	start at_b "$connections" serve 7000
	at_a "$pktsmith" tcp connect 10.8.0.2 7000 -n 50000 --parallel 64 -i va --source-ip 10.8.0.21..10.8.0.28 --json >"$dir/report"
	stop
	number connections_per_second
}
rate_kernel() {
	tcp_up
	start at_b "$connections" serve 7000
	at_a "$connections" load 10.8.0.2 7000 50000 64 0 10.8.0.1{1..8} >"$dir/report"
	stop
	awk '{ printf "%.1f\n", 50000 / $1 }' "$dir/report"
}
row_tcp-rate() { compare "tcp: connect and close, eight addresses" /s more rate_ours kernel rate_kernel; }

# ---- datagrams ----

# Thousands of frames a second that arrive at the far end, while a command runs for two seconds: super-frames are cut before.
arrive() {
	local began packets
	packets=$(tcp_received) began=$EPOCHREALTIME
	at_a "$@" >"$dir/sender" 2>&1 || fail "it failed: $* $(cat "$dir/sender")"
	awk -v c="$(($(tcp_received) - packets))" -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", c / (b - a) / 1e3 }'
}
tcp_received() { ip -n "$tcp_b" -s -j link show dev vb | sed 's/.*"rx":{[^}]*"packets":\([0-9]*\).*/\1/'; }
udp_ours() { arrive "$pktsmith" udp send 10.8.0.2 5202 --size 1400 -n 1000000 -q; }
udp_iperf3() { arrive iperf3 -u -b 0 -l 1400 -t 2 -c 10.8.0.2; }
row_udp-send() {
	wants iperf3
	tcp_up
	at_a ethtool -K va tx-udp-segmentation off
	start at_b /usr/bin/python3 -c 'import socket, subprocess
sock = socket.socket(type=socket.SOCK_DGRAM); sock.bind(("0.0.0.0", 5202)) # full at once, and never refused
subprocess.call(["iperf3", "-s", "--forceflush"])'
	compare "udp: datagrams of 1,400 octets" kframes/s more udp_ours iperf3 udp_iperf3
	stop
}

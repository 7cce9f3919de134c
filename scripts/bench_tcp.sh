#!/usr/bin/env bash
# Measures TCP over frames of pktsmith's own beside the kernel's, in turn, against the same kernel peer, which has cubic; prints
# medians and their ratio. As root.
#
#   bench_tcp.sh [--runs N] [--size OCTETS] [ROW...]     rows: send receive send-plain receive-plain loss-1000 loss-100 rate
#
# Only ratios within one run mean anything. Two namespaces of its own and a veth pair between them.
set -eu
cd "$(dirname "$0")/.."
P=$(realpath "${BUILD:-build}/pktsmith")
runs=5 size=1000000000 rows=
while [ $# -gt 0 ]; do
	case $1 in
	--runs) runs=$2; shift 2 ;;
	--size) size=$2; shift 2 ;;
	*) rows="$rows $1"; shift ;;
	esac
done
rows=${rows:-send receive send-plain receive-plain loss-1000 loss-100 rate}
dir=$(mktemp -d /dev/shm/bench_tcp.XXXXXX)
A=pkta$$ B=pktb$$
finish() {
	local job
	for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
	ip netns del "$A" 2>/dev/null || true
	ip netns del "$B" 2>/dev/null || true
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

ip netns add "$A"; ip netns add "$B"
ip -n "$A" link add va type veth peer name vb netns "$B"
for end in "$A va 10.8.0.1" "$B vb 10.8.0.2"; do
	set -- $end
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$1" link set "$2" up
	ip -n "$1" link set lo up
done
offloads() {
	ip netns exec "$A" ethtool -K va tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
	ip netns exec "$B" ethtool -K vb tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null 2>&1
}

# One in $1 frames that arrive at $2 of namespace $3 is lost: a native XDP program; none with 0.
lose() {
	ip -n "$3" link set "$2" xdp off 2>/dev/null || true
	[ "$1" != 0 ] || return 0
	cat >"$dir/lose.c" <<-C
		static unsigned int (*random_number)(void) = (void *)7;
		__attribute__((section("xdp"), used)) int lose(void *context)
		{
			return random_number() % $1 ? 2 : 1;
		}
		char terms[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
	C
	clang -O2 -target bpf -c "$dir/lose.c" -o "$dir/lose.o"
	ip -n "$3" link set "$2" xdp obj "$dir/lose.o" sec xdp
}

truncate -s "$size" "$dir/zeros"

# A kernel end in Python, whose time is the kernel's: peer NAMESPACE sink|source ADDRESS PORT.
cat >"$dir/peer.py" <<'PY'
import socket, sys
what, address, port, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
if what == "sink":
    sock.bind((address, port)); sock.listen(1)
    print("listening", flush=True)
    sock, _ = sock.accept()
    room = bytearray(262144)
    while sock.recv_into(room): pass
else:
    sock.connect((address, port))
    octets = memoryview(bytes(262144))
    while size > 0:
        size -= sock.send(octets[:size])
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)
PY

# Gigabits a second from one namespace to the other: speed FROM TO ADDRESS SENDER RECEIVER, each of them ours or kernel.
speed() {
	local start end receiver
	: >"$dir/said"
	if [ "$5" = ours ]; then
		ip netns exec "$2" "$P" tcp listen 7000 -n 1 >/dev/null 2>"$dir/said" & receiver=$!
	else
		ip netns exec "$2" python3 "$dir/peer.py" sink 0.0.0.0 7000 0 >"$dir/said" & receiver=$!
	fi
	until grep -q listening "$dir/said" 2>/dev/null; do sleep 0.02; done
	start=$EPOCHREALTIME
	if [ "$4" = ours ]; then
		ip netns exec "$1" "$P" tcp connect "$3" 7000 <"$dir/zeros"
	else
		ip netns exec "$1" python3 "$dir/peer.py" source "$3" 7000 "$size"
	fi
	wait "$receiver"
	end=$EPOCHREALTIME
	awk -v a="$start" -v b="$end" -v n="$size" 'BEGIN { printf "%.3f\n", n * 8 / (b - a) / 1e9 }'
}

# Connections a second, one after the other, to a kernel server.
rate() {
	local count=200 start end server i
	ip netns exec "$B" "$P" tcp listen 7000 --echo --kernel 2>"$dir/said" & server=$!
	until grep -q listening "$dir/said" 2>/dev/null; do sleep 0.02; done
	start=$EPOCHREALTIME
	for i in $(seq "$count"); do ip netns exec "$A" "$P" tcp connect 10.8.0.2 7000 x $1 >/dev/null; done
	end=$EPOCHREALTIME
	kill -INT "$server"
	wait "$server" || true
	awk -v a="$start" -v b="$end" -v n="$count" 'BEGIN { printf "%.1f\n", n / (b - a) }'
}

median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
compare() {
	local name=$1 unit=$2 ours=$3 theirs=$4 a b
	: >"$dir/ours"; : >"$dir/theirs"
	for _ in $(seq "$runs"); do $ours >>"$dir/ours"; $theirs >>"$dir/theirs"; done
	a=$(median <"$dir/ours") b=$(median <"$dir/theirs")
	awk -v n="$name" -v u="$unit" -v a="$a" -v b="$b" 'BEGIN { printf "%-40s %9.2f %-8s kernel %9.2f %8.2f x\n", n, a, u, b, a / b }'
}
to_kernel() { speed "$A" "$B" 10.8.0.2 ours kernel; }
from_kernel() { speed "$B" "$A" 10.8.0.1 kernel ours; }
kernel_there() { speed "$A" "$B" 10.8.0.2 kernel kernel; }
kernel_back() { speed "$B" "$A" 10.8.0.1 kernel kernel; }

for row in $rows; do
	case $row in
	send) offloads on; compare "send, offloads on" Gbit/s to_kernel kernel_there ;;
	receive) offloads on; compare "receive, offloads on" Gbit/s from_kernel kernel_back ;;
	send-plain) offloads off; compare "send, offloads off" Gbit/s to_kernel kernel_there ;;
	receive-plain) offloads off; compare "receive, offloads off" Gbit/s from_kernel kernel_back ;;
	loss-*)
		offloads on
		lose "${row#loss-}" vb "$B"; compare "send, one in ${row#loss-} lost" Gbit/s to_kernel kernel_there; lose 0 vb "$B"
		lose "${row#loss-}" va "$A"; compare "receive, one in ${row#loss-} lost" Gbit/s from_kernel kernel_back; lose 0 va "$A"
		;;
	rate) compare "connect, one octet back, close; a process" /s "rate " "rate --kernel" ;;
	*) echo "bench_tcp.sh: no row $row" >&2; exit 2 ;;
	esac
done

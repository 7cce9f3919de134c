#!/usr/bin/env bash
# Measures pktsmith beside the tools it replaces, each run in turn with theirs, and prints medians and their ratio.
#
#   bench.sh [--json] [--runs N] [ROW...]     rows: show, send (default: all); send needs root
#
# Only ratios within one run mean anything: machines drift. All run on one core, the last. A new row is a function row_NAME
# that calls compare.
set -eu
# Job control: what runs beside the script then minds SIGINT, and is a process group with its children.
set -m
cd "$(dirname "$0")/.."
pktsmith=$PWD/${BUILD:-build}/pktsmith
[[ ${BUILD-} != /* ]] || pktsmith=$BUILD/pktsmith
rows='show send' json=false runs=7
core=$(($(nproc) - 1))
lab=bench$$
dir=$(mktemp -d)
running=
finish() {
	[ -z "$running" ] || kill -KILL -- "-$running" 2>/dev/null || true
	[ ! -e "/run/netns/pktsmith-$lab-a" ] || scripts/lab.sh down "$lab" >/dev/null
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() { echo "bench.sh: $1" >&2; exit "${2:-3}"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# compare NAME UNIT BETTER OURS THEIR-NAME THEIRS: runs the functions OURS and THEIRS in turn; each prints one number.
# BETTER: less or more. The ratio says how many times better ours is.
compare() {
	local name=$1 unit=$2 better=$3 ours=$4 their_name=$5 theirs=$6 a b ratio
	: >"$dir/ours"
	: >"$dir/theirs"
	for _ in $(seq "$runs"); do
		"$ours" >>"$dir/ours"
		"$theirs" >>"$dir/theirs"
	done
	a=$(median <"$dir/ours") b=$(median <"$dir/theirs")
	ratio=$(awk -v a="$a" -v b="$b" -v better="$better" 'BEGIN { printf "%.2f", better == "more" ? a / b : b / a }')
	if $json; then
		printf '{"type":"row","name":"%s","unit":"%s","better":"%s","runs":%d,"pktsmith":%s,"peer":"%s","peer_value":%s,"ratio":%s}\n' \
			"$name" "$unit" "$better" "$runs" "$a" "$their_name" "$b" "$ratio"
	else
		awk -v n="$name" -v u="$unit" -v a="$a" -v p="$their_name" -v b="$b" -v r="$ratio" \
			'BEGIN { printf "%-44s %12.2f %-9s %12.2f %-8s %8.2f x\n", n, a, u, b, p, r }'
	fi
}

# ---- show: one process that builds one frame ----

milliseconds() {
	local start=$EPOCHREALTIME
	taskset -c "$core" "$@" >/dev/null
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", (b - a) * 1e3 }'
}
show_ours() { milliseconds "$pktsmith" show udp --format hex; }
show_scapy() {
	milliseconds /usr/bin/python3 -c 'from scapy.layers.inet import Ether, IP, UDP
print(bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="10.0.0.2") /
	UDP(sport=40000, dport=5000) / b"hello\n").hex())'
}
row_show() { compare "show: a UDP frame, a process of its own" ms less show_ours scapy show_scapy; }

# ---- send: one static frame as fast as it goes, over a veth pair; what the other end counted ----

received() { ip -n "pktsmith-$lab-b" -s -j link show dev eth1 | sed 's/.*"rx":{[^}]*"packets":\([0-9]*\).*/\1/'; }

# Thousands of frames a second, between half a second and one and a half after the start.
thousands_a_second() {
	local c0 c1 t0 t1
	ip netns exec "pktsmith-$lab-a" taskset -c "$core" "$@" >"$dir/sender" 2>&1 &
	running=$!
	sleep 0.5
	t0=$EPOCHREALTIME c0=$(received)
	sleep 1
	t1=$EPOCHREALTIME c1=$(received)
	kill -INT -- "-$running" 2>/dev/null || fail "it ended too soon: $* $(cat "$dir/sender")"
	wait "$running" 2>/dev/null || true
	running=
	awk -v c="$((c1 - c0))" -v a="$t0" -v b="$t1" 'BEGIN { printf "%.1f\n", c / (b - a) / 1e3 }'
}
# Both past the queueing discipline, as trafgen does by default, and to nobody's MAC, so that the receiver's IP stack has no part in it.
send_ours() { thousands_a_second "$pktsmith" send udp -s eth.dst=02:00:00:00:00:99 -i eth1 -n 0 -r max -q --qdisc-bypass; }
send_trafgen() { thousands_a_second trafgen --dev eth1 --conf "$dir/frame.cfg" --cpus 1 --num 0; }
row_send() {
	[ "$(id -u)" = 0 ] || fail "the row send needs root"
	scripts/lab.sh up "$lab" >/dev/null
	"$pktsmith" show udp -s eth.dst=02:00:00:00:00:99 --format hex | sed 's/../0x&, /g; s/^/{ /; s/, $/ }/' >"$dir/frame.cfg"
	compare "send: one static frame on veth" kframes/s more send_ours trafgen send_trafgen
	scripts/lab.sh down "$lab" >/dev/null
}

while [ $# -gt 0 ]; do
	case $1 in
	--json) json=true ;;
	--runs) runs=${2:?--runs wants a number}; shift ;;
	-*) fail "usage: bench.sh [--json] [--runs N] [ROW...]" 2 ;;
	*) break ;;
	esac
	shift
done
[ $# -eq 0 ] || rows=$*
[ -x "$pktsmith" ] || fail "there is no $pktsmith: make first" 2
$json || printf '%-44s %12s %-9s %12s %-8s %8s\n' "median of $runs" pktsmith "" peer "" ratio
for row in $rows; do
	[ "$(type -t "row_$row")" = function ] || fail "there is no row $row" 2
	"row_$row"
done

#!/usr/bin/env bash
# Measures pktsmith beside the tools it replaces, each run in turn with theirs, and prints medians and their ratio.
#
#   bench.sh [--json] [--runs N] [ROW...]     bench.sh --list names the rows (default: all); all but show, match and file need root
#
# Only ratios within one run mean anything: machines drift. Senders run on one core, the last, in a lab of two namespaces
# and a veth pair; the far end counts, and its stack takes no frame: they are to nobody's MAC. The peers are installed by
# install-deps.sh --bench. A new row is a function row_NAME that calls compare, and a word in `rows`.
set -eu
# Job control: what runs beside the script then minds SIGINT, and is a process group with its children.
set -m
cd "$(dirname "$0")/.."
pktsmith=$PWD/${BUILD:-build}/pktsmith
[[ ${BUILD-} != /* ]] || pktsmith=$BUILD/pktsmith
rows='show match send ring xsk gso others vary vary-ring vary-cost vary-xsk vary-xdp replay file threads pacing rate probe-ping probe-million respond'
json=false runs=7
core=$(($(nproc) - 1))
lab=bench$$
dir=$(mktemp -d)
running=
finish() {
	[ -z "$running" ] || kill -KILL -- "-$running" 2>/dev/null || true
	[ ! -e "/run/netns/pktsmith-$lab-a" ] || scripts/lab.sh down "$lab" >/dev/null
	tcp_down
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() { echo "bench.sh: $1" >&2; exit "${2:-3}"; }
wants() { command -v "$1" >/dev/null || fail "there is no $1: scripts/install-deps.sh --bench installs it"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# compare NAME UNIT BETTER OURS THEIR-NAME THEIRS: runs the functions OURS and THEIRS in turn; each prints one number.
# BETTER: less or more. The ratio says how many times better ours is.
compare() {
	local name=$1 unit=$2 better=$3 ours=$4 their_name=$5 theirs=$6 a b ratio
	: >"$dir/ours"
	: >"$dir/theirs"
	for _ in $(seq "$runs"); do
		$ours >>"$dir/ours"
		$theirs >>"$dir/theirs"
	done
	a=$(median <"$dir/ours") b=$(median <"$dir/theirs")
	ratio=$(awk -v a="$a" -v b="$b" -v better="$better" 'BEGIN { printf "%.2f", better == "more" ? a / b : b / a }')
	if $json; then
		printf '{"type":"row","name":"%s","unit":"%s","better":"%s","runs":%d,"pktsmith":%s,"peer":"%s","peer_value":%s,"ratio":%s}\n' \
			"$name" "$unit" "$better" "$runs" "$a" "$their_name" "$b" "$ratio"
	else
		awk -v n="$name" -v u="$unit" -v a="$a" -v p="$their_name" -v b="$b" -v r="$ratio" \
			'BEGIN { printf "%-46s %11.2f %-9s %11.2f %-10s %8.2f x\n", n, a, u, b, p, r }'
	fi
}

# ---- UDP and TCP ----

. scripts/bench_tcp.sh
. scripts/bench_measure.sh
rows="$rows $tcp_rows $measure_rows"

# ---- match: one frame that arrives is read, looked up and held against its request ----

match_pair() {
	local link='eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)' back='eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)'
	"$pktsmith" show --format hex -e "$link/ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(type=echo-request,id=7,seq=9)"
	"$pktsmith" show --format hex -e "$back/ipv4(src=10.0.0.2,dst=10.0.0.1)/icmp(type=echo-reply,id=7,seq=9)"
}
match_ours() { match_pair | paste -sd' ' | taskset -c "$core" "${pktsmith%/*}/tests/peers/answer" --time 1000000 | awk '{ print $2 + $3 }'; }
match_scapy() {
	match_pair | taskset -c "$core" /usr/bin/python3 -c '
import sys, time
from scapy.layers.inet import Ether
sent, received = (bytes.fromhex(line) for line in sys.stdin)
sent = Ether(sent)
start = time.perf_counter_ns()
for _ in range(2000):
	answer = Ether(received)
	assert answer.hashret() == sent.hashret() and answer.answers(sent)
print((time.perf_counter_ns() - start) / 2000)'
}
row_match() { compare "match: an echo reply, read, found and judged" ns less match_ours scapy match_scapy; }

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

# ---- what is sent: the same frames for all, 60 octets without FCS, to a MAC that is nobody's ----

cat >"$dir/static.yaml" <<'END'
layers:
  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.0.0.1, dst: 10.1.0.1}
  - udp: {sport: 1024, dport: 1000}
  - payload: {fill: 0, size: 18}
END
cat >"$dir/static.cfg" <<'END'
{ eth(da=02:00:00:00:00:99, sa=02:00:00:00:00:01), ipv4(sa=10.0.0.1, da=10.1.0.1), udp(sp=1024, dp=1000), fill(0x00, 18) }
END
# The kernel counts the segments' identification up.
sed 's/ipv4: {/ipv4: {id: {inc: 0..65535}, /' "$dir/static.yaml" >"$dir/flow.yaml"
# Source port random, destination port and address counting, a counter of four octets in the payload; and the checksums.
cat >"$dir/vary.yaml" <<'END'
layers:
  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}}
  - udp: {sport: {random: 1024..65535}, dport: {inc: 1000..2000}}
  - payload: {value: {fill: 0, size: 18}, bits: 112..143, inc: 0..4294967295}
END
# trafgen's dinc takes addresses as numbers alone: 10.1.0.0 to 10.1.255.255.
cat >"$dir/vary.cfg" <<'END'
{ eth(da=02:00:00:00:00:99, sa=02:00:00:00:00:01), ipv4(sa=10.0.0.1, da=dinc(167837696, 167903231)), udp(sp=drnd(), dp=dinc(1000, 2000)),
  dinc(0, 255), dinc(0, 255), dinc(0, 255), dinc(0, 255), fill(0x00, 14) }
END

# ---- rates over a veth pair, as the far end counts ----

in_lab() { ip netns exec "pktsmith-$lab-$1" "${@:2}"; }
lab_up() {
	[ "$(id -u)" = 0 ] || fail "this row needs root"
	[ -e "/run/netns/pktsmith-$lab-a" ] || scripts/lab.sh up "$lab" >/dev/null
}
lab_down() { scripts/lab.sh down "$lab" >/dev/null; }
received() { ip -n "pktsmith-$lab-b" -s -j link show dev eth1 | sed 's/.*"rx":{[^}]*"packets":\([0-9]*\).*/\1/'; }

# Thousands of frames a second, between half a second and one and a half after the start.
thousands_a_second() {
	local c0 c1 t0 t1
	in_lab a taskset -c "${cores:-$core}" "$@" >"$dir/sender" 2>&1 &
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
# Both past the queueing discipline, as trafgen does by default.
ours() { thousands_a_second "$pktsmith" send "$dir/$1.yaml" -i eth1 -n 0 -r max -q --backend "${@:2}"; }
trafgen() { thousands_a_second trafgen --dev eth1 --conf "$dir/$1.cfg" --cpus 1 --num 0; }

# rate NAME FRAME BACKEND...: ours beside trafgen with the same frame; rate_beside THEIR-FRAME: with another one.
rate_beside() { compare "$2" kframes/s more "ours ${*:3}" trafgen "trafgen $1"; }
rate() { rate_beside "$2" "$@"; }
row_send() { lab_up; wants trafgen; rate "send: a static frame, packet" static packet --qdisc-bypass; }
row_ring() { lab_up; wants trafgen; rate "send: a static frame, ring" static ring --qdisc-bypass; }
row_xsk() { lab_up; wants trafgen; rate "send: a static frame, xsk" static xsk; }
row_gso() { lab_up; wants trafgen; rate_beside static "send: UDP of one flow, gso" flow gso; }
row_vary() { lab_up; wants trafgen; rate "send: four varying fields, packet" vary packet --qdisc-bypass; }
row_vary-ring() { lab_up; wants trafgen; rate "send: four varying fields, ring" vary ring --qdisc-bypass; }
row_vary-xsk() { lab_up; wants trafgen; rate "send: four varying fields, xsk" vary xsk; }
row_vary-cost() {
	lab_up
	compare "send: four varying fields against none, packet" kframes/s more "ours vary packet --qdisc-bypass" static \
		"ours static packet --qdisc-bypass"
}
row_threads() {
	local cores=0-$core
	lab_up
	[ "$core" -gt 0 ] || fail "the row threads needs two processors"
	compare "send: a static frame, two threads, packet" kframes/s more "ours static packet --qdisc-bypass --threads 2" "one thread" \
		"ours static packet --qdisc-bypass"
}

# The far end drops all in XDP: it then takes XDP frames, and costs the sender's core least. For both alike.
row_vary-xdp() {
	lab_up
	wants trafgen
	make_drop
	ip -n "pktsmith-$lab-b" link set dev eth1 xdpdrv obj "$dir/drop.o" section xdp
	rate "send: four varying fields, xdp, far end drops" vary xdp
	ip -n "pktsmith-$lab-b" link set dev eth1 xdpdrv off
}

mausezahn() { thousands_a_second mausezahn eth1 -a 02:00:00:00:00:01 -b 02:00:00:00:00:99 -A 10.0.0.1 -B 10.1.0.1 -t udp sp=1024,dp=1000 -P 000000000000000000 -c 0; }
# It asks the kernel for the way, and its frames are for the neighbour: one that is nobody.
hping3() {
	ip -n "pktsmith-$lab-a" neigh replace 10.0.0.99 lladdr 02:00:00:00:00:99 dev eth1
	thousands_a_second hping3 --udp -p 1000 -s 1024 -k -d 18 --flood -q 10.0.0.99
}
nping() {
	thousands_a_second nping -q --udp -g 1024 -p 1000 --data-length 18 --source-mac 02:00:00:00:00:01 --dest-mac 02:00:00:00:00:99 \
		-e eth1 --source-ip 10.0.0.1 --no-capture -c 0 --rate 100000000 10.0.0.99
}
scapy() {
	thousands_a_second /usr/bin/python3 -c 'from scapy.all import Ether, IP, UDP, sendp
sendp(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:99") / IP(src="10.0.0.1", dst="10.1.0.1") / UDP(sport=1024, dport=1000) / (b"\0" * 18),
	iface="eth1", loop=1, inter=0, verbose=0)'
}
row_others() {
	local peer
	lab_up
	for peer in mausezahn hping3 nping scapy; do
		[ "$peer" = scapy ] || wants "$peer"
		compare "send: a static frame, packet" kframes/s more "ours static packet" "$peer" "$peer"
	done
}

# ---- replay: 100,000 frames of 60 octets, over and over ----

make_capture() {
	[ -e "$dir/replay.pcap" ] || "$pktsmith" send "$dir/vary.yaml" -q -n 100000 -r max -w "$dir/replay.pcap"
}
replay_by() { thousands_a_second "$pktsmith" replay "$dir/replay.pcap" -i eth1 --loop 0 -r max -q --backend "$@"; }
replay_tcpreplay() { thousands_a_second tcpreplay -q -i eth1 --preload-pcap --topspeed --loop 0 "$dir/replay.pcap"; }
row_replay() {
	lab_up
	wants tcpreplay
	make_capture
	compare "replay: 100,000 frames from memory, packet" kframes/s more "replay_by packet --qdisc-bypass" tcpreplay replay_tcpreplay
	compare "replay: 100,000 frames from memory, ring" kframes/s more "replay_by ring --qdisc-bypass" tcpreplay replay_tcpreplay
	compare "replay: 100,000 frames from memory, xsk" kframes/s more "replay_by xsk" tcpreplay replay_tcpreplay
}

# ---- file: a template into a capture file ----

frames_to_file() {
	local start=$EPOCHREALTIME
	taskset -c "$core" "$@" >"$dir/sender" 2>&1 || fail "it failed: $* $(cat "$dir/sender")"
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", 3e6 / (b - a) / 1e3 }'
}
file_ours() { frames_to_file "$pktsmith" send "$dir/vary.yaml" -q -n 3000000 -r max -w "$dir/out.pcap"; }
file_trafgen() { frames_to_file trafgen --conf "$dir/vary.cfg" --out "$dir/out.pcap" --cpus 1 --num 3000000; }
row_file() { wants trafgen; compare "send -w: four varying fields, 3 M frames" kframes/s more file_ours trafgen file_trafgen; }

# ---- pacing: 10,000 frames a second, as the far end's kernel sees their gaps ----

# receive SECONDS COMMAND...: what arrives while COMMAND sends, into $dir/gaps.pcap.
receive() {
	in_lab b "$pktsmith" capture -i eth1 -q -d "$1" -w "$dir/gaps.pcap" ether dst 02:00:00:00:00:99 >/dev/null 2>&1 &
	running=$!
	sleep 0.5
	in_lab a taskset -c "$core" "${@:2}" >"$dir/sender" 2>&1 || fail "it failed: ${*:2} $(cat "$dir/sender")"
	wait "$running"
	running=
}
# Reads the times of $dir/gaps.pcap, in nanoseconds, and has them worked on by the line of Python that is given.
times() {
	/usr/bin/python3 - "$dir/gaps.pcap" "$1" <<-'END'
		import struct, sys
		octets = open(sys.argv[1], "rb").read()
		times, at = [], 24
		while at + 16 <= len(octets):
		    seconds, fraction, captured, _ = struct.unpack_from("<IIII", octets, at)
		    times.append(seconds * 10**9 + fraction)
		    at += 16 + captured
		exec(sys.argv[2])
	END
}
# The share of gaps within 512 ns of 100 us, in per cent, over the middle of two seconds.
even_gaps() {
	receive 3 "$@"
	times 'gaps = [b - a for a, b in zip(times, times[1:])][1000:-1000]
print("%.2f" % (100 * sum(abs(gap - 100000) <= 512 for gap in gaps) / len(gaps)))'
}
# How far the mean rate of ten seconds is off, from the first frame to the last, in millionths. (More than one, for a ratio.)
mean_error() {
	receive 11.5 "$@"
	times 'mean = (times[-1] - times[0]) / (100000 - 1)
print("%.2f" % max(1, abs(mean - 100000) * 10))'
}
pacing_ours() { even_gaps "$pktsmith" send "$dir/static.yaml" -i eth1 -n 20000 -r 10kpps -q --realtime; }
pacing_plain() { even_gaps "$pktsmith" send "$dir/static.yaml" -i eth1 -n 20000 -r 10kpps -q; }
pacing_tcpreplay() { even_gaps tcpreplay -q -i eth1 --preload-pcap -p 10000 -L 20000 "$dir/replay.pcap"; }
mean_ours() { mean_error "$pktsmith" send "$dir/static.yaml" -i eth1 -n 100000 -r 10kpps -q --realtime; }
mean_tcpreplay() { mean_error tcpreplay -q -i eth1 --preload-pcap -p 10000 -L 100000 "$dir/replay.pcap"; }
row_pacing() {
	lab_up
	wants tcpreplay
	make_capture
	compare "send -r 10kpps --realtime: gaps within 512 ns" % more pacing_ours tcpreplay pacing_tcpreplay
	compare "send -r 10kpps: gaps within 512 ns" % more pacing_plain tcpreplay pacing_tcpreplay
}
row_rate() {
	lab_up
	wants tcpreplay
	make_capture
	compare "send -r 10kpps --realtime: mean rate off by" ppm less mean_ours tcpreplay mean_tcpreplay
}

# ---- probe: round trips, and a million of them ----

# Microseconds. Both ask the kernel at the far end a hundred times, 10 ms apart. ping's stamp of what leaves is its own, before the
# system call, and so is --stamps program; the kernel's leaves the way to the driver out, and is shorter by that.
ping_ours() {
	in_lab a "$pktsmith" probe ping -D target=10.0.0.2 -i eth1 -n 100 -r 100/s --json --summary "$@" >"$dir/sender"
	sed -n 's/^ *"p50": \([0-9]*\).*/\1/p' "$dir/sender" | awk '{ printf "%.2f\n", $1 / 1e3 }'
}
ping_theirs() { in_lab a ping -n -c 100 -i 0.01 10.0.0.2 | sed -n 's/.*time=\([0-9.]*\) ms/\1/p' | median | awk '{ printf "%.2f\n", $1 * 1e3 }'; }
row_probe-ping() {
	lab_up
	wants ping
	compare "probe --stamps program: a ping's median" us less "ping_ours --stamps program" ping ping_theirs
	compare "probe, by the kernel's stamps: a ping's median" us less ping_ours ping ping_theirs
}

# A million echo requests to 65,536 addresses, of which each is turned around in XDP at the far end; all have to be matched. The
# replies are to nobody's MAC, so that the stack has no work with them.
cat >"$dir/million.yaml" <<'END'
layers:
  - eth: {dst: 02:00:00:00:00:98, src: 02:00:00:00:00:99}
  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}}
  - icmp: {type: echo-request, id: {inc: 1..16, each: cycle}, seq: 1}
  - payload: {pattern: inc, size: 18}
END
turn_around() {
	in_lab a ethtool -K eth1 gro on >/dev/null
	mkfifo "$dir/hold"
	in_lab b "$(dirname "$pktsmith")/tests/peers/turnaround" eth1 <"$dir/hold" >"$dir/turning" &
	exec 7>"$dir/hold"
	while ! grep -qs ready "$dir/turning"; do sleep 0.05; done
}
million() {
	in_lab a "$pktsmith" probe "$dir/million.yaml" -i eth1 -n 1000000 -r max --json --summary >"$dir/sender" ||
		fail "not all of a million were matched: $(cat "$dir/sender")"
	sed -n 's/^ *"probes_per_second": \([0-9]*\).*/\1/p' "$dir/sender" | awk '{ printf "%.1f\n", $1 / 1e3 }'
}
target_200() { echo 200; }
row_probe-million() {
	lab_up
	turn_around
	compare "probe: 1 M probes to 65,536 hosts, all matched" kprobes/s more million target target_200
	exec 7>&-
	wait
	rm "$dir/hold"
	in_lab a ethtool -K eth1 gro off >/dev/null
}

# ---- respond: answers a second ----

# What is asked on the first core is answered on the last one, and counted where it was asked; the answers are to nobody's MAC,
# and so are the questions: of an ARP request to all the kernel of the far end would have its work on the first core.
ask_ping='eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:98)/ipv4(src=10.0.0.1,dst=10.9.7.7)/icmp(id=1,seq=inc(0..65535))/payload(fill=0x41,size=18)'
ask_udp='eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:98)/ipv4(src=10.0.0.1,dst=10.9.7.7)/udp(sport=inc(1024..65535),dport=7)/payload(fill=0x41,size=18)'
ask_arp='eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:98)/arp(sha=02:00:00:00:00:98,spa=10.0.0.1,tpa=inc(10.9.0.0/16))'
came_back() { ip -n "pktsmith-$lab-a" -s -j link show dev eth1 | sed 's/.*"rx":{[^}]*"packets":\([0-9]*\).*/\1/'; }
# answers BACKEND QUESTION RESPONDER BACKEND: asked by the first, answered by the second.
answers() {
	local asker=$1 question=$2 answering c0 c1 t0 t1
	in_lab b taskset -c "$core" "$pktsmith" respond "$3" -i eth1 --backend "$4" -q >"$dir/responder" 2>&1 &
	answering=$!
	sleep 0.8
	in_lab a taskset -c 0 "$pktsmith" send -e "$question" -i eth1 -n 0 -r max -q --backend "$asker" >"$dir/sender" 2>&1 &
	running=$!
	sleep 0.5
	t0=$EPOCHREALTIME c0=$(came_back)
	sleep 1
	t1=$EPOCHREALTIME c1=$(came_back)
	kill -INT -- "-$running" 2>/dev/null || fail "it ended too soon: $(cat "$dir/sender")"
	wait "$running" 2>/dev/null || true
	running=
	kill -INT -- "-$answering" 2>/dev/null || fail "it ended too soon: $(cat "$dir/responder")"
	wait "$answering" 2>/dev/null || true
	awk -v c="$((c1 - c0))" -v a="$t0" -v b="$t1" 'BEGIN { printf "%.1f\n", c / (b - a) / 1e3 }'
}
target_500() { echo 500; }
row_respond() {
	lab_up
	compare "respond: pings answered, packet" kframes/s more "answers packet $ask_ping ping-echo packet" target target_500
	compare "respond: UDP echoed, packet" kframes/s more "answers packet $ask_udp udp-echo packet" target target_500
	compare "respond: ARP answered, packet" kframes/s more "answers packet $ask_arp arp-prefix packet" target target_500
	in_lab a ethtool -K eth1 gro on >/dev/null
	compare "respond: pings answered, xdp" kframes/s more "answers xdp $ask_ping ping-echo xdp" packet "answers packet $ask_ping ping-echo packet"
	in_lab a ethtool -K eth1 gro off >/dev/null
}

while [ $# -gt 0 ]; do
	case $1 in
	--json) json=true ;;
	--list) echo $rows; exit 0 ;;
	--runs) runs=${2:?--runs wants a number}; shift ;;
	-*) fail "usage: bench.sh [--json] [--runs N] [--list] [ROW...]" 2 ;;
	*) break ;;
	esac
	shift
done
[ $# -eq 0 ] || rows=$*
[ -x "$pktsmith" ] || fail "there is no $pktsmith: make first" 2
$json || printf '%-46s %11s %-9s %11s %-10s %8s\n' "median of $runs" pktsmith "" peer "" ratio
for row in $rows; do
	[ "$(type -t "row_$row")" = function ] || fail "there is no row $row" 2
	"row_$row"
done

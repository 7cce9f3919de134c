#!/usr/bin/env bash
# What `send`, `measure` and `probe` show on a terminal while they run, and what is left of it at the end: support/screen.py is the
# terminal, and keeps each drawing. What it says is compared with the JSON report of the same run.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
. tests/support/relay.sh
peer_pid=
sending_up
trap 'relay_down; [ -z "$peer_pid" ] || kill "$peer_pid"; netns_down; rm -rf "$tmp"' EXIT
if ! /usr/bin/python3 -c 'import pyte' 2>/dev/null; then
	echo "1..0 # SKIP no pyte"
	exit 0
fi

# view TERM LOCALE COLUMNS ROWS [key=SECONDS] COMMAND...: in $drawing what screen.py tells.
view() {
	local term=$1 locale=$2
	shift 2
	drawing=$(TERM=$term LC_ALL=$locale /usr/bin/python3 tests/support/screen.py "$@" </dev/null)
}
drawn() { jq "$@" <<<"$drawing"; }
# shown WORD: what stood last in the line that begins so.
shown() { drawn -r --arg word "$1" '.drawn[-1][] | select(startswith($word))'; }
# Numbers of what is drawn; both_of FILTER: of the drawing, and of the report in $tmp/json as $report.
numbers='
	def scaled: capture("(?<n>[0-9.]+) (?<p>[kMG]?)(frames|probes)/s") | (.n | tonumber) * {"": 1, k: 1e3, M: 1e6, G: 1e9}[.p];
	def ns: capture("(?<n>[0-9.]+) (?<p>ns|us|ms|s)$") | (.n | tonumber) * {ns: 1, us: 1e3, ms: 1e6, s: 1e9}[.p];
	def percent: capture("(?<n>[0-9.e+-]+) %") | .n | tonumber;
	def counts: [scan("[0-9][0-9,]*") | gsub(","; "") | tonumber];
	def track(word): map(select(startswith(word)))[0];
	def mean: add / length;
	def near(other; share): . >= other * (1 - share) and . <= other * (1 + share);'
both_of() { drawn --slurpfile all "$tmp/json" "$numbers \$all[0] as \$report | $1"; }
# narrow ROW COMMAND...: a terminal that is too narrow, too low, or knows no cursor has a line alone.
narrow() {
	local words=$1 size
	shift
	for size in "xterm C 40 24" "xterm C 100 2" "dumb C 100 24"; do
		view $size "$@"
		is "one line alone, of a terminal that is $size: $words" \
			"$(drawn -c '[(.drawn | length > 0), (.drawn | all(length == 1))]')" '[true,true]'
		is "no wider than it" "$(drawn --argjson columns "$(cut -d' ' -f3 <<<"$size")" '[.drawn[][] | length] | max < $columns')" true
	done
	is "and none that it does not know" "$(drawn .escapes)" false
	like "which is taken away at the end" "$(drawn -r '.end[0]')" '^(sent|probes) '
}

# into_json [key=SECONDS] COMMAND...: the report goes to $tmp/json.
into_json() {
	local keys=()
	[[ $1 != key=* ]] || { keys=("$1"); shift; }
	view xterm C.UTF-8 100 24 "${keys[@]}" bash -c 'exec "${@:2}" >"$1"' - "$tmp/json" "$@"
}
# What of the view is left at the end: 0.
left() { drawn '[.end[] | select(test("^(rate|lost|RTT|received|latency) .*[▁▂▃▄▅▆▇█]  [0-9]| left; | lost, [0-9.]+ s$"))] | length'; }

# ---- send ----

frame='eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:01,type=0x88b5)/"paced"'
send=(ip netns exec "$NS_A" "$PKTSMITH" send -e "$frame" -i "$IF_A" -d 1s -r 1kpps --realtime)
view xterm C.UTF-8 100 24 "${send[@]}"
like "a terminal sees frames, share, time left, rates" "$(drawn -r '.drawn[-1][0]')" \
	'^[0-9,]+ frames, [0-9]+ %, [0-9]+ s left; .*/s now, .*/s mean, .*bit/s$'
like "the rate is drawn as a sparkline" "$(shown rate)" '^rate +(▁|▂|▃|▄|▅|▆|▇|█)+  [0-9.]+ k?frames/s$'
is "in place: two lines each time" "$(drawn -c '.drawn | [length > 1, all(length == 2)]')" '[true,true]'
is "and none at the end" "$(drawn -r '.end[0][:4]'):$(left)" "sent:0"
view xterm C 100 24 "${send[@]}"
like "in ASCII, where the locale has no more" "$(shown rate)" '^rate +[_.:=+*#-]+  [0-9.]+ k?frames/s$'
narrow send "${send[@]}"
view xterm C 100 24 "${send[@]}" -q
is "-q is quiet there" "$(drawn -c '[.drawn, .end]')" '[[],[]]'

# ---- measure: every second frame is dropped on the way ----

relay_up
relay drop
measure=("$PKTSMITH" measure -e 'eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:01)/ipv4(src=192.0.2.1,dst=192.0.2.2)/udp()/"a payload of forty octets, or thereabout"'
	--tx "$NS_A/$IF_A" --rx "$NS_B/vd" -r 1kpps -d 2s --wait 200ms)
into_json "${measure[@]}" --json
is "measure shows rate, what came, what was lost, and latency" "$(drawn -r '.drawn[-1][1:][] | split(" ")[0]' | sort | paste -sd' ')" "latency lost rate received"
like "as sparklines" "$(shown latency)" '^latency +(▁|▂|▃|▄|▅|▆|▇|█)+  [0-9.]+ (us|ms|s)$'
is "in place: as many lines each time" "$(drawn -c '.drawn | [length > 5, all(length == 5)]')" '[true,true]'
is "the frames grow up to what the report has" \
	"$(both_of '[.drawn[][0] | counts[0]] | [. == sort, .[-1] <= $report.sent, .[-1] > $report.sent / 2]' | jq -c)" '[true,true,true]'
is "the rate is the report's" "$(both_of '[.drawn[] | track("rate") | scaled] | mean | near($report.sent / $report.sender.seconds; 0.3)')" true
is "so is that of what came" "$(both_of '[.drawn[] | track("received") | scaled] | mean | near($report.received / $report.sender.seconds; 0.3)')" true
is "and the share that was lost: half" "$(both_of '.drawn[-1] | track("lost") | percent | . - 100 * $report.lost / $report.sent | fabs < 2')" true
is "every latency lies within the report's" \
	"$(both_of '[.drawn[] | track("latency") | ns] | min >= $report.latency_ns.min * 0.98 and max <= $report.latency_ns.max * 1.02')" true
is "a terminal has nothing of it at the end" "$(drawn -c '[.end, .hidden, .status]')" '[[],false,1]'

into_json key=0.3 "${measure[@]}" --json -d 60s
is "Ctrl-C ends it, with a report" "$(both_of '[.status, $report.sent < 60000, .end, .hidden]' | jq -c)" '[1,true,[],false]'
is "that has what was shown" "$(both_of '(.drawn[-1][0] | counts[0]) <= $report.sent')" true
view xterm C.UTF-8 100 24 key=0.3 "${measure[@]}" -d 60s
is "people get theirs where the view stood, and the cursor" "$(drawn -c '[.end[0][:4], .hidden]') $(left)" '["sent",false] 0'
narrow measure "${measure[@]}" -d 1s
into_json "${measure[@]}" --json -d 1s -q
is "-q is quiet there" "$(drawn -c '[.drawn, .end]')" '[[],[]]'

# ---- measure --receive alone: the sender is another process ----

# It says on the terminal alone when it receives; its socket is there then.
cat >"$tmp/alone" <<'END'
#!/bin/bash
# alone NS_A IF_A NS_B IF_B FRAME RECEIVER...: sends to the receiver, from the background, once no other sender is left.
. tests/support/wait.sh
no_sender() { [ -z "$(ip netns pids "$1")" ]; }
receives() { ip netns exec "$1" awk -v at="$2" '$5 == at { found = 1 } END { exit !found }' /proc/net/packet; }
await no_sender "$1"
(
	await receives "$3" "$(ip netns exec "$3" cat "/sys/class/net/$4/ifindex")"
	exec ip netns exec "$1" "$PKTSMITH" measure --send -e "$5" -i "$2" -r 1kpps -n 1600 -q
) &
exec ip netns exec "$3" "$PKTSMITH" measure --receive -i "$4" "${@:6}"
END
chmod +x "$tmp/alone"
export PKTSMITH
alone=("$tmp/alone" "$NS_A" "$IF_A" "$NS_B" vd "${measure[3]}")
relay drop
into_json "${alone[@]}" --wait 300ms --json
is "--receive says on the terminal that it does" "$(drawn -c '[.drawn[][0]] | unique')" '["pktsmith: receiving on vd"]'
drawing=$(drawn '.drawn |= map(.[1:])') # what is drawn below that
is "and shows what came, what was lost, and latency" "$(drawn -r '.drawn[-1][1:][] | split(" ")[0]' | sort | paste -sd' ')" "latency lost received"
like "below how far it is" "$(drawn -r '.drawn[-1][0]')" '^[0-9,]+ frames received, [0-9]+ lost, [0-9.]+ s$'
like "as sparklines" "$(shown latency)" '^latency +(▁|▂|▃|▄|▅|▆|▇|█)+  [0-9.]+ (us|ms|s)$'
is "which grows up to what the report has" \
	"$(both_of '[.drawn[][0] | counts] | [(map(.[0]) | . == sort and .[-1] == $report.received), (map(.[1]) | . == sort and .[-1] == $report.lost)]' | jq -c)" \
	'[true,true]'
is "the rate is the report's" "$(both_of '[.drawn[] | track("received") | scaled | select(. > 100)] | mean | near($report.received / $report.seconds; 0.3)')" true
is "and the share that was lost" "$(both_of '.drawn[-1] | track("lost") | percent | . - 100 * $report.lost / ($report.lost + $report.received) | fabs < 2')" true
is "every latency lies within the report's" \
	"$(both_of '[.drawn[] | track("latency") | values | ns] | length > 3 and min >= $report.latency_ns.min * 0.98 and max <= $report.latency_ns.max * 1.02')" true
is "a terminal has nothing of it at the end, but that it received" "$(drawn -c '[.end, .hidden, .status]')" '[["pktsmith: receiving on vd"],false,1]'
into_json "${alone[@]}" -n 500 --wait 1s --json
like "with -n it says of how many" "$(drawn -r '.drawn[-1][1]')" '^[0-9]+ of 500 frames received, [0-9]+ lost, [0-9.]+ s$'
into_json key=0.3 "${alone[@]}" --json
is "Ctrl-C ends it, with a report" "$(both_of '[$report.role, .end, .hidden]' | jq -c)" '["receive",["pktsmith: receiving on vd"],false]'
into_json "${alone[@]}" -n 500 --wait 1s --json -q
is "-q is quiet there" "$(drawn -c '[.drawn, .end]')" '[[],[]]'
relay_down
# A sender whose clock is an hour behind.
cat >"$tmp/behind.py" <<'PY'
import socket, struct, sys, time
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((sys.argv[1], 0))
for sequence in range(150):
    made = (time.time_ns() - 3600 * 10**9) % (1 << 48)
    link.send(bytes.fromhex("02000000009902000000000188b5") + bytes(40) + struct.pack(">IHI", 0x9e4b7a35, 0, sequence) + made.to_bytes(6, "big"))
    time.sleep(0.01)
PY
cat >"$tmp/behind" <<'END'
#!/bin/bash
. tests/support/wait.sh
no_sender() { [ -z "$(ip netns pids "$1")" ]; }
receives() { ip netns exec "$1" awk 'NR > 1 { found = 1 } END { exit !found }' /proc/net/packet; }
await no_sender "$1"
(
	await receives "$3"
	exec ip netns exec "$1" /usr/bin/python3 "${0}.py" "$2"
) &
exec ip netns exec "$3" "$PKTSMITH" measure --receive -i "$4" -n 150 --wait 2s --json
END
chmod +x "$tmp/behind"
into_json "$tmp/behind" "$NS_A" "$IF_A" "$NS_B" "$IF_B"
drawing=$(drawn '.drawn |= map(.[1:])')
like "where clocks differ it is above the least" "$(shown latency)" '^latency .*  [0-9.]+ [num]s above least$'
is "and below the report's most" "$(both_of '[.drawn[] | track("latency") | values | rtrimstr(" above least") | ns] | length > 3 and min >= 0 and max <= $report.latency_ns.max * 1.02')" true

# ---- probe: a peer that takes its time, and passes over the first probes ----

cat >"$tmp/probe.yaml" <<'YAML'
layers:
  - eth: {dst: 02:00:00:00:09:0b}
  - ipv4: {dst: 10.9.0.2}
  - udp: {sport: {inc: 20000..60000}, dport: 7777}
  - payload: "how long does it take?"
YAML
ip netns exec "$NS_B" /usr/bin/python3 tests/support/probe_peer.py 10.9.0.2 7777 delay=0.03 deaf=100 >"$tmp/peer" &
peer_pid=$!
await grep -qs ready "$tmp/peer"
probe=(ip netns exec "$NS_A" "$PKTSMITH" probe "$tmp/probe.yaml" -i "$IF_A" -r 200/s --timeout 400ms)
into_json "${probe[@]}" -n 400 --json
is "probe shows rate, what was lost, and the round trip" "$(drawn -r '.drawn[-1][1:][] | split(" ")[0]' | sort | paste -sd' ')" "RTT lost rate"
like "below how far it is" "$(drawn -r '.drawn[-1][0]')" '^[0-9]+ of 400 probes, [0-9]+ answered, [1-9][0-9]+ lost, [0-9.]+ s$'
like "as sparklines" "$(shown RTT)" '^RTT +[▁▂▃▄▅▆▇█ ]+  [0-9.]+ ms$'
is "in place: as many lines each time" "$(drawn -c '.drawn | [length > 5, all(length == 4)]')" '[true,true]'
is "probes and answers grow up to what the report has" \
	"$(both_of '[.drawn[][0] | counts] | [(map(.[0]) | . == sort and .[-1] <= $report.probes_sent), (map(.[2]) | . == sort and .[-1] <= $report.answers), (map(.[3]) | .[-1] >= 100 and .[-1] <= $report.lost)]' | jq -c)" \
	'[true,true,true]'
is "the share that was lost is that of the line above" \
	"$(both_of '[.drawn[] | (track("lost") | percent) - 100 * (.[0] | counts | .[3] / .[0]) | fabs] | max < 0.6')" true
is "the rate is the report's" "$(both_of '[.drawn[] | track("rate") | scaled | select(. > 0)] | mean | near(200; 0.3)')" true
is "every round trip lies within the report's" \
	"$(both_of '[.drawn[] | track("RTT") | select(test("s$")) | ns] | length > 3 and min >= $report.rtt_ns.min * 0.98 and max <= $report.rtt_ns.max * 1.02')" true
is "a terminal has nothing of it at the end" "$(drawn -c '[.end, .hidden, .status]')" '[[],false,1]'

into_json key=0.3 "${probe[@]}" -n 20000 --json
is "Ctrl-C ends it, with a report" "$(both_of '[$report.probes_sent < 20000, $report.answers > 0, .end, .hidden]' | jq -c)" '[true,true,[],false]'
is "that has what was shown" "$(both_of '.drawn[-1][0] | counts | .[0] <= $report.probes_sent and .[2] <= $report.answers')" true
view xterm C.UTF-8 100 24 key=0.3 "${probe[@]}" -n 20000 --summary
is "people get theirs where the view stood, and the cursor" "$(drawn -c '[.end[0][:6], .hidden]') $(left)" '["probes",false] 0'
narrow probe "${probe[@]}" -n 200 --summary
view xterm C.UTF-8 100 24 "${probe[@]}" -n 150
is "where each probe has a line there is no view" "$(drawn -c '.drawn, ([.end[] | select(test("^ +[0-9]+  "))] | length)' | paste -sd' ')" "[] 150"

done_testing

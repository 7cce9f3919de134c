#!/usr/bin/env bash
# --report of measure, its benchmarks, and probe: the pages say what --json says, of a path with known faults too, are valid,
# and look well in a browser.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/path.sh
PKTSMITH=$(realpath "${PKTSMITH:-build/pktsmith}")
tmp=$(mktemp -d)
pages=$tmp/pages
mkdir "$pages"

netns_up
trap 'path_down; netns_down; rm -rf "$tmp"' EXIT
netns_quiet
cat >"$tmp/frame.yaml" <<Y
name: "of <two>"
frames:
  - {name: "a & b", layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {dst: 10.9.0.2, src: 10.9.0.1}}, {udp: {dport: 9}}, {payload: {fill: 0, size: 64}}]}
  - {name: plain, layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {dst: 10.9.0.3, src: 10.9.0.1}}, {udp: {dport: 9}}, {payload: {fill: 0, size: 64}}]}
Y

# What the page says: a tile's or a row's value.
says() { # PAGE NAME
	/usr/bin/python3 - "$1" "$2" <<'Y'
import sys
import html5lib
tree = html5lib.parse(open(sys.argv[1], "rb").read(), transport_encoding="utf-8", namespaceHTMLElements=False)
for row in list(tree.iter("tr")) + [d for d in tree.iter("div") if d.find("dt") is not None]:
    cells = list(row)
    if cells and "".join(cells[0].itertext()) == sys.argv[2]:
        value = cells[1]
        small = value.find("small")
        text = "".join(value.itertext())
        print(text[:len(text) - len("".join(small.itertext()))] if small is not None else text)
Y
}
charts_of() { grep -o 'figcaption><strong>[^<]*' "$1" | sed 's/.*>//' | paste -sd'|'; }
number() { tr -d ', ' <<<"$1"; }

# ---- measure ----
"$PKTSMITH" measure "$tmp/frame.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" -r 5kpps -n 3000 --report "$pages/clean.html" --json >"$tmp/json"
is "measure writes a page beside its JSON" "$?:$(jq .received "$tmp/json")" 0:3000
for name in sent received lost duplicated reordered corrupted; do
	is "the page has the JSON's number of $name" "$(number "$(says "$pages/clean.html" "$name" | head -n 1)")" "$(jq ".$name" "$tmp/json")"
done
is "its streams" "$(says "$pages/clean.html" 0):$(says "$pages/clean.html" 1)" "a & b:plain"
charts="Latency|Latency by percentile|Gaps between frames|Gaps by percentile|Rate over time|Loss over time|Latency over time"
is "and its charts" "$(charts_of "$pages/clean.html")" \
	"$charts"
like "and the verdict" "$(cat "$pages/clean.html")" 'verdict good">✓ All frames came once, in order and unchanged'
text=$("$PKTSMITH" measure "$tmp/frame.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" -r 5kpps -n 300)
like "people read a histogram at the end" "$text" '^ +[0-9.]+ [um]s +[█▏▎▍▌▋▊▉#]+ +[0-9]+ +[0-9.]+ %$'
is "whose last row holds all" "$(tail -n 1 <<<"$text" | grep -o '100.00 %$')" "100.00 %"
"$PKTSMITH" measure "$tmp/frame.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --engine xdp -r 5kpps -n 2000 -q --report "$pages/xdp.html"
is "the xdp engine's page has the same" "$?:$(charts_of "$pages/xdp.html")" "0:$charts"
like "each stream has a curve of its own" "$(cat "$pages/clean.html")" '0: a &amp; b'

# ---- two reports, put together ----
# Not to the end of a tenth of a second: there it is chance which stretch has the last frame.
ip netns exec "$NS_B" "$PKTSMITH" measure --receive "$tmp/frame.yaml" -i "$IF_B" -n 3250 --wait 5s --json --report "$pages/receiver.html" >"$tmp/received" &
receiver=$!
began "$receiver"
in_a "$PKTSMITH" measure --send "$tmp/frame.yaml" -i "$IF_A" -r 5kpps -n 3250 --json --report "$pages/sender.html" >"$tmp/sent"
wait "$receiver"
"$PKTSMITH" measure --merge "$tmp/sent" "$tmp/received" --report - >"$pages/merged.html"
is "the page of two reports put together" "$?:$(says "$pages/merged.html" sent):$(says "$pages/merged.html" received)" 0:3,250:3,250
is "has the charts of one that did both" "$(charts_of "$pages/merged.html")" "$charts"
is "with what was sent and what came" "$(grep -o 'at arrival\|when sent' "$pages/merged.html" | sort -u | paste -sd'|')" "at arrival|when sent"
# The same points: what is drawn of what came is octet by octet that of the receiver's own page.
drawn() { # PAGE TITLE
	/usr/bin/python3 - "$1" "$2" <<'Y'
import re
import sys
for figure in re.findall(r'<figure class="chart.*?</figure>', open(sys.argv[1], encoding="utf-8").read(), re.S):
    if "<strong>" + sys.argv[2] + "<" in figure:
        print(re.sub(r'(id|href|clip-path|aria-labelledby|fill|mask)="[^"]*"', "", figure))
Y
}
for title in Latency "Latency by percentile" "Latency over time" "Loss over time"; do
	is "that of the receiver alone: $title" "$(drawn "$pages/merged.html" "$title" | md5sum)" "$(drawn "$pages/receiver.html" "$title" | md5sum)"
	check "which is something" test -n "$(drawn "$pages/merged.html" "$title")"
done
# As an older version wrote them.
jq 'del(.latency_ns.cells, .arrival_gap_ns.cells, .cells, .rates_interval_ns, .rates_start_ns) | .streams |= map(del(.latency_ns.cells, .arrival_gap_ns.cells))' \
	"$tmp/received" >"$tmp/older"
"$PKTSMITH" measure --merge "$tmp/sent" "$tmp/older" --report "$pages/older.html" --json >"$tmp/json" 2>"$tmp/err"
is "an older receiver's is put together, too" "$?:$(jq -c '[.sent, .received, .lost, (.rates | length > 2)]' "$tmp/json")" "0:[3250,3250,0,true]"
is "and what it lacks is said" "$(cat "$tmp/err")" "pktsmith: $tmp/older has no histograms, as an older pktsmith wrote it: there are no charts of latencies and gaps at arrival
pktsmith: $tmp/older does not tell what came in each stretch of time: there are no charts of it"
is "and left out" "$(charts_of "$pages/older.html")" "Gaps between frames|Gaps by percentile"
is "that of a sender alone" "$(says "$pages/sender.html" sent)" 3,250

for benchmark in throughput latency loss back-to-back; do
	"$PKTSMITH" measure rfc2544 $benchmark "$tmp/frame.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" --sizes 128,512 --max-rate 20Mbps-wire \
		--trial 100ms --resolution 10% --report "$pages/$benchmark.html" --json >"$tmp/json"
	is "rfc2544 $benchmark has its curves" "$(grep -c '<figure class="chart' "$pages/$benchmark.html"):$(grep -c 'There is nothing to draw' "$pages/$benchmark.html")" \
		"$(case $benchmark in throughput | latency) echo 3 ;; *) echo 1 ;; esac):0"
done

# ---- probe ----
in_b ip addr add 10.9.0.2/24 dev "$IF_B"
in_a ip addr add 10.9.0.1/24 dev "$IF_A"
in_b ip route add local 10.9.0.128/25 dev "$IF_B"
in_b sysctl -qw net.ipv4.icmp_echo_ignore_all=0
in_a "$PKTSMITH" probe arp-scan -D range=10.9.0.0/24 -i "$IF_A" --timeout 500ms --json --report "$pages/scan.html" >"$tmp/json"
is "probe writes a page beside its JSON" "$?" 1
is "with the answers" "$(says "$pages/scan.html" answered):$(says "$pages/scan.html" lost)" "$(jq -r '"\(.answers):\(.lost)"' "$tmp/json")"
is "a dot for each, for each width of page" "$(($(grep -o '<circle class="fill"[^>]*><title>' "$pages/scan.html" | wc -l) / 3))" "$(jq .answers "$tmp/json")"
is "and a mark for each that is lost" "$(grep -o '<path class="miss" d="[^"]*v-9"' "$pages/scan.html" | head -n 1 | grep -o M | wc -l)" "$(jq .lost "$tmp/json")"
in_a "$PKTSMITH" probe traceroute -D target=10.9.0.2 -i "$IF_A" --timeout 500ms -q --report "$pages/trace.html"
like "a trace has its path" "$(cat "$pages/trace.html")" '<th scope="row">1</th><td>10.9.0.2<small>'
in_a "$PKTSMITH" probe "$tmp/frame.yaml" -i "$IF_A" -n 2 --timeout 50ms -q --report "$pages/unanswered.html"
like "nothing answered is told" "$?:$(cat "$pages/unanswered.html")" 'verdict bad">✗ 0 of 2 probes answered'

# ---- a path with faults ----
path_up
path 106 1500 655 655 655
"$PKTSMITH" measure "$tmp/frame.yaml" --tx "$NS_A/$IF_A" --rx "$NS_B/$IF_B" -r 5kpps -d 1s --json --report "$pages/faulty.html" >"$tmp/json"
is "of a path with faults, too, the page has the JSON's numbers" "$?:$(for name in lost duplicated reordered corrupted; do
	number "$(says "$pages/faulty.html" $name | head -n 1)"; done | paste -sd:)" "1:$(jq -r '"\(.lost):\(.duplicated):\(.reordered):\(.corrupted)"' "$tmp/json")"
like "and draws the faults over time" "$(cat "$pages/faulty.html")" 'Duplicated, reordered and corrupted over time'

# ---- as a browser sees them ----
is "all pages are valid HTML" "$(/usr/bin/python3 -c '
import sys, html5lib
for path in sys.argv[1:]:
    parser = html5lib.HTMLParser()
    parser.parse(open(path, "rb").read(), transport_encoding="utf-8")
    for error in parser.errors: print(path, error)' "$pages"/*.html 2>&1)" ""
if command -v chromium >/dev/null; then
	/usr/bin/python3 tests/cli/report.py make "$tmp/harness.html" "$pages"/*.html
	for scheme in 0 1; do
		nice chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$tmp/profile" --enable-logging=stderr \
			--blink-settings=preferredColorScheme=$scheme --virtual-time-budget=120000 --dump-dom "file://$tmp/harness.html" >"$tmp/dom" 2>"$tmp/log"
		like "and look well, $([ $scheme = 1 ] && echo light || echo dark)" \
			"$(/usr/bin/python3 tests/cli/report.py judge "$tmp/dom" | paste -sd' '; grep -o 'CONSOLE.*' "$tmp/log")" '^looked at [0-9]+ views, plots on rgb\([0-9, ]+\)$'
	done
fi
done_testing

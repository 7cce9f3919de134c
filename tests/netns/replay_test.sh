#!/usr/bin/env bash
# replay: what arrives is what the capture holds, at its times, changed as asked; by two interfaces; and what it refuses.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
PKTSMITH=$(realpath "${PKTSMITH:-build/pktsmith}")
sending_up

# 200 frames 2 ms apart: 100 from a client, each answered by a server.
/usr/bin/python3 - "$tmp/talk.pcap" <<'END'
import sys
from scapy.all import Ether, IP, UDP, Raw, PcapWriter
writer = PcapWriter(sys.argv[1], nano=True)
client, server = ("02:00:00:00:00:c1", "10.1.0.1", 40000), ("02:00:00:00:00:51", "10.1.0.2", 53)
for i in range(200):
    (mac, ip, port), (mac2, ip2, port2) = (server, client) if i % 2 else (client, server)
    frame = Ether(src=mac, dst=mac2) / IP(src=ip, dst=ip2, id=i) / UDP(sport=port, dport=port2) / Raw(b"number %d" % i)
    frame.time = 1700000000 + i * 0.002
    writer.write(frame)
writer.close()
END
frames_of() { tshark -r "$1" -T fields -e frame.len -e eth.src -e ip.id -e ip.src -e ip.dst -e udp.srcport -e udp.dstport \
	-e udp.payload -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -e ip.checksum.status -e udp.checksum.status 2>/dev/null; }
wanted=$(frames_of "$tmp/talk.pcap")

# Captures on b what replay sends from a: replayed FILE COUNT ARG...
replayed() {
	local file=$1 count=$2
	shift 2
	ip netns exec "$NS_B" "$PKTSMITH" capture -i "$IF_B" -n "$count" -d 60 -q -w "$file" 'ether[6:4] = 0x02000000' 2>"$tmp/capture.err" &
	local reader=$!
	began "$reader"
	in_a "$PKTSMITH" replay "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	wait "$reader"
}

replayed "$tmp/got.pcap" 200 "$tmp/talk.pcap" -i "$IF_A"
is "a capture is replayed" "$status" 0
is "each frame arrives as it was, in order" "$(frames_of "$tmp/got.pcap")" "$wanted"
like "the file and the interface are told" "$(cat "$tmp/out")" '200 frames, 0.398 s from the first to the last'
like "and that all left" "$(cat "$tmp/out")" "interface  $IF_A counted 200 frames, the same"
# By the far end's clock: never faster, and on a busy machine somewhat slower.
span() { tshark -r "$1" -T fields -e frame.time_relative 2>/dev/null | tail -1; }
check "it takes as long as the capture did" awk -v s="$(span "$tmp/got.pcap")" 'BEGIN { exit !(s > 0.39 && s < 1) }'

replayed "$tmp/got.pcap" 200 "$tmp/talk.pcap" -i "$IF_A" --speed 4x --json
check "four times faster is a quarter of the time" awk -v s="$(span "$tmp/got.pcap")" 'BEGIN { exit !(s > 0.095 && s < 0.35) }'
is "JSON says it" "$(jq -c '[.frames_sent, .frames_failed, .file.frames_read, .file.rewritten, .interface_frames]' "$tmp/out")" '[200,0,200,0,200]'

replayed "$tmp/got.pcap" 200 "$tmp/talk.pcap" -i "$IF_A" -r max -s ipv4.ttl=3 --map 10.1.0.0/16=192.168.0.0/16 --map 53=5353 \
	--map 02:00:00:00:00:51=02:00:00:00:00:aa
is "fields and addresses change, and checksums follow" "$(frames_of "$tmp/got.pcap")" \
	"$(sed 's/10\.1\.0\./192.168.0./g; s/\t53\t/\t5353\t/g; s/02:00:00:00:00:51/02:00:00:00:00:aa/g' <<<"$wanted")"
is "the field is what was asked" "$(tshark -r "$tmp/got.pcap" -T fields -e ip.ttl 2>/dev/null | sort -u)" 3
like "the report counts the frames changed" "$(cat "$tmp/out")" '200 frames changed'

replayed "$tmp/got.pcap" 300 "$tmp/talk.pcap" -i "$IF_A" -r 20kpps --loop 3 --limit 100
is "passes follow each other" "$(frames_of "$tmp/got.pcap")" "$(for _ in 1 2 3; do head -100 <<<"$wanted"; done)"
replayed "$tmp/got.pcap" 250 "$tmp/talk.pcap" -i "$IF_A" -r max --loop 0 -n 250
is "a count ends the passes" "$(frames_of "$tmp/got.pcap" | wc -l)" 250
replayed "$tmp/got.pcap" 100 "$tmp/talk.pcap" -i "$IF_A" -r max --filter 'udp dst port 53'
is "a filter chooses frames" "$(frames_of "$tmp/got.pcap")" "$(awk -F'\t' '$7 == 53' <<<"$wanted")"
replayed "$tmp/got.pcap" 200 - -i "$IF_A" -r max <"$tmp/talk.pcap"
is "standard input is replayed as it comes" "$status:$(frames_of "$tmp/got.pcap" | cksum)" "0:$(cksum <<<"$wanted")"
gzip -k "$tmp/talk.pcap"
replayed "$tmp/got.pcap" 600 "$tmp/talk.pcap.gz" -i "$IF_A" -r max --stream --loop 3
is "a packed file streams, pass after pass" "$status:$(frames_of "$tmp/got.pcap" | cksum)" "0:$(for _ in 1 2 3; do echo "$wanted"; done | cksum)"
editcap -F pcapng "$tmp/talk.pcap" "$tmp/talk.pcapng"
replayed "$tmp/got.pcap" 200 "$tmp/talk.pcapng" -i "$IF_A" -r max --backend ring
is "a pcapng file, through the ring" "$status:$(frames_of "$tmp/got.pcap" | cksum)" "0:$(cksum <<<"$wanted")"

# A slow writer whose buffer ends amid a frame: what is there leaves, and neither -d nor a signal waits for the rest.
slow() { # SECONDS: five frames and a half, and then nothing for so long
	head -c "$(tshark -r "$tmp/talk.pcap" -c 5 -T fields -e frame.len 2>/dev/null | awk '{ n += $1 + 16 } END { print 24 + n + 40 }')" "$tmp/talk.pcap"
	exec sleep "$1"
}
received() { in_b cat "/sys/class/net/$IF_B/statistics/rx_packets"; }
before=$(received)
mkfifo "$tmp/pipe"
slow 60 >"$tmp/pipe" &
writer=$!
ip netns exec "$NS_A" "$PKTSMITH" replay - -i "$IF_A" --json <"$tmp/pipe" >"$tmp/out" &
reader=$!
have_arrived() { [ "$(received)" -ge $((before + $1)) ]; }
await have_arrived 5
is "frames that came through a pipe leave while its writer lives" "$(($(received) - before))" 5
kill -INT "$reader"
wait "$reader"
is "SIGINT ends the wait for more, while the writer lives" "$? $(jq -c '[.frames_sent, .stopped]' "$tmp/out") $(kill "$writer" && echo lives)" '0 [5,true] lives'
wait "$writer"
slow 60 >"$tmp/pipe" &
writer=$!
in_a "$PKTSMITH" replay - -i "$IF_A" -d 1s --filter udp --json <"$tmp/pipe" >"$tmp/out"
is "and so does the duration, with a filter too" \
	"$? $(jq -c '[.frames_asked, .frames_sent, .stopped, .seconds >= 1]' "$tmp/out") $(kill "$writer" && echo lives)" '0 [5,5,false,true] lives'
wait "$writer"

# Two interfaces: the client's frames by the first, the server's by the second; a's second pair ends in b, too.
ip -n "$NS_A" link add two type veth peer name towards netns "$NS_B"
ip -n "$NS_A" link set two up
ip -n "$NS_B" link set towards up
in_b sysctl -qw net.ipv6.conf.towards.disable_ipv6=1
comes_up "$NS_A" two
ip netns exec "$NS_B" "$PKTSMITH" capture -i towards -n 100 -d 60 -q -w "$tmp/server.pcap" 'ether[6:4] = 0x02000000' 2>/dev/null &
other=$!
began "$other"
replayed "$tmp/got.pcap" 100 "$tmp/talk.pcap" -i "$IF_A" --client 'src host 10.1.0.1' --server-interface two --speed 2x --json
wait "$other"
is "the client's side leaves by the one" "$(frames_of "$tmp/got.pcap")" "$(awk -F'\t' '$4 == "10.1.0.1"' <<<"$wanted")"
is "the server's by the other" "$(frames_of "$tmp/server.pcap")" "$(awk -F'\t' '$4 == "10.1.0.2"' <<<"$wanted")"
is "and the sums are of both" "$(jq -c '[.frames_sent, .interface_frames, .file.server_side]' "$tmp/out")" '[200,200,100]'

# Without an interface: into a file, rewritten.
"$PKTSMITH" replay "$tmp/talk.pcap" -q -r max -w "$tmp/file.pcap" --map 10.1.0.2=10.9.9.9
is "offline it rewrites a file" "$?:$(frames_of "$tmp/file.pcap")" "0:$(sed 's/10\.1\.0\.2/10.9.9.9/g' <<<"$wanted")"
"$PKTSMITH" replay "$tmp/talk.pcap" -q -r max -w "$tmp/fcs.pcap" --fcs replace
is "with the right FCS of each" "$(tshark -r "$tmp/fcs.pcap" -o eth.check_fcs:TRUE -T fields -e eth.fcs.status 2>/dev/null | sort | uniq -c | tr -s ' ')" " 200 1"

# Checksums that a kernel left for its device are completed.
/usr/bin/python3 - "$tmp/unfinished.pcap" <<'END'
import sys
from scapy.all import Ether, IP, UDP, Raw, wrpcap
wrpcap(sys.argv[1], [Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=1, dport=2, chksum=0x1234) / Raw(b"x")])
END
"$PKTSMITH" replay "$tmp/unfinished.pcap" -q -r max -w "$tmp/fixed.pcap" --fix-checksums
is "wrong checksums are mended when asked" "$(frames_of "$tmp/fixed.pcap" | cut -f9,10)" "1	1"

is "a dry run says as JSON what would be sent" "$(in_a "$PKTSMITH" replay "$tmp/talk.pcap" -i "$IF_A" --dry-run --json | jq -c '[.frames_asked, .frames_sent, .file.frames_read]')" \
	'[200,0,200]'
is "a count above what the passes have adds none" "$("$PKTSMITH" replay "$tmp/talk.pcap" -r max -w "$tmp/x.pcap" -n 900 --loop 2 --json | jq .frames_sent)" 400
# Of a file that ends amid a frame, what stands before is sent.
head -c 5000 "$tmp/talk.pcap" >"$tmp/torn.pcap"
whole=$(tshark -r "$tmp/torn.pcap" 2>/dev/null | wc -l)
json=$("$PKTSMITH" replay - -r max -w "$tmp/x.pcap" --json <"$tmp/torn.pcap" 2>"$tmp/err")
is "of a torn file the whole frames leave, and the rest is told" "$?:$(jq -c .frames_sent <<<"$json"):$(grep -c 'truncated' "$tmp/err")" "2:$whole:1"

# ---- the page ----
replayed "$tmp/got.pcap" 200 "$tmp/talk.pcap" -i "$IF_A" --report "$tmp/page.html"
is "a page is written" "$status:$(head -c 15 "$tmp/page.html")" "0:<!DOCTYPE html>"
like "that says what left" "$(cat "$tmp/page.html")" '<p class="verdict good">✓ 200 frames left.</p>'
like "by which interface" "$(cat "$tmp/page.html")" "<th scope=\"row\">sent on</th><td>$IF_A, driver veth, MTU "
like "and how to repeat it" "$(cat "$tmp/page.html")" '<pre><span>.*pktsmith</span> <span>replay</span> .*<span>--report</span>'
is "with the gaps that were achieved beside those that were asked" \
	"$(grep -c -e 'aria-hidden.*achieved</li>' -e 'aria-hidden.*asked</li>' "$tmp/page.html")" 4
# 199 gaps of 2 ms; each bar and each outline is there for two widths of page.
like "the gaps asked are the capture's" "$(grep -o 'gap asked, mean</th><td class="number">[^<]*' "$tmp/page.html")" '>2(\.000)?.+ms$'
is "beside the page the report for people is printed" "$(grep -c '^sent ' "$tmp/out")" 1
in_a "$PKTSMITH" replay "$tmp/talk.pcap" -r max -i "$IF_A" --report - >"$tmp/out"
is "- is standard output, and nothing else is there" "$(head -c 15 "$tmp/out"):$(grep -c '^sent ' "$tmp/out")" "<!DOCTYPE html>:0"
mkdir "$tmp/pages"
ip netns exec "$NS_A" "$PKTSMITH" replay "$tmp/talk.pcap" -r 1pps -i "$IF_A" -q --report "$tmp/pages/killed.html" 2>/dev/null &
began $!
kill -KILL $!
wait $! 2>/dev/null
is "a run that is killed leaves no page under its name" "$(ls "$tmp/pages" | grep -c '^killed.html$')" 0
ip netns exec "$NS_A" "$PKTSMITH" replay "$tmp/talk.pcap" -r 1pps -i "$IF_A" -q --report "$tmp/pages/stopped.html" 2>/dev/null &
began $!
kill -INT $!
wait $!
is "one that is stopped tells so" "$?:$(grep -c 'verdict bad.*stopped by a signal' "$tmp/pages/stopped.html")" 1:1

# ---- what it refuses ----
refuses() { # NAME STATUS TEXT COMMAND...
	local name=$1 status=$2 text=$3
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err"
	is "$name" "$?" "$status"
	like "and says why: $text" "$(cat "$tmp/err")" "$text"
}
editcap -s 40 "$tmp/talk.pcap" "$tmp/cut.pcap"
refuses "a frame that was cut is refused" 2 'frame 1 was cut to 40 of its' "$PKTSMITH" replay "$tmp/cut.pcap" -w "$tmp/x.pcap"
"$PKTSMITH" replay "$tmp/cut.pcap" -r max -w "$tmp/x.pcap" --cut send >"$tmp/out"
like "or sent when asked" "$(cat "$tmp/out")" '200 frames cut by a snap length: sent as they are'
refuses "a map wants two of a kind" 2 'both sides have to be of one kind' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" --map 10.0.0.1=80
refuses "a field that is not there is told" 2 'no field "tll" in ipv4' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" -s ipv4.tll=3
refuses "a value that does not fit is told" 2 '300 does not fit in 8 bits' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" -s ipv4.ttl=300
refuses "a filter that does not compile is told" 2 'udp port port' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" --filter 'udp port port'
refuses "standard input has one pass" 2 'can be read but once' "$PKTSMITH" replay - -w "$tmp/x.pcap" --loop 2
refuses "a file does not grow without end" 2 'would grow without end: say how much with -n or -d' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" --loop 0
is "a count bounds it" "$("$PKTSMITH" replay "$tmp/talk.pcap" -r max -w "$tmp/x.pcap" --loop 0 -n 500 --json | jq .frames_sent)" 500
refuses "speed and rate exclude each other" 2 'both say how fast' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" --speed 2x -r max
refuses "no interface is no default" 2 'needs -i IF' "$PKTSMITH" replay "$tmp/talk.pcap"
refuses "one FCS for another wants a device that can" 3 'veth' in_a "$PKTSMITH" replay "$tmp/talk.pcap" -i "$IF_A" --fcs replace
refuses "two want standard output" 2 'both want standard output' "$PKTSMITH" replay "$tmp/talk.pcap" -w - --report -
refuses "so do a page and JSON" 2 'both want standard output' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/x.pcap" --json --report -
refuses "a page that cannot be written is told before anything is sent" 3 'none/page.html' "$PKTSMITH" replay "$tmp/talk.pcap" -w "$tmp/y.pcap" --report "$tmp/none/page.html"
is "and nothing is" "$(ls "$tmp/y.pcap" 2>&1 | grep -c 'No such file')" 1
refuses "a full disk is told" 3 'No space left' in_a "$PKTSMITH" replay "$tmp/talk.pcap" -r max -i "$IF_A" --report /dev/full
refuses "no such file" 3 'No such file' "$PKTSMITH" replay "$tmp/none.pcap" -w "$tmp/x.pcap"
ip -n "$NS_A" link set "$IF_A" down
refuses "an interface that is down sends nothing" 1 'is down' in_a "$PKTSMITH" replay "$tmp/talk.pcap" -i "$IF_A" -r max
done_testing

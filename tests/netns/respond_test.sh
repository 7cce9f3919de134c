#!/usr/bin/env bash
# `respond` in a namespace that has none of the addresses, asked by the kernel of the other one: ping, UDP, TCP, DNS by
# python3, by sockets of its own.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
last=
trap '[ -z "$last" ] || kill "$last" 2>/dev/null; netns_down; rm -rf "$tmp"' EXIT
# The addresses that are asked for are nobody's.
ip -n "$NS_A" addr flush dev "$IF_A"
ip -n "$NS_B" addr add 10.9.255.2/16 dev "$IF_B"

# starts ARG...: respond in the background, until it says that it is ready.
starts() {
	rm -f "$tmp/err" # what the one before said
	ip netns exec "$NS_A" "$PKTSMITH" respond "$@" -i "$IF_A" >"$tmp/out" 2>"$tmp/err" &
	last=$!
	await grep -qs answering "$tmp/err" && return 0
	cat "$tmp/err"
	return 1
}
stops() { kill -INT "$last"; wait "$last"; status=$?; last=; return "$status"; }
report() { /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$tmp/out" "$1"; }
python() { in_b /usr/bin/python3 - "$@"; }

# ---- ping, ARP, neighbours ----
starts arp-prefix ping-echo ping6-echo --json
check "ping of an address of the prefix is answered" in_b ping -c 3 -i 0.1 -W 5 10.9.7.7
check "and one of 1400 octets" in_b ping -c 2 -i 0.1 -W 5 -s 1400 10.9.7.8
check "and one of no data" in_b ping -c 1 -W 5 -s 0 10.9.7.9
check "ping finds the octets that it sent" sh -c '! grep -q wrong' <(in_b ping -c 1 -W 5 -s 500 -p a55a 10.9.7.7)
check "ping of IPv6 is answered, and neighbours are found" in_b ping -c 2 -i 0.1 -W 5 2001:db8:9::77
is "the neighbour is the responder's" "$(in_b ip neigh show 10.9.7.7 | awk '{ print $5 }')" 02:00:00:00:00:99
stops
is "a signal ends it, and it is done" "$status" 0
is "every answer is counted" "$(report answers_sent)" \
	"$(/usr/bin/python3 -c 'import json, sys; print(sum(r["answers"] for r in json.load(open(sys.argv[1]))["rules"]))' "$tmp/out")"
is "none failed" "$(report frames_failed)" 0

# ---- what is told ----
starts arp-prefix ping-echo -v -w "$tmp/answers.pcap"
in_b ip neigh flush dev "$IF_B"
in_b ping -c 1 -W 5 10.9.7.11 >/dev/null
stops
like "-v tells each request" "$(cat "$tmp/out")" '^< .*arp .*10\.9\.7\.11'
like "and its answer" "$(cat "$tmp/out")" '^> .*10\.9\.7\.11 > 10\.9.*icmp echo-reply'
like "and how the rules are answered" "$(cat "$tmp/err")" 'ping-echo: compiled'
like "-w keeps the answers" "$("$PKTSMITH" capture --read "$tmp/answers.pcap")" 'icmp echo-reply'
is "and nothing else" "$("$PKTSMITH" capture --read "$tmp/answers.pcap" -q | grep -c 'echo-request')" 0
starts ping-echo --jsonl
in_b ping -c 1 -W 1 10.9.0.1 >/dev/null
stops
is "--jsonl is an object a frame, the report last" "$(/usr/bin/python3 -c '
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
print(all(row["type"] == "request" for row in rows[:-1]), rows[-1]["type"])' "$tmp/out")" "True report"

# ---- nobody to tell ----
rm -f "$tmp/err"
ip netns exec "$NS_A" "$PKTSMITH" respond arp-prefix ping-echo -v -i "$IF_A" >/dev/full 2>"$tmp/err" &
last=$!
await grep -qs answering "$tmp/err"
in_b ping -c 1 -W 5 10.9.7.12 >/dev/null
wait "$last"; status=$?; last=
is "where nobody can be told it ends, and says so once" "$status $(grep -c 'No space left' "$tmp/err")" "3 1"
rm -f "$tmp/err"
ip netns exec "$NS_A" "$PKTSMITH" respond ping-echo -n 1 -w - -i "$IF_A" >"$tmp/out.pcap" 2>"$tmp/err" &
last=$!
await grep -qs answering "$tmp/err"
in_b ping -c 1 -W 5 10.9.7.12 >/dev/null
wait "$last"; status=$?; last=
is "-w - is the file of answers, and they alone" "$status $(tshark -r "$tmp/out.pcap" -T fields -e icmp.type 2>/dev/null)" "0 0"
like "with the report on standard error" "$(cat "$tmp/err")" '^answered +1$'
fails "--json has no room beside it" 2 "$PKTSMITH" respond ping-echo -w - --json -i "$IF_A"

# ---- limits ----
in_b ip neigh flush dev "$IF_B" # it looks again for whom it knows already
starts arp-prefix ping-echo -D prefix=10.9.7.0/24 -n 3 --json
fails "an address outside of the prefix is not answered" 1 in_b ping -c 1 -W 1 10.9.8.1
in_b ip neigh flush dev "$IF_B"
in_b ping -c 2 -i 0.1 -W 5 10.9.7.10 >/dev/null
wait "$last"; status=$?; last=
is "-n ends it after so many answers" "$status $(report answers_sent)" "0 3"
fails "--timeout without an answer is status 1" 1 in_a "$PKTSMITH" respond udp-echo -i "$IF_A" --timeout 300ms -q
fails "fewer than -n answers are status 1" 1 in_a "$PKTSMITH" respond udp-echo -i "$IF_A" -d 300ms -n 5 -q

# ---- UDP, by the kernel's sockets ----
starts arp-prefix udp-echo --json
is "UDP comes back, whatever its length" "$(python <<'END'
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
good = 0
for length in (0, 1, 2, 17, 18, 19, 100, 1471, 1472):
    data = os.urandom(length)
    s.sendto(data, ("10.9.3.4", 7))
    answer, peer = s.recvfrom(2000)
    good += answer == data and peer == ("10.9.3.4", 7)
print(good)
END
)" 9
is "fragments are refused" "$(python <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.5)
s.sendto(bytes(3000), ("10.9.3.4", 7))
try:
    print(len(s.recv(4000)))
except TimeoutError:
    print("none")
END
)" none
stops
is "and counted" "$(report fragments)" 3

# ---- TCP, by connect ----
starts arp-prefix tcp-open tcp-closed --json
is "connect succeeds where the SYN is answered" "$(python <<'END'
import socket
with socket.create_connection(("10.9.5.5", 80), 5) as c:
    print(c.getpeername())
END
)" "('10.9.5.5', 80)"
is "and is refused where a reset is the answer" "$(python <<'END'
import socket
try:
    socket.create_connection(("10.9.5.5", 81), 5)
except ConnectionRefusedError:
    print("refused")
END
)" refused
check "a scan of many ports finds the one" sh -c '[ "$1" = "[80]" ]' - "$(python <<'END'
import socket
found = []
for port in range(70, 90):
    s = socket.socket()
    s.settimeout(5)
    if not s.connect_ex(("10.9.5.6", port)):
        found.append(port)
    s.close()
print(found)
END
)"
stops

# ---- DNS, asked by python3 with octets of its own ----
cat >"$tmp/dns.py" <<'END'
import socket, struct, sys
def ask(name, kind):
    query = struct.pack(">6H", 0x1234, 0x100, 1, 0, 0, 0)
    query += b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0" + struct.pack(">2H", kind, 1)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(5)
    s.sendto(query, ("10.9.0.53", 53))
    answer = s.recv(1500)
    number, flags, questions, answers = struct.unpack(">4H", answer[:8])
    assert number == 0x1234 and flags & 0x8000 and questions == 1
    assert answer[12:len(query)] == query[12:]
    address = ".".join(map(str, answer[-4:])) if answers else "-"
    return f"{flags & 15} {answers} {address}"
for name, kind in (("www.example.org", 1), ("WWW.Example.org", 1), ("router.example.org", 1), ("www.example.org", 28), ("nobody.example.org", 1)):
    print(ask(name, kind))
END
starts arp-prefix dns-list --json -D prefix=10.9.0.0/24 -D ttl=5
is "names of the list have their addresses, others none" "$(in_b /usr/bin/python3 "$tmp/dns.py")" "0 1 192.0.2.80
0 1 192.0.2.80
0 1 192.0.2.1
0 0 -
3 0 -"
printf 'nameserver 10.9.0.53\noptions timeout:2 attempts:2\n' >"$tmp/resolv.conf"
is "the resolver of the C library takes them too" "$(ip netns exec "$NS_B" unshare -m sh -c 'mount --bind "$0" /etc/resolv.conf &&
	/usr/bin/python3 -c "import socket; print(socket.gethostbyname(\"mail.example.org\"))"' "$tmp/resolv.conf" 2>&1)" 192.0.2.25
stops

# ---- echo ----
fails "--echo without a rate is a usage error" 2 "$PKTSMITH" respond --echo -i "$IF_A"
starts --echo=swap -r 1kpps --json
ip netns exec "$NS_B" "$PKTSMITH" capture -i "$IF_B" --direction in -n 1 -d 20s -w "$tmp/echo.pcap" -q ether proto 0x88b5 &
capture=$!
began "$capture"
in_b "$PKTSMITH" send -e 'eth(dst=02:00:00:00:00:77,src=02:00:00:00:09:0b,type=0x88b5)/"hello"' -i "$IF_B" -q
wait "$capture"
like "a frame is echoed with its MACs swapped" "$("$PKTSMITH" capture --read "$tmp/echo.pcap" -x)" \
	'02 00 00 00 09 0b 02 00  00 00 00 77 88 b5 68 65'
stops

# ---- turned around in the kernel: in the driver where the other end takes XDP frames (GRO), else in its generic way ----
no_program() { ! ip -n "$NS_A" link show dev "$IF_A" | grep xdp; }
turned_around() {
	local how=$1 driver=$2
	in_b ip neigh flush dev "$IF_B"
	starts arp-prefix ping-echo ping6-echo udp-echo tcp-open dns-list --backend xdp --json || return
	check "$how: ping is answered" in_b ping -c 3 -i 0.1 -W 5 10.9.7.7
	check "$how: ping of 1400 octets is, too" in_b ping -c 2 -i 0.1 -W 5 -s 1400 10.9.7.8
	check "$how: ping of IPv6 is, too" in_b ping -c 2 -i 0.1 -W 5 2001:db8:9::78
	is "$how: UDP comes back, TCP connects" "$(python <<'END'
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
good = 0
for length in (0, 1, 17, 18, 19, 1471, 1472):
    data = os.urandom(length)
    s.sendto(data, ("10.9.3.4", 7))
    good += s.recv(2000) == data
socket.create_connection(("10.9.5.7", 80), 5).close()
print(good)
END
)" 7
	is "$how: what the kernel cannot answer, packet sockets do" "$(in_b /usr/bin/python3 "$tmp/dns.py" | sed -n 1p)" "0 1 192.0.2.80"
	check "$how: frames of what is not turned around reach the kernel" in_b ping -c 1 -W 5 10.9.0.1
	stops
	is "$how: the report says so" "$(report backend) $(report in_driver) $(report frames_failed)" "xdp $driver 0"
	is "$how: every answer is of a rule" "$(report answers_sent)" \
		"$(/usr/bin/python3 -c 'import json, sys; print(sum(r["answers"] for r in json.load(open(sys.argv[1]))["rules"]))' "$tmp/out")"
	# What came before the program was there, packet sockets answered.
	check "$how: the kernel gave all answers but DNS's and at most a few" test "$(report turned_around)" -ge "$(($(report answers_sent) - 10))"
	# More requests than are to be answered, at once.
	starts udp-echo --backend xdp -n 1000 --json || return
	ip netns exec "$NS_B" "$PKTSMITH" capture -i "$IF_B" --direction in -d 60s -n 1001 -w "$tmp/echoes.pcap" -q udp src port 7 &
	capture_pid=$!
	began "$capture_pid"
	in_b "$PKTSMITH" send -e 'eth(dst=02:00:00:00:00:99)/ipv4(dst=10.9.7.7,src=10.9.255.2)/udp(sport=3000,dport=7)/"again"' -i "$IF_B" -n 20000 -q
	wait "$last"
	status=$? last=
	sleep 0.3 # the kernel gives out what a block holds
	idle "$capture_pid"
	kill -INT "$capture_pid"
	wait "$capture_pid"
	is "$how: -n is as many answers, and no more" "$status $(report answers_sent) $("$PKTSMITH" capture --read "$tmp/echoes.pcap" | grep -c 'udp')" "0 1000 1000"
	check "$how: the program is gone with the process" await no_program
}
ip -n "$NS_A" addr add 10.9.0.1/32 dev "$IF_A"
ip -n "$NS_A" route add 10.9.0.2 dev "$IF_A"
turned_around "in the generic way" False
# The kernel of the other end leaves its checksums to the device now.
in_b ethtool -K "$IF_B" gro on tx on >/dev/null
turned_around "in the driver" True

# ---- what is wrong ----
fails "a template of frames answers nothing" 2 "$PKTSMITH" respond arp-request --dry-run
# Before all else that is wrong with it: no route, a -D of no variable.
none="a template of frames to send, and no responder: that has request:, the pattern of the frames that it answers, and answer:, what it sends back, each with layers: of its own"
for try in "udp -D target=203.0.113.1" "udp -D nothing=1" "udp -s ipv4.nothing=1" "arp-prefix udp"; do
	is "which is said first: respond $try" "$(in_a "$PKTSMITH" respond $try -i "$IF_A" 2>&1 | head -1 | grep -o '[a-z]*/udp.yaml.*')" "udp/udp.yaml:5:1: $none"
done
printf 'about: two\nframes:\n- {layers: [{eth: {dst: 02:00:00:00:00:99}}, {ipv4: {dst: 203.0.113.1}}]}\n' >"$tmp/list.yaml"
is "with its place" "$(in_a "$PKTSMITH" respond "$tmp/list.yaml" -i "$IF_A" 2>&1)" "pktsmith: $tmp/list.yaml:2:1: $none"
fails "a responder is not sent" 2 "$PKTSMITH" send arp-prefix -w "$tmp/none.pcap"
fails "--echo is not turned around by rules" 2 "$PKTSMITH" respond --echo -r max -i "$IF_A" --backend xdp
fails "no interface is a usage error" 2 "$PKTSMITH" respond arp-prefix
fails "an interface that is not there is refused" 3 "$PKTSMITH" respond arp-prefix -i none0
like "--dry-run tells what is compiled" "$("$PKTSMITH" respond arp-prefix dns-list --dry-run)" 'arp-prefix: compiled'
done_testing

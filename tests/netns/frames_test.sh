#!/bin/bash
# The shipped templates, sent over a cable in software to a kernel that knows nothing of them: what asks a question is
# answered, what is broken is counted as broken, pieces are put together.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
FOLDER=$(mktemp -d)
TARGET=10.9.0.2
TARGET6=2001:db8:9::2
MAC=02:00:00:00:09:0b

netns_up
trap 'netns_down; rm -rf "$FOLDER"' EXIT

counter() { in_b cat /proc/net/snmp /proc/net/netstat /proc/net/snmp6 | awk -v name="$1" '
	$1 == name { print $2; exit }                                   # snmp6: a name and its number a line
	$1 == group { for (i = 2; i <= NF; i++) if (group names[i] == name) { print $i; exit } }
	{ group = $1; split($0, names, " ") }'; }

# eventually WANTED COMMAND...: waits for the command to print it; prints what it printed last
prints() { got=$("${@:2}"); grep -qE -- "$1" <<<"$got"; }
eventually() {
	local got
	await prints "$@"
	printf '%s\n' "$got"
}

# counts NAME COUNTER DIFFERENCE TEMPLATE [OPTION...]: the other end counts the frames of a template so
counts() {
	local name=$1 counter=$2 difference=$3 before; shift 3
	before=$(counter "$counter")
	if ! in_a "$PKTSMITH" send "$@" -i "$IF_A" -q 2>"$FOLDER/err"; then
		tap_not_ok "$name" "$(cat "$FOLDER/err")"
		return
	fi
	is "$name" "$(eventually "^$((before + difference))\$" counter "$counter")" "$((before + difference))"
}

# answered NAME FILTER TEMPLATE [OPTION...]: a frame that matches comes back
answered() {
	local name=$1 filter=$2; shift 2
	rm -f "$FOLDER/log" # the last one's says listening, too
	in_a timeout 60 tcpdump -n -p -i "$IF_A" --immediate-mode -c 1 -w "$FOLDER/answer.pcap" "$filter" 2>"$FOLDER/log" &
	local capture=$!
	await grep -qs listening "$FOLDER/log"
	in_a "$PKTSMITH" send "$@" -i "$IF_A" -q 2>"$FOLDER/err"
	if wait "$capture"; then tap_ok "$name"; else tap_not_ok "$name" "no answer; $(cat "$FOLDER/err")"; fi
}

answered "arp-request is answered" "arp and ether src $MAC and arp[6:2] = 2" arp-request -D target=$TARGET
answered "arp-probe is answered by who has the address" "arp and ether src $MAC and arp[6:2] = 2" arp-probe -D target=$TARGET
answered "ping is answered" "src $TARGET and icmp[0] = 0" ping -D target=$TARGET
answered "ping with router alert and record route is answered" "src $TARGET and icmp[0] = 0" ipv4-options -D target=$TARGET
answered "icmp-timestamp is answered" "src $TARGET and icmp[0] = 14" icmp-timestamp -D target=$TARGET
answered "ping6 is answered" "src $TARGET6 and icmp6 and ip6[40] = 129" ping6 -D target=$TARGET6
answered "neighbour-solicitation is answered" "icmp6 and src $TARGET6 and ip6[40] = 136" \
	neighbour-solicitation -D target=$TARGET6
answered "udp to a closed port is answered by unreachable" "src $TARGET and icmp[0] = 3" udp -D target=$TARGET
answered "syn to a closed port is answered by RST" "src $TARGET and tcp[13] & 4 != 0" syn -D target=$TARGET
answered "syn-options to a closed port is answered by RST" "src $TARGET and tcp[13] & 4 != 0" syn-options -D target=$TARGET
answered "xmas to a closed port is answered by RST" "src $TARGET and tcp[13] & 4 != 0" xmas -D target=$TARGET
answered "three fragments are put together and answered" "src $TARGET and icmp" ipv4-fragments -D target=$TARGET

counts "the pieces of ipv4-fragments make one datagram" Ip:ReasmOKs 1 ipv4-fragments -D target=$TARGET
counts "ipv4-bad-checksum is counted as that" IpExt:InCsumErrors 1 ipv4-bad-checksum -D target=$TARGET
counts "ipv4-wrong-length is counted as truncated" IpExt:InTruncatedPkts 1 ipv4-wrong-length -D target=$TARGET
counts "udp-bad-checksum is counted as that" Udp:InCsumErrors 1 udp-bad-checksum -D target=$TARGET
counts "udp-no-checksum is no error" Udp:NoPorts 1 udp-no-checksum -D target=$TARGET
counts "udp-wrong-length is an error" Udp:InErrors 1 udp-wrong-length -D target=$TARGET
counts "udp6 is a good datagram for no port" Udp6NoPorts 1 udp6 -D target=$TARGET6
counts "ipv6-extension-headers are read to their end" Udp6NoPorts 1 ipv6-extension-headers -D target=$TARGET6

# The checksum in these is for their own addresses.
ip -n "$NS_A" addr add 2001:db8::1/64 dev "$IF_A" nodad
ip -n "$NS_B" addr add 2001:db8::2/64 dev "$IF_B" nodad
counts "the pieces of ipv6-fragment make one datagram with a good checksum" Udp6NoPorts 1 ipv6-fragment

in_b sysctl -qw net.ipv6.conf.$IF_B.accept_ra=2
in_a "$PKTSMITH" send router-advertisement -i "$IF_A" -q
route="default via fe80::1 .*proto ra"
like "router-advertisement makes the other end route through it" \
	"$(eventually "$route" ip -n "$NS_B" -6 route)" "$route"
like "and puts its prefix on the link" "$(ip -n "$NS_B" -6 route)" "2001:db8:1::/64 .*proto (ra|kernel)"

ip -n "$NS_B" neigh flush all
in_b sysctl -qw net.ipv4.conf.$IF_B.arp_accept=1
in_a "$PKTSMITH" send arp-gratuitous -i "$IF_A" -q
like "arp-gratuitous teaches the other end our MAC" \
	"$(eventually lladdr ip -n "$NS_B" neigh show 10.9.0.1)" "lladdr 02:00:00:00:09:0a"
done_testing

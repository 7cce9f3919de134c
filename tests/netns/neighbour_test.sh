#!/usr/bin/env bash
# $hop.mac: from the kernel's neighbour table, or asked for by ARP and neighbour discovery; a kernel answers.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
trap 'netns_down; rm -rf "$tmp"' EXIT

cat >"$tmp/v4.yaml" <<'END'
name: v4
vars: {to: 10.9.0.2}
layers: [{eth: {dst: $hop.mac}}, {ipv4: {dst: $to}}, {udp: {dport: 9}}]
END
cat >"$tmp/v6.yaml" <<'END'
name: v6
vars: {to: "2001:db8:9::2"}
layers: [{eth: {dst: $hop.mac}}, {ipv6: {dst: $to}}, {udp: {dport: 9}}]
END

send() { in_a "$PKTSMITH" send "$@" -i "$IF_A"; }
# The destination MAC of what is sent.
mac_of() { send "$@" -q -w "$tmp/sent.pcap" && tshark -r "$tmp/sent.pcap" -T fields -e eth.dst 2>/dev/null; }
forget() { in_a ip neigh flush all; }
neighbours() { in_a ip neigh show dev "$IF_A" | grep -c lladdr; }

# sniff FILE FILTER: begins; sniffed: ends it, with all in the file that has arrived.
sniff() {
	rm -f "$tmp/tcpdump"
	ip netns exec "$NS_B" tcpdump --immediate-mode -U -i "$IF_B" -w "$1" "$2" 2>"$tmp/tcpdump" &
	sniffer=$!
	await grep -qs listening "$tmp/tcpdump"
}
sniffed() { dumped "$sniffer"; }

sniff "$tmp/asked.pcap" 'arp or (icmp6 and ip6[40] == 135)'

forget
is "ARP finds a neighbour on the link" "$(mac_of "$tmp/v4.yaml")" 02:00:00:00:09:0b
is "and leaves the kernel's table as it was" "$(neighbours)" 0
forget
is "neighbour discovery finds one" "$(mac_of "$tmp/v6.yaml")" 02:00:00:00:09:0b
sniffed
asked() { tshark -r "$tmp/asked.pcap" -Y "$1" -T fields "${@:2}" 2>/dev/null; }
is "the request is one, to all, in our name" \
	"$(asked 'arp.opcode == 1 && arp.dst.proto_ipv4 == 10.9.0.2' -e eth.dst -e arp.src.hw_mac -e arp.src.proto_ipv4)" \
	"$(printf 'ff:ff:ff:ff:ff:ff\t02:00:00:00:09:0a\t10.9.0.1')"
is "the solicitation goes to the node's group, with a hop limit of 255 and our address" \
	"$(asked 'icmpv6.nd.ns.target_address == 2001:db8:9::2 && eth.src == 02:00:00:00:09:0a' \
		-e eth.dst -e ipv6.dst -e ipv6.hlim -e icmpv6.opt.linkaddr -e icmpv6.checksum.status | uniq)" \
	"$(printf '33:33:ff:00:00:02\tff02::1:ff00:2\t255\t02:00:00:00:09:0a\t1')"

# A neighbour that the kernel knows is not asked for.
in_a ip neigh replace 10.9.0.2 lladdr 02:00:00:00:77:77 dev "$IF_A"
is "what the kernel's table knows is believed" "$(mac_of "$tmp/v4.yaml")" 02:00:00:00:77:77
in_a ip neigh del 10.9.0.2 dev "$IF_A"

# Off the link, the gateway is the hop; groups need no asking.
in_a ip route add default via 10.9.0.2
is "beyond the link it is the gateway's" "$(mac_of "$tmp/v4.yaml" -D to=198.51.100.7)" 02:00:00:00:09:0b
is "a group has the MAC of its number" "$(mac_of "$tmp/v4.yaml" -D to=239.1.2.3)" 01:00:5e:01:02:03
is "an IPv6 group, too" "$(mac_of "$tmp/v6.yaml" -D to=ff02::1:2)" 33:33:00:01:00:02

# Nobody answers.
begun=$(date +%s%N)
text=$(send "$tmp/v4.yaml" -D to=10.9.0.77 2>&1)
is "nobody's address is status 1" $? 1
took=$((($(date +%s%N) - begun) / 1000000))
like "and the message says who did not answer" "$text" \
	"^pktsmith: $tmp/v4.yaml:3:22: eth.dst: nobody on $IF_A answers for 10.9.0.77 \(3 ARP requests, [0-9]+ ms each\); give eth.dst"
check "after three tries" test "$took" -ge 2900 -a "$took" -lt 30000
text=$(send "$tmp/v6.yaml" -D to=2001:db8:9::77 2>&1)
is "the same for IPv6" $? 1
like "with a word on solicitations" "$text" 'nobody on .* answers for 2001:db8:9::77 \(3 neighbour solicitations'

# A dry run asks nobody.
sniff "$tmp/dry.pcap" arp
forget
send "$tmp/v4.yaml" --dry-run >/dev/null 2>&1
sniffed
is "a dry run asks nobody" "$(tshark -r "$tmp/dry.pcap" 2>/dev/null | wc -l)" 0

done_testing

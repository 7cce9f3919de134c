#!/bin/bash
# `pktsmith tcp --template`: conversations with kernel peers inside tags, tunnels and headers as a template gives them.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
head -c 1000000 /dev/urandom >"$WORK/data"
sum=$(sha256sum <"$WORK/data")
ETH="eth: {dst: 02:00:00:00:09:0b}"

# The peer has the networks that the templates name: behind a port that takes the tags off, and in a tunnel. Both ends ask each
# other for their MAC addresses, in there.
peer() {
	in_b ip addr add "$2" dev "$1" nodad 2>/dev/null || in_b ip addr add "$2" dev "$1"
	in_b ip link set "$1" up
}
untagged() {
	in_b ip link add "$1" mtu 1400 address 02:00:00:00:09:0b type veth peer name "$1p" mtu 1400
	in_b ethtool -K "$1" tx off tso off gso off gro off >/dev/null 2>&1
	in_b ip link set "$1p" up
	in_b ip link set "$1" up
	ip netns exec "$NS_B" python3 tests/support/untag.py "$IF_B" "$1p" "$2" >"$WORK/$1" 2>&1 &
	await grep -qs ready "$WORK/$1"
}
untagged tag 8100a014; peer tag 10.20.0.2/24; peer tag 2001:db8:20::2/64
untagged qinq 88a800648100001e; peer qinq 10.30.0.2/24
in_b ip link add tunnel address 02:00:00:00:42:0b type vxlan id 42 remote 10.9.0.1 local 10.9.0.2 dev "$IF_B" dstport 4789
peer tunnel 10.42.0.2/24

{ echo layers:; printf '  - %s\n' "eth: {}" "vlan: {id: 20, pcp: 5}" "ipv4: {src: 10.20.0.1, dst: 10.20.0.2}" "tcp: {}"; } >"$WORK/vlan.yaml"
{ echo layers:; printf '  - %s\n' "eth: {}" "vlan: {id: 20}" "ipv6: {src: '2001:db8:20::1', dst: '2001:db8:20::2', hop-limit: 77}" "tcp: {}"; } >"$WORK/vlan6.yaml"
{ echo layers:; printf '  - %s\n' "$ETH" "svlan: {id: 100}" "vlan: {id: 30}" "ipv4: {src: 10.30.0.1, dst: 10.30.0.2}" "tcp: {}"; } >"$WORK/qinq.yaml"
{ echo layers:; printf '  - %s\n' 'eth: {dst: $hop.mac}' "ipv4: {dst: 10.9.0.2}" "udp: {sport: 40000, dport: 4789}" "vxlan: {vni: 42}" \
	"eth: {src: 02:00:00:00:42:0a}" "ipv4: {src: 10.42.0.1, dst: 10.42.0.2}" "tcp: {}"; } >"$WORK/vxlan.yaml"
{ echo layers:; printf '  - %s\n' "$ETH" "ipv4: {src: 10.9.0.1, dst: 10.9.0.2, ttl: 7, dscp: 46, options: [nop, nop, nop, nop]}" "tcp: {reserved: 1}" \
	"payload: passed over"; } >"$WORK/fields.yaml"

ip netns exec "$NS_B" python3 tests/support/tcp_peer.py echo 0.0.0.0 7000 >/dev/null 2>&1 &
ip netns exec "$NS_B" python3 tests/support/tcp_peer.py echo :: 7006 >/dev/null 2>&1 &
in_b_listens() { [ -n "$(in_b ss -Hltn "sport = :$1")" ]; }
await in_b_listens 7000
await in_b_listens 7006
ip netns exec "$NS_B" tcpdump -i "$IF_B" -nn -U --immediate-mode -w "$WORK/seen.pcap" 2>"$WORK/seen.said" & seen=$!
await grep -qs 'listening on' "$WORK/seen.said"
for row in "vlan 10.20.0.2 7000" "vlan6 2001:db8:20::2 7006" "qinq 10.30.0.2 7000" "vxlan 10.42.0.2 7000" "fields 10.9.0.2 7000"; do
	set -- $row
	is "$1: a megabyte there and back" \
		"$(in_a timeout 60 "$P" tcp connect "$2" "$3" -i "$IF_A" --template "$WORK/$1.yaml" <"$WORK/data" | sha256sum)" "$sum"
done

# The other way: the kernel's client, inside the tag; our listener.
ip netns exec "$NS_A" "$P" tcp listen 7100 -i "$IF_A" --template "$WORK/vlan.yaml" --echo -n 1 2>"$WORK/said" & listener=$!
ready "$WORK/said"
is "vlan: the peer connects to us" \
	"$(in_b timeout 60 python3 tests/support/tcp_peer.py ask 10.20.0.1 7100 <"$WORK/data" | sha256sum)" "$sum"
wait "$listener"
is "vlan: and our listener is done" "$?" 0
dumped "$seen"
show() { tshark -r "$WORK/seen.pcap" -Y "$1" -T fields -E separator=, $(printf -- '-e %s ' $2) 2>/dev/null | sort -u; }
is "every segment has the priority of its tag" "$(show 'vlan.id == 20 && ip.src == 10.20.0.1' vlan.priority)" 5
is "every segment has both tags" "$(show 'ip.src == 10.30.0.1 && tcp' 'ieee8021ad.id vlan.id')" "100,30"
is "every segment has the hop limit" "$(show 'ipv6.src == 2001:db8:20::1 && tcp' ipv6.hlim)" 77
is "every segment has TTL, DSCP, options and reserved bit" \
	"$(show 'ip.src == 10.9.0.1 && tcp && !vxlan' 'ip.ttl ip.dsfield.dscp ip.hdr_len tcp.flags.res')" "7,46,24,1"
is "tunnelled segments have the VNI" "$(show 'vxlan && ip.src == 10.42.0.1' vxlan.vni)" 42
is "the tunnel's ends asked each other, in the tunnel" \
	"$(show 'vxlan && arp && arp.src.proto_ipv4 != 0.0.0.0' 'arp.opcode arp.src.proto_ipv4 arp.src.hw_mac' | paste -sd' ')" \
	"1,10.42.0.1,02:00:00:00:42:0a 2,10.42.0.2,02:00:00:00:42:0b"
is "and the address was probed for, in each network, before it was used" \
	"$(show 'arp.src.proto_ipv4 == 0.0.0.0' 'vlan.id vxlan.vni arp.dst.proto_ipv4' | paste -sd' ')" \
	",42,10.42.0.1 20,,10.20.0.1 30,,10.30.0.1"
is "no word of these networks went without their tags" \
	"$(show '!vlan && !vxlan && (arp.dst.proto_ipv4 == 10.20.0.0/16 || arp.dst.proto_ipv4 == 10.30.0.0/16 ||
		arp.dst.proto_ipv4 == 10.42.0.0/16)' frame.number)" ""
is "neither RST nor ICMP error of our kernel" "$(show '(tcp.flags.reset == 1 || icmp.type == 3) && ip.src != 10.9.0.2' frame.number)" ""
is "no frame has a wrong checksum" "$(tshark -r "$WORK/seen.pcap" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
	-Y '(ip.checksum.status == 0 || tcp.checksum.status == 0) && eth.src == 02:00:00:00:09:0a' 2>/dev/null | head -3)" ""

{ echo layers:; printf '  - %s\n' "$ETH" "arp: {}"; } >"$WORK/arp.yaml"
fails "a frame without tcp carries no conversation" 2 in_a "$P" tcp connect 10.9.0.2 1 -i "$IF_A" --template "$WORK/arp.yaml" x
{ echo layers:; printf '  - %s\n' "$ETH" "ipv4: {src: 10.9.0.1, dst: 10.9.0.2}" "udp: {dport: 80}"; } >"$WORK/udp.yaml"
text=$(in_a "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template "$WORK/udp.yaml" x 2>&1)
is "nor does one of udp carry one of tcp" $? 2
is "and is told where" "$text" "pktsmith: $WORK/udp.yaml:4:5: the frame ends in udp; a conversation of tcp wants one that ends in tcp"
text=$(in_a "$P" udp send 10.9.0.2 7000 -i "$IF_A" --template "$WORK/fields.yaml" x 2>&1)
is "nor the other way" $? 2
like "where it is told too" "$text" "fields.yaml:4:5: the frame ends in tcp; a conversation of udp wants one that ends in udp"
fails "outer layers want an interface" 2 "$P" tcp connect 10.9.0.2 1 --template "$WORK/vlan.yaml" x
fails "nor does the kernel put layers around" 2 in_a "$P" tcp connect 10.9.0.2 1 -i "$IF_A" --template "$WORK/vlan.yaml" --kernel x

# An address that is somebody's in there, and one of the host's, which its kernel does not answer for in there.
sed 's/10.20.0.1/10.20.0.2/; s/dst: 10.20.0.2}/dst: 10.20.0.9}/' "$WORK/vlan.yaml" >"$WORK/taken.yaml"
text=$(in_a timeout 60 "$P" tcp connect 10.20.0.9 7000 -i "$IF_A" --template "$WORK/taken.yaml" x 2>&1)
is "an address that somebody has in the VLAN is not taken" $? 3
like "and is named" "$text" "10\.20\.0\.2 is somebody else's on this link"
sed 's/10.20.0.1/10.9.0.1/' "$WORK/vlan.yaml" >"$WORK/host.yaml"
in_b ip route add 10.9.0.1/32 dev tag src 10.20.0.2
in_b ip neigh flush dev tag
is "the host's own address is answered for in the VLAN, too" \
	"$(in_a timeout 60 "$P" tcp connect 10.20.0.2 7000 -i "$IF_A" --template "$WORK/host.yaml" <"$WORK/data" | sha256sum)" "$sum"
text=$(in_a "$P" tcp connect 10.20.0.77 7000 -i "$IF_A" --template "$WORK/vlan.yaml" x 2>&1)
is "a host that is not in the VLAN is status 1" $? 1
like "and nobody told its MAC address" "$text" "10\.20\.0\.77.*no answer to ARP"
fails "an address beside the template's: 2" 2 in_a "$P" tcp connect 10.20.0.2 7000 -i "$IF_A" --template "$WORK/vlan.yaml" --source-ip 10.20.0.5 x
done_testing

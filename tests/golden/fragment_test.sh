#!/usr/bin/env bash
# tshark puts together what fragment: took apart, and finds the checksums of the whole right.
. tests/support/tap.sh
P=${PKTSMITH:-build/pktsmith}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

# NAME LAYERS FRAGMENT: the datagram comes back, as long as it was and with the right checksum.
whole() {
	printf 'layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n%s\n  - udp: {sport: 4000, dport: 4001}\n  - payload: {pattern: inc, size: 3001}\nfragment: %s\n' \
		"$2" "$3" >"$dir/t.yaml"
	"$P" send -q --seed 5 -w "$dir/t.pcap" "$dir/t.yaml"
	is "$1" "$(tshark -r "$dir/t.pcap" -o udp.check_checksum:TRUE -o ip.defragment:TRUE -Y udp -T fields -e udp.length -e udp.checksum.status 2>/dev/null | sort -u)" \
		"3009	1"
}

v4='  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: 99}'
v6='  - ipv6: {src: 2001:db8::1, dst: 2001:db8::2}'
whole "ipv4_is_put_together" "$v4" '{mtu: 576}'
whole "ipv4_backwards_too" "$v4" '{mtu: 68, order: reverse}'
whole "ipv4_in_any_order" "$v4" '{mtu: 300, order: shuffle}'
whole "ipv4_with_equal_overlaps" "$v4" '{mtu: 576, overlap: 64}'
whole "ipv4_with_options" '  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: 99, options: [router-alert, nop, {rr: {length: 7}}]}' '{mtu: 576}'
whole "ipv6_is_put_together" "$v6" '{mtu: 1280, id: 7}'
whole "ipv6_backwards_too" "$v6" '{mtu: 1280, order: reverse}'
whole "ipv6_behind_extension_headers" "$v6
  - hopopts
  - routing: {type: source-route, segments-left: 0}
  - dstopts" '{mtu: 600, order: shuffle}'
"$P" send -q -w "$dir/t.pcap" -s 'fragment={mtu: 1280, gap: 8}' "$dir/t.yaml"
is "a_gap_leaves_it_incomplete" "$(tshark -r "$dir/t.pcap" -o ip.defragment:TRUE -Y udp 2>/dev/null | wc -l)" 0
done_testing

#!/usr/bin/env bash
# What `show -i` puts in for $if.* and $hop.mac, that it sends nothing to learn it, and what stays of root's privileges.
. tests/support/tap.sh
. tests/support/netns.sh
P=${PKTSMITH:-build/pktsmith}
dir=$(mktemp -d)
netns_up
trap 'netns_down; rm -rf "$dir"' EXIT

cat >"$dir/four.yaml" <<'Y'
name: four
layers:
  - eth: {dst: $hop.mac}
  - ipv4: {dst: 10.9.0.2}
  - udp: {dport: 9}
Y
sed 's/four/six/; s/ipv4: {dst: 10.9.0.2}/ipv6: {dst: "2001:db8:9::2"}/' "$dir/four.yaml" >"$dir/six.yaml"
cat >"$dir/mtu.yaml" <<'Y'
name: mtu
layers:
  - eth: {dst: 02:00:00:00:00:99, type: 0x88b5}
  - ipv4: {dst: 10.9.0.2, id: $if.mtu}
Y
fields() { /usr/bin/python3 -c 'import json,sys
layers=json.load(sys.stdin)["frames"][0]["layers"]
print(*[l["fields"][n] for l in layers for n in ("dst","src","id") if n in l["fields"]])'; }
frames_sent() { in_a cat "/sys/class/net/$IF_A/statistics/tx_packets"; }

# Nobody in the neighbour table: show says so, and does not ask the link.
in_a ip neigh flush all
before=$(frames_sent)
error=$(in_a "$P" show -i "$IF_A" "$dir/four.yaml" 2>&1); status=$?
is "an_unknown_neighbour_is_an_answer_of_no" "$([ $status = 1 ] || [ $status = 3 ] && echo refused)" refused
like "an_unknown_neighbour_has_a_remedy" "$error" "10\.9\.0\.2.*give eth\.dst"
is "show_sends_nothing" "$(frames_sent)" "$before"

in_a ip neigh replace 10.9.0.2 lladdr 02:00:00:00:09:0b dev "$IF_A" nud permanent
in_a ip neigh replace 2001:db8:9::2 lladdr 02:00:00:00:09:0b dev "$IF_A" nud permanent
is "an_interface_fills_in_ipv4" "$(in_a "$P" show --json -i "$IF_A" "$dir/four.yaml" | fields)" \
	"02:00:00:00:09:0b 02:00:00:00:09:0a 10.9.0.2 10.9.0.1 1"
is "an_interface_fills_in_ipv6" "$(in_a "$P" show --json -i "$IF_A" "$dir/six.yaml" | fields)" \
	"02:00:00:00:09:0b 02:00:00:00:09:0a 2001:db8:9::2 2001:db8:9::1"
is "an_interface_knows_its_mtu" "$(in_a "$P" show --json -i "$IF_A" "$dir/mtu.yaml" | fields)" \
	"02:00:00:00:00:99 02:00:00:00:09:0a 10.9.0.2 10.9.0.1 1500"
is "nothing_is_a_placeholder_then" "$(in_a "$P" show -i "$IF_A" "$dir/four.yaml" | grep -c placeholder)" 0

# Behind a gateway it is the gateway's MAC.
in_a ip route add 198.51.100.0/24 via 10.9.0.2
is "a_gateway_is_the_next_hop" "$(in_a "$P" show --json -i "$IF_A" -s ipv4.dst=198.51.100.7 "$dir/four.yaml" | fields)" \
	"02:00:00:00:09:0b 02:00:00:00:09:0a 198.51.100.7 10.9.0.1 1"

# --complete: the layers below are the interface's and the route's.
is "missing_layers_are_the_interface_s_and_the_route_s" \
	"$(in_a "$P" show --json -i "$IF_A" --complete -e 'udp(dport=9)' -s ipv4.dst=198.51.100.7 | fields)" \
	"02:00:00:00:09:0b 02:00:00:00:09:0a 198.51.100.7 10.9.0.1 1"
is "over_ipv6_too" "$(in_a "$P" show --json -i "$IF_A" --complete -e ospf3 -s ipv6.dst=2001:db8:9::2 | fields)" \
	"02:00:00:00:09:0b 02:00:00:00:09:0a 2001:db8:9::2 2001:db8:9::1"

# Without an address the message says how to mend it.
in_a ip addr flush dev "$IF_A"
error=$(in_a "$P" show -i "$IF_A" arp-request 2>&1)
like "no_address_has_a_remedy" "$error" "$IF_A has no IPv4 address; give .*ip addr add .* dev $IF_A"
is "no_address_is_one_line" "$(printf '%s\n' "$error" | wc -l)" 1
check "a_given_source_needs_no_address" in_a "$P" show -i "$IF_A" arp-request -s arp.spa=10.9.0.1

# A capture that runs has only what it needs: nothing, once its socket is open.
ip netns exec "$NS_B" "$P" capture -i "$IF_B" >/dev/null 2>"$dir/capture.err" &
pid=$!
began "$pid"
for set in CapEff CapPrm CapInh CapAmb; do
	is "a_running_capture_has_an_empty_$set" "$(awk "/^$set/ { print \$2 }" "/proc/$pid/status")" 0000000000000000
done
is "a_running_capture_can_gain_no_privileges" "$(awk '/^NoNewPrivs/ { print $2 }' "/proc/$pid/status")" 1
kill "$pid"; wait "$pid" 2>/dev/null
done_testing

#!/usr/bin/env bash
# `send --verify` tells what became of each frame on its way to a second interface, field by field. A relay between the two
# does to the frames what links, switches and routers do.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/relay.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
trap 'relay_down; netns_down; rm -rf "$tmp"' EXIT
relay_up
verify() { out=$(in_a "$PKTSMITH" send "$@" -i "$IF_A" --verify --rx "$NS_B/vd" 2>"$tmp/errors"); status=$?; }
outcomes() { jq -r '[.frames[] | .name + "=" + .outcome] | join(" ")' <<<"$out"; }
differences() { jq -r '.frames[].differences[].text' <<<"$out"; }

addresses='dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01'
cat >"$tmp/frames.yaml" <<END
name: frames
frames:
  - {name: udp, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {udp: {sport: 1, dport: 2}}, {payload: "one"}]}
  - {name: tagged, layers: [{eth: {$addresses}}, {vlan: {id: 7}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {udp: {sport: 3, dport: 4}}, {payload: "two, and somewhat longer"}]}
  - {name: runt, pad: none, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2}}, {udp: {sport: 5, dport: 6}}, {payload: "3"}]}
END
cat >"$tmp/pair.yaml" <<END
name: pair
frames:
  - {name: first, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2, id: 1}}, {udp: {sport: 1, dport: 2}}, {payload: "the same"}]}
  - {name: second, layers: [{eth: {$addresses}}, {ipv4: {src: 192.0.2.1, dst: 192.0.2.2, id: 2}}, {udp: {sport: 1, dport: 2}}, {payload: "the same"}]}
END
cat >"$tmp/value.yaml" <<END
name: value
layers: [{eth: {$addresses, type: 0x88b5}}, {payload: {fill: 0x41, size: 100}}]
fcs: 0x1a2b3c4d
END
cat >"$tmp/jumbo.yaml" <<END
name: jumbo
layers: [{eth: {$addresses, type: 0x88b5}}, {payload: {fill: 0x41, size: 5000}}]
END

relay none
verify "$tmp/frames.yaml" --json
is "over a good cable all arrive equal" "$(outcomes)" "udp=equal tagged=equal runt=equal"
is "and that is status 0" "$status" 0
verify "$tmp/frames.yaml"
like "people read it too" "$out" '^equal +tagged$'
like "with a word on the FCS" "$out" '^FCS .*the device appends its own FCS'

verify "$tmp/value.yaml"
is "four octets that are appended arrive as they left" "$status" 0
like "and the report does not call them an FCS" "$out" '^FCS +four octets appended, not an FCS; .*arrive as the last of the frame'

relay pad
verify "$tmp/frames.yaml" --json
is "padding a runt is explained" "$(outcomes)" "udp=equal tagged=equal runt=explained"
is "so it is status 0" "$status" 0
like "but it is told" "$(differences)" '^padded: 17 octets'

relay strip
verify "$tmp/frames.yaml" --json
is "a tag that is taken off is a change" "$(outcomes)" "udp=equal tagged=changed runt=equal"
is "so it is status 1" "$status" 1
like "and it is named" "$(differences)" '^vlan'

relay tag
verify "$tmp/pair.yaml" --json
is "a tag that is put in is a change" "$(outcomes)" "first=changed second=changed"
like "and it is named " "$(differences)" '^vlan'

relay ttl
verify "$tmp/pair.yaml" --json
is "one hop changes a frame" "$(outcomes) $status" "first=changed second=changed 1"
like "field by field" "$(differences)" '^ipv4.ttl: sent 64, arrived 63$'

relay longer
verify "$tmp/pair.yaml" --json
is "octets at the end that are no padding are a change" "$(outcomes) $status" "first=changed second=changed 1"

relay flip
verify "$tmp/value.yaml" --fcs nic --json
is "one octet of the payload is a change" "$(outcomes) $status" "value=changed 1"

relay drop
verify "$tmp/pair.yaml" --json
is "a frame that is dropped is not mistaken for its sister" "$(outcomes)" "first=equal second=dropped"
is "it is status 1" "$status" 1
verify "$tmp/pair.yaml"
like "people read where it did not arrive" "$out" "^dropped +second: nothing like it arrived on $NS_B/vd"

relay reverse
verify "$tmp/pair.yaml" --json
is "frames that change places are told apart" "$(outcomes) $status" "first=equal second=equal 0"

relay none
verify "$tmp/pair.yaml" "$tmp/jumbo.yaml" --json
is "a frame over the MTU is not sent, the others are" "$(outcomes) $status" "first=equal second=equal jumbo=not-sent 1"
like "and the reason is said" "$(cat "$tmp/errors")" 'frame "jumbo" is 5014 octets, but .* takes 1514'

ip -n "$NS_B" link set vd down
verify "$tmp/pair.yaml"
is "a receiver that is down is status 1, before anything is sent" "$status $(cat "$tmp/errors")" \
	'1 pktsmith: vd is down; bring it up with "ip link set vd up"'
verify "$tmp/pair.yaml" -n 3
is "it goes with no count" "$status" 2
text=$(in_a "$PKTSMITH" send "$tmp/pair.yaml" -i "$IF_A" --verify --rx nosuch/vd 2>&1)
is "an unknown namespace is status 3" $? 3
like "and is named" "$text" '^pktsmith: network namespace "nosuch": No such file or directory; `ip netns list'

# Both ends in one namespace need no namespace's name.
in_b ip link set vd up
out=$(in_b "$PKTSMITH" send "$tmp/pair.yaml" -i vc --verify --rx vd --json)
is "both ends may be in one namespace" "$? $(outcomes)" "0 first=equal second=equal"
out=$(in_a "$PKTSMITH" send "$tmp/pair.yaml" -i "$IF_A" --verify --rx-netns "$NS_B" --rx "$IF_B" --jsonl)
is "--rx-netns says it apart" "$? $(outcomes) $(jq -r .type <<<"$out")" "0 first=equal second=equal report"

done_testing

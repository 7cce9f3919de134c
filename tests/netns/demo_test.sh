#!/usr/bin/env bash
# The demo runs through, shows the three frames as they left and arrived, and cleans up, also when interrupted.
. tests/support/tap.sh
export DEMO_LAB=demotest$$
trap 'scripts/lab.sh down $DEMO_LAB >/dev/null' EXIT
namespaces() { ip netns list | grep -c "^pktsmith-$DEMO_LAB-"; }

status=0
out=$(scripts/demo.sh "$PKTSMITH" 2>&1) || status=$?
is "the demo exits 0" "$status" 0
[ "$status" = 0 ] || printf '%s\n' "$out" | sed 's/^/# /'
is "it shows three frames" "$(grep -cE '^[123] of 3: ' <<<"$out")" 3
is "each counted by the interface" "$(grep -cE 'interface +eth1 counted [1-9]' <<<"$out")" 3
like "the tutorial's frame arrives with its four octets" "$out" '5d 1a 2b  3c 4d|5d 5d 1a 2b 3c 4d|1a 2b 3c 4d +\|'
like "as octets of payload, not an FCS" "$out" 'FCS +four octets appended, not an FCS'
like "the ARP request arrives field by field" "$out" '^ +tpa +10\.0\.0\.2 +the same$'
like "the tag arrives with its frame" "$out" '^ +id +10 +the same$'
like "and the checksum" "$out" '^ +checksum +0x[0-9a-f]{4} +the same$'
is "no field is lost but the FCS" "$(grep -c 'did not arrive' <<<"$out")" 0
like "the FCS is explained" "$out" 'network card appends its own'
like "it ends with what to try next" "$(tail -n 10 <<<"$out")" '^Try next$'
is "no namespace is left" "$(namespaces)" 0

# As `timeout` does it: TERM while a frame is under way.
timeout 0.4 scripts/demo.sh "$PKTSMITH" >/dev/null 2>&1
is "none is left after an interruption either" "$(namespaces)" 0
done_testing

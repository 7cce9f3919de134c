#!/bin/bash
# Every template of frames/ builds the octets stored in tests/golden/NAME.hex, a line a frame: a change shows. What
# these octets mean is proven elsewhere (tshark_test.py, scapy_test.py); tests/golden/update.sh stores new ones.
. tests/support/tap.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}

# The raw-socket tutorial's frame, written by hand: addresses, ethertype, thirty [, PAYLOAD, thirty ], FCS.
brackets() { printf "$1%.0s" {1..30}; }
tutorial=010203040506010203040506
tutorial+=0801
tutorial+=$(brackets 5b)
tutorial+=5041594c4f4144
tutorial+=$(brackets 5d)
tutorial+=1a2b3c4d
hex=$("$PKTSMITH" show raw-socket --format hex --with-fcs)
is "the tutorial's frame has 85 octets with its FCS" "$((${#hex} / 2))" 85
is "the tutorial's frame is the tutorial's, octet by octet" "$hex" "$tutorial"
is "without --with-fcs the FCS is left out" "$("$PKTSMITH" show raw-socket --format hex)" "${tutorial%1a2b3c4d}"
is "raw octets are those of the hex" \
	"$("$PKTSMITH" show raw-socket --format raw --with-fcs | od -An -v -tx1 | tr -d ' \n')" "$tutorial"

templates=$(find frames -name '*.yaml' | sort)
for template in $templates; do
	name=$(basename "$template" .yaml)
	stored=tests/golden/$name.hex
	if [ ! -f "$stored" ]; then
		tap_not_ok "$name builds its stored octets" "no $stored: tests/golden/update.sh makes it"
		continue
	fi
	is "$name builds its stored octets" "$("$PKTSMITH" show "$template" --format hex 2>&1)" "$(cat "$stored")"
done

for stored in tests/golden/*.hex; do
	name=$(basename "$stored" .hex)
	find frames -name "$name.yaml" | grep -q . || tap_not_ok "$name.hex is of a template" "no frames/*/$name.yaml"
done

is "show by name and by path build the same" "$("$PKTSMITH" show ping --format hex)" \
	"$("$PKTSMITH" show frames/icmp/ping.yaml --format hex)"
is "several templates follow one another" "$("$PKTSMITH" show ping arp-request --format hex)" \
	"$(cat tests/golden/ping.hex tests/golden/arp-request.hex)"
is "-D changes what the template calls a variable" \
	"$("$PKTSMITH" show arp-request -D target=10.0.0.9 --format hex)" \
	"$(sed 's/0a000002/0a000009/' tests/golden/arp-request.hex)"
done_testing

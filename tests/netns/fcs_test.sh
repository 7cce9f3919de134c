#!/usr/bin/env bash
# The FCS on a device that cannot send ours (veth): each way is taken as the manual says, told honestly, and seen by a reader.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

# with FCS: a frame of 60 octets, zlib's CRC32 of which is the oracle.
template() {
	cat >"$tmp/$1.yaml" <<END
name: $1
layers: [{eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}}, {payload: {fill: 0x41, size: 46}}]
fcs: $2
END
}
template auto auto
template bad bad
template none none
template value 0x1a2b3c4d
bare=$(printf '02000000009902000000000188b5'; printf '41%.0s' $(seq 46))
right=$(/usr/bin/python3 -c 'import sys, zlib; print(zlib.crc32(bytes.fromhex(sys.argv[1])).to_bytes(4, "little").hex())' "$bare")

# try NAME WAY: sends; $way and $told are what the report says, $arrived what the reader saw.
try() {
	local option=()
	[ "$2" = default ] || option=(--fcs "$2")
	reader 1
	out=$(in_a "$PKTSMITH" send "$tmp/$1.yaml" -i "$IF_A" "${option[@]}" --json 2>"$tmp/errors"); status=$?
	if [ "$status" = 0 ]; then reader_done; else reader_stopped; fi
	arrived=$(cat "$tmp/arrived")
	way=$(jq -r '.fcs // empty' <<<"$out")
	told=$(jq -r '.fcs_text // empty' <<<"$out")
}

try auto default
is "auto is the device's: nothing is added" "$status $way $arrived" "0 nic $bare"
is "and the report says whose it is" "$told" "the device appends its own FCS; veth has no wire, and so no FCS"
try none default
is "none is the device's, too" "$status $way $arrived" "0 nic $bare"
try value default
is "a value is appended where the device cannot replace its own" "$status $way $arrived" "0 append ${bare}1a2b3c4d"
is "and the report says that this is no FCS" "$told" \
	"four octets appended, not an FCS; $IF_A (veth) cannot send frames with an FCS of ours"
try bad default
is "bad is status 3, and nothing leaves" "$status $arrived" "3 "
is "and names the driver and the ways out" "$(cat "$tmp/errors")" \
	"pktsmith: frame \"bad\" has fcs: bad: $IF_A (veth) cannot send frames with an FCS of ours (SO_NOFCS refused); use --fcs append to put the four octets after the payload, or --fcs nic"

for name in auto bad value; do
	try $name replace
	is "replace of $name is status 3, and nothing leaves" "$status $arrived" "3 "
	like "and names the driver: $name" "$(cat "$tmp/errors")" "$IF_A \(veth\) cannot send frames with an FCS of ours"
done
try none replace
is "none has nothing to replace" "$status $way $arrived" "0 nic $bare"

try auto append
is "append puts zlib's CRC32 after the payload" "$status $way $arrived" "0 append $bare$right"
is "and does not call it an FCS" "$told" "four octets appended, not an FCS"
try bad append
is "append of bad puts four octets, and not those" "$status $way ${arrived:0:120}" "0 append $bare"
check "which are another CRC" test "${arrived:120}" != "$right" -a "${#arrived}" = 128
try none append
is "none has nothing to append" "$status $way $arrived" "0 nic $bare"

try bad nic
is "nic leaves bad out" "$status $way $arrived" "0 nic $bare"
like "and says so" "$told" "the template's is not sent"

text=$(in_a "$PKTSMITH" send "$tmp/auto.yaml" "$tmp/value.yaml" -i "$IF_A" 2>&1)
like "frames that go different ways are told apart" "$text" \
	'^FCS +the device appends its own FCS \(1 of 2 frames\); four octets appended, not an FCS \(1 of 2 frames\);'

# The tutorial's frame: 81 octets and the four.
reader 1 010203040506
send raw-socket -q
reader_done
brackets() { printf "$1%.0s" $(seq 30); }
is "the tutorial's frame arrives with its checksum at the end" "$(cat "$tmp/arrived")" \
	"0102030405060102030405060801$(brackets 5b)5041594c4f4144$(brackets 5d)1a2b3c4d"

done_testing

#!/usr/bin/env bash
# Shows what pktsmith is for: three frames leave one end of a cable in software, and are held against what arrives at the other.
# Called by `sudo make demo`. Usage: demo.sh [PKTSMITH]
set -eu
cd "$(dirname "$0")/.."
pktsmith=$(realpath "${1:-build/pktsmith}")
lab=${DEMO_LAB:-demo$$}
[ "$(id -u)" = 0 ] || { echo "demo.sh: needs root, to make network namespaces: sudo make demo" >&2; exit 3; }

bold='' dim='' plain='' color=never
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m' color=always
fi

dir=$(mktemp -d)
trap 'scripts/lab.sh down "$lab" >/dev/null 2>&1; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# frame NUMBER TEMPLATE CAPTION
frame() {
	local template=$2 status=0
	printf '\n%s%s of 3: %s%s\n%s\n\n' "$bold" "$1" "$template" "$plain" "$3"
	echo "  ${dim}a\$ pktsmith send $template -i eth1 --verify --rx pktsmith-$lab-b/eth1 -v$plain"
	scripts/lab.sh exec "$lab" a "$pktsmith" send "$template" -i eth1 --verify --rx "pktsmith-$lab-b/eth1" -v --color="$color" \
		>"$dir/out" || status=$?
	sed 's/^/  /; s/ *$//' "$dir/out"
	[ "$status" = 0 ] || { echo "demo.sh: send ended with exit status $status" >&2; exit 1; }
}

cat <<TEXT
${bold}pktsmith: three frames over a cable in software$plain
Two network namespaces, a and b, are joined by a veth pair. Nothing leaves this machine.
Each frame is sent by a and captured by b. "left" is what a handed to its interface, field by field,
"arrived" what b saw of it; below stand the octets that arrived, and what the sender says of the run.

TEXT
scripts/lab.sh up "$lab"

frame 1 raw-socket "The frame of the raw-socket tutorials: made-up addresses, an unused ethertype, and four octets
where the FCS would be. They leave after the payload, and the other end takes them for payload."
frame 2 arp-request "Who has 10.0.0.2? The sender's addresses are the interface's; a short frame is filled up to 60."
frame 3 vlan "A ping in VLAN 10: lengths, types and both checksums are computed, from the inside out."

cat <<TEXT

${bold}About the frame check sequence$plain
Every Ethernet frame ends with four octets of CRC32. pktsmith computes and shows them, but a
network card appends its own, and the receiving one checks them and takes them off, so that
programs rarely see them; a veth pair has none at all. What the first frame carried are four
octets after its payload, as the tutorials' programs send it, and not an FCS. A card whose
driver can (e1000, igb, ixgbe, igc, bnxt) sends the FCS that you choose, also a wrong one:
  sudo build/pktsmith send bad-fcs -i IF --fcs replace
\`pktsmith doctor IF\` says whether yours does.

${bold}Try next$plain
  build/pktsmith list                                 the templates there are
  build/pktsmith show vlan -D vid=20 -s ipv4.ttl=1    a frame with other values; sends nothing
  build/pktsmith protocols tcp                        what can be set
  sudo build/pktsmith udp listen 5000 --reply Hello   a UDP server by frames of its own; in another terminal:
  sudo build/pktsmith udp send ::1 5000 Hi --wait     its client; \`tcp listen' and \`tcp connect' likewise
  sudo build/pktsmith doctor eth0                     what your network card can do
  sudo scripts/lab.sh up                              a cable of your own to play with; down removes it
  man ./build/pktsmith.1                              all of it

TEXT

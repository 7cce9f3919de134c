#!/usr/bin/env bash
# Shows what pktsmith is for: three frames leave one end of a cable in software, and are held against what arrives at the other.
# Called by `sudo make demo`. Usage: demo.sh [PKTSMITH]
set -eu
cd "$(dirname "$0")/.."
pktsmith=$(realpath "${1:-build/pktsmith}")
lab=${DEMO_LAB:-demo$$}
[ "$(id -u)" = 0 ] || { echo "demo.sh: needs root, to make network namespaces: sudo make demo" >&2; exit 3; }

bold='' dim='' green='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
fi

dir=$(mktemp -d)
trap 'scripts/lab.sh down "$lab" >/dev/null 2>&1; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Of what `send --verify -v` prints: a line a field, what left, and whether the same arrived. Columns are two blanks apart.
compare_trees() {
	awk -v dim="$dim" -v green="$green" -v red="$red" -v bold="$bold" -v plain="$plain" '
		function cut(text, width) { return length(text) > width ? substr(text, 1, width - 3) "..." : text }
		function line(name, left, arrived, color) { printf "  %-16s %-36s %s%s%s\n", name, cut(left, 36), color, arrived, plain }
		function add(name, text) { arrivals[++count] = name; seen[name] = 1; values[name] = text }
		/^arrived:/ { arrived = 1; next }
		/^(sent|interface|FCS|equal|explained|changed|dropped|not-sent) / || /^0000[0-9a-f]+  / || /^$/ { next }
		{ n = split($0, part, /  +/) }
		/^[a-z]/ && n > 1 {
			layer = part[1]
			if (layer in layers && !arrived) layer = layer "[" ++layers[layer] "]"; else if (!arrived) layers[layer] = 1
			if (!arrived) { key[++rows] = layer; heading[rows] = 1; value[rows] = part[2] }
			else add(layer, part[2])
			next
		}
		/^ / && n > 2 {
			name = layer "." part[3]
			if (!arrived) { key[++rows] = name; label[rows] = part[3]; value[rows] = part[4] }
			else add(name, part[4])
		}
		END {
			printf "  %s%-16s %-36s %s%s\n", dim, "", "left a", "arrived at b", plain
			for (i = 1; i <= rows; i++) {
				left[key[i]] = 1
				if (heading[i]) {
					sub(/[, ]*[0-9]+ octets? at .*/, "", value[i])
					printf "  %s%s%s  %s%s%s%s\n", bold, key[i], plain, dim, value[i], plain,
						key[i] in seen ? "" : red "  did not arrive" plain
				} else if (!(key[i] in seen))
					line("  " label[i], value[i], key[i] ~ /^fcs\./ ? "the cable in software has none" : "did not arrive",
						key[i] ~ /^fcs\./ ? dim : red)
				else if (values[key[i]] == value[i])
					line("  " label[i], value[i], "the same", green)
				else
					line("  " label[i], value[i], values[key[i]], bold)
			}
			for (i = 1; i <= count; i++)
				if (!(arrivals[i] in left))
					line(arrivals[i], "", values[arrivals[i]], bold)
		}' "$1"
}

# frame NUMBER TEMPLATE CAPTION
frame() {
	local template=$2 status=0
	printf '\n%s%s of 3: %s%s\n%s\n\n' "$bold" "$1" "$template" "$plain" "$3"
	echo "  ${dim}a\$ pktsmith send $template -i eth1 --verify --rx pktsmith-$lab-b/eth1 -v$plain"
	scripts/lab.sh exec "$lab" a "$pktsmith" send "$template" -i eth1 --verify --rx "pktsmith-$lab-b/eth1" -v --color=never \
		>"$dir/out" || status=$?
	compare_trees "$dir/out"
	printf '\n  %sthe octets that arrived%s\n' "$dim" "$plain"
	awk '/^arrived:/ { arrived = 1 } arrived && /^0000[0-9a-f]+  / { print "  " $0 }' "$dir/out"
	echo
	grep -E '^(sent|interface|FCS) ' "$dir/out" | fold -s -w 90 |
		sed 's/ *$//; /^\(sent\|interface\|FCS\) /!s/^/           /; s/^/  /'
	[ "$status" = 0 ] || { cat "$dir/out"; echo "demo.sh: send ended with exit status $status" >&2; exit 1; }
}

cat <<TEXT
${bold}pktsmith: three frames over a cable in software$plain
Two network namespaces, a and b, are joined by a veth pair. Nothing leaves this machine.

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
  sudo build/pktsmith doctor eth0                     what your network card can do
  sudo scripts/lab.sh up                              a cable of your own to play with; down removes it
  man ./build/pktsmith.1                              all of it

TEXT

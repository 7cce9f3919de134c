#!/usr/bin/env bash
# Makes a network interface carry frames as they are given, and puts it back.
#
#   nic-setup.sh IF prepare [--force]   checksumming, TSO, GSO, GRO, LRO, UDP and VLAN offloads and filters off
#   nic-setup.sh IF raw-fcs [--force]   the same, and rx-fcs and rx-all on: captures see the FCS and bad frames
#   nic-setup.sh IF status              what is on, what is off, what the driver fixed, what restore would change
#   nic-setup.sh IF restore             every feature as it was before the first prepare or raw-fcs
#
# The interface of a default route is refused without --force: a change there can cut a remote session off for a moment.
# Exit status: 0 done, 2 usage, 3 the system refused (no such interface, not root, the driver failed).
set -eu

# Features by the kernel's names. What ethtool -k shows under an older name of its own is translated by read_features.
off_features='rx-checksum tx-checksum-ipv4 tx-checksum-ip-generic tx-checksum-ipv6 tx-checksum-sctp tx-tcp-segmentation
	tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation tx-tcp6-segmentation tx-tcp-accecn-segmentation
	tx-generic-segmentation tx-udp-segmentation tx-gso-partial tx-gso-list rx-gro rx-gro-hw rx-gro-list
	rx-udp-gro-forwarding rx-lro rx-vlan-hw-parse tx-vlan-hw-insert rx-vlan-stag-hw-parse tx-vlan-stag-hw-insert
	rx-vlan-filter rx-vlan-stag-filter'
fcs_features='rx-fcs rx-all'

fail() { echo "nic-setup.sh: $1" >&2; exit "${2:-3}"; }
usage() { echo "usage: nic-setup.sh IF prepare|restore|status|raw-fcs [--force]" >&2; exit 2; }

# "NAME STATE WANTED FIXED" a line, FIXED being fixed or -. Headings over groups are left out: their members follow them.
read_features() {
	ethtool -k "$interface" | awk '
		BEGIN {
			split("rx-checksumming rx-checksum generic-segmentation-offload tx-generic-segmentation " \
				"generic-receive-offload rx-gro large-receive-offload rx-lro rx-vlan-offload rx-vlan-hw-parse " \
				"tx-vlan-offload tx-vlan-hw-insert ntuple-filters rx-ntuple-filter receive-hashing rx-hashing", pair, " ")
			for (i = 1; i in pair; i += 2) { kernel[pair[i]] = pair[i + 1] }
		}
		/^Features/ || /^(tx-checksumming|scatter-gather|tcp-segmentation-offload):/ { next }
		/: (on|off)/ {
			name = $1; sub(/:$/, "", name)
			wanted = $2
			if (/\[requested on\]/) wanted = "on"
			if (/\[requested off\]/) wanted = "off"
			print (name in kernel ? kernel[name] : name), $2, wanted, (/\[fixed\]/ ? "fixed" : "-")
		}'
}

# The features of the list $1 as they are now, in the same shape.
select_features() { awk -v list="$1" 'BEGIN { n = split(list, w); for (i = 1; i <= n; i++) mine[w[i]] = 1 } $1 in mine' <<<"$features"; }

# One request for all, for features depend on each other. Its list of changes is shown by report, in our own words.
request() {
	local out
	[ $# -gt 0 ] || return 0
	out=$(ethtool -K "$interface" "$@" 2>&1) || fail "ethtool -K $interface $*: $out"
}

# The state file's first line says which interface it is about: another of the same name is none of its business.
# sysfs shows the namespace it was mounted in; ip asks the one we are in.
identity() { ip -o link show dev "$interface" | awk -v driver="$(driver)" '{ sub(/:/, "", $1); mac = $0; sub(/.*link\/[^ ]+ /, "", mac); sub(/ .*/, "", mac); print "interface", $1, mac, driver }'; }
driver() { ethtool -i "$interface" 2>/dev/null | awk '/^driver:/ { print $2; found = 1 } END { if (!found) print "unknown" }'; }
remembered() { [ -f "$state" ] && [ "$(head -n 1 "$state")" = "$(identity)" ]; }

# Turns the features of list $1 to $2, and remembers how each was, unless an earlier call already did.
change() {
	local name now wanted fixed arguments=()
	while read -r name now wanted fixed; do
		[ -n "$name" ] && [ "$fixed" = - ] && [ "$wanted" != "$2" ] || continue
		grep -q "^$name " "$state" || echo "$name $wanted" >>"$state"
		arguments+=("$name" "$2")
	done <<<"$(select_features "$1")"
	request "${arguments[@]}"
	features=$(read_features)
	report "$1" "$2" "${arguments[@]}"
}

# Says what the request $3... turned to $2, and which of the list $1 the driver keeps otherwise.
report() {
	local list=$1 want=$2 changed stuck
	shift 2
	changed=$(printf '%s\n' "$@" | awk 'NR % 2 { printf "%s%s", sep, $0; sep = ", " }')
	[ -z "$changed" ] || echo "$interface: turned $want: $changed"
	stuck=$(select_features "$list" | awk -v want="$want" '$2 != want { printf "%s%s", sep, $1; sep = ", " }')
	if [ -n "$stuck" ]; then
		echo "$interface: the driver ($(driver)) does not turn $want: $stuck"
	elif [ -z "$changed" ]; then
		echo "$interface: nothing to turn $want"
	fi
}

prepare() {
	[ "$force" = true ] || refuse_default_route
	mkdir -p /run/pktsmith
	remembered || identity >"$state"
	change "$off_features" off
	[ "$command" = raw-fcs ] || return 0
	change "$fcs_features" on
	[ -z "$(select_features "$fcs_features" | awk '$2 != "on"')" ] ||
		fail "$interface: $(driver) cannot hand the FCS of received frames to captures"
}

refuse_default_route() {
	if { ip route show default; ip -6 route show default; } 2>/dev/null | grep -qE "dev $interface( |\$)"; then
		fail "$interface carries the default route; --force does it anyway"
	fi
}

restore() {
	local name value wrong='' arguments=()
	if ! remembered; then
		rm -f "$state"
		echo "$interface: nothing to put back"
		return
	fi
	while read -r name value _; do
		[ "$name" = interface ] || arguments+=("$name" "$value")
	done <"$state"
	request "${arguments[@]}"
	features=$(read_features)
	while read -r name value _; do
		[ "$name" = interface ] || grep -qE "^$name [a-z]+ $value " <<<"$features" || wrong="$wrong $name"
	done <"$state"
	[ -z "$wrong" ] || fail "$interface: the driver did not take back:$wrong"
	rm -f "$state"
	echo "$interface: put back: $(printf '%s\n' "${arguments[@]}" | awk 'NR % 2 { n++ } END { print n + 0 }') features"
}

status() {
	local was=/dev/null
	! remembered || was=$state
	echo "$interface: driver $(driver), $([ "$was" = "$state" ] && echo "prepared" || echo "as the system left it")"
	select_features "$off_features $fcs_features" | awk -v was="$was" '
		BEGIN { while ((getline line < was) > 0) { split(line, w, " "); before[w[1]] = w[2] } }
		$2 == "off" && $4 == "fixed" { absent = absent (absent ? ", " : "") $1; next }
		{
			note = $1 in before && before[$1] != $2 ? "was " before[$1] : ""
			if ($4 == "fixed") note = "fixed by the driver"
			if ($2 != $3 && note == "") note = "asked to be " $3 ", but depends on another"
			printf "  %-28s %-3s  %s\n", $1, $2, note
		}
		END { if (absent) print "  not offered by the driver: " absent }' | sed 's/ *$//'
}

[ $# -ge 2 ] || usage
interface=$1 command=$2 force=false
case ${3-} in '') ;; --force) force=true ;; *) usage ;; esac
case $command in prepare | restore | status | raw-fcs) ;; *) usage ;; esac
command -v ethtool >/dev/null || fail "ethtool is missing: sudo scripts/install-deps.sh"
case $interface in */* | . | ..) fail "no interface can be named $interface" ;; esac
ip link show dev "$interface" >/dev/null 2>&1 || fail "there is no interface $interface (ip link lists them)"
[ "$command" = status ] || [ "$(id -u)" = 0 ] || fail "$command needs root: sudo $0 $*"

# Interfaces of different network namespaces may have the same name.
state=/run/pktsmith/$interface.$(stat -L -c %i /proc/self/ns/net)
features=$(read_features) || fail "ethtool -k $interface failed"

case $command in
prepare | raw-fcs) prepare ;;
*) "$command" ;;
esac

#!/usr/bin/env bash
# `doctor` finds what would get in the way, and each remedy it names mends it.
. tests/support/tap.sh
. tests/support/netns.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
tmp=$(mktemp -d)
netns_up
trap 'netns_down; rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
cp "$PKTSMITH" "$tmp/pktsmith"
chmod 755 "$tmp/pktsmith"

doctor() { out=$(in_a "$PKTSMITH" doctor "$@" 2>"$tmp/errors"); status=$?; }
# level ABOUT: what the JSON says of it.
level() { jq -r --arg about "$1" '[.checks[] | select(.about == $about) | .level] | unique | join(" ")' <<<"$out"; }
remedy() { jq -r --arg about "$1" '.checks[] | select(.about == $about) | .remedy' <<<"$out"; }
text() { jq -r --arg about "$1" '.checks[] | select(.about == $about) | .text' <<<"$out"; }

doctor "$IF_A" --json
is "a sound interface is status 0" "$status" 0
is "nothing is a problem" "$(jq .problems <<<"$out")" 0
is "the driver is named" "$(text kind)" "Ethernet, driver veth"
is "so are MAC and addresses" "$(text mac) $(text ipv4) $(text ipv6)" "02:00:00:00:09:0a 10.9.0.1 2001:db8:9::1"
is "that veth takes no FCS of ours is a note" "$(level FCS)" note
like "with a way out" "$(remedy FCS)" '--fcs append'
is "whose time stamps there are is said" "$(text "time stamps")" "by the kernel, as frames leave and arrive"
like "who answers RST is said" "$(text RST)" '10\.9\.0\.1 and 2001:db8:9::1: it answers what comes back for `send'
like "and who keeps it silent" "$(remedy RST)" 'pktsmith tcp. and `udp. speak, which keep it silent'
is "root may do all" "$(level privileges) $(level xdp) $(level namespaces) $(level tcp) $(level ports)" "ok ok ok ok ok"
like "its peer is in another namespace" "$(text peer)" '^interface [0-9]+ of another network namespace$'
is "the offloads that were turned off are well" "$(level TSO) $(level GSO) $(level GRO)" "ok ok ok"

doctor "$IF_A"
like "people read a line a finding" "$out" '^ok +state +up$'
like "and the remedy below it" "$out" '^ +-> --fcs append'
doctor -i "$IF_A" -q
is "-q leaves out what is well" "$(grep -c '^ok' <<<"$out")" 0

in_a ethtool -K "$IF_A" tx on tso on gso on gro on >/dev/null 2>&1
doctor "$IF_A" --json
is "offloads that are on are notes" "$(level 'tx checksum') $(level TSO) $(level GSO) $(level GRO)" "note note note note"
is "they stop no work" "$status" 0
like "the script turns all off" "$(remedy TSO)" "scripts/nic-setup.sh $IF_A prepare"
for about in TSO GSO GRO 'tx checksum'; do in_a sh -c "$(remedy "$about" | sed 's/^sudo //; s/;.*//')" >/dev/null 2>&1; done
doctor "$IF_A" --json
is "each remedy mends its own" "$(level 'tx checksum') $(level TSO) $(level GSO) $(level GRO)" "ok ok ok ok"

in_a sysctl -qw "net.ipv4.conf.$IF_A.rp_filter=1"
doctor "$IF_A" --json
is "a strict reverse path filter is a note" "$(level rp_filter)" note
in_a sh -c "$(remedy rp_filter | sed 's/^sudo sysctl/sysctl -qw/')"
doctor "$IF_A" --json
is "its remedy mends it" "$(level rp_filter)" ok

in_b ip link set "$IF_B" down
doctor "$IF_A" --json
is "no carrier is a problem, and status 1" "$(level carrier) $status" "problem 1"
in_b ip link set "$IF_B" up
in_a ip link set "$IF_A" down
doctor "$IF_A" --json
is "a link that is down is a problem, and status 1" "$(level state) $status" "problem 1"
in_a sh -c "$(remedy state | sed 's/^sudo //')"
comes_up "$NS_A" "$IF_A"
doctor "$IF_A" --json
is "its remedy mends it " "$(level state) $status" "ok 0"

in_a ip tuntap add tun9 mode tun
doctor tun9 --json
is "an interface that takes no Ethernet frames is a problem" "$(level kind) $status" "problem 1"

out=$(in_a setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/pktsmith" doctor "$IF_A" --json); status=$?
is "no privilege is a problem, and status 1" "$(level privileges) $status" "problem 1"
is "with both remedies, the second for this very program" "$(remedy privileges)" \
	"run it with sudo, or once: sudo setcap cap_net_raw,cap_net_admin=ep $tmp/pktsmith"
is "what only some jobs need is a note" "$(level xdp) $(level namespaces) $(level ports)" "note note note"

# What setcap is told to give is what was missing: the remedies, taken.
nobody() { out=$(in_a setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/pktsmith" doctor "$IF_A" --json); status=$?; }
take() { eval "$(remedy "$1" | sed 's/.*once: sudo //; s/;.*//')"; nobody; }
nobody
take privileges
is "the first lets it send, and keep the kernel silent" "$(level privileges) $(level tcp) $status" "ok ok 0"
take xdp
is "that of xdp gives what xdp needs" "$(level xdp) $(level privileges)" "ok ok"
take ports
is "that of ports gives all ports" "$(level ports) $(level privileges) $(level tcp)" "ok ok ok"
setcap cap_net_raw=ep "$tmp/pktsmith"; nobody
is "whether TCP needs more than cap_net_raw is tried, not guessed" "$(level tcp)" \
	"$(in_a setpriv --reuid=65534 --regid=65534 --clear-groups timeout 30 "$tmp/pktsmith" tcp listen 7070 -n 1 --timeout 300ms >/dev/null 2>&1; [ "$?" = 3 ] && echo note || echo ok)"
setcap -r "$tmp/pktsmith"

doctor --json
is "without an interface it lists all" "$(jq -r '[.checks[].about] - ["privileges", "xdp", "measure", "namespaces", "tcp", "ports"] | sort | join(" ")' <<<"$out")" "lo tun9 $IF_A"
is "and that is status 0" "$status" 0
doctor --jsonl
is "--jsonl is an object a finding, and a report" "$(jq -r .type <<<"$out" | uniq | paste -sd' ')" "check report"
doctor nosuch0
is "no such device is status 3" "$status" 3
like "and is named" "$(cat "$tmp/errors")" '"nosuch0"'
doctor "$IF_A" "$IF_B"
is "one interface at a time" "$status" 2
is "nothing was changed" "$(in_a cat "/sys/class/net/$IF_A/mtu" "/sys/class/net/$IF_A/operstate" | paste -sd' ')" "1500 up"

done_testing

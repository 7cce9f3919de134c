#!/usr/bin/env bash
# nic-setup.sh on a veth: what it turns off, and that all of it comes back.
. tests/support/tap.sh
. tests/support/netns.sh
netns_up
# netns_up has turned some off; a test of prepare wants the driver's own state.
in_a ethtool -K "$IF_A" tx on rx on tso on gso on >/dev/null 2>&1
in_b ethtool -K "$IF_B" tx off >/dev/null 2>&1

setup() { in_a scripts/nic-setup.sh "$IF_A" "$@" 2>&1; }
features() { in_a ethtool -k "$IF_A"; }
state() { features | awk -v name="$1:" '$1 == name { print $2 }'; }

before=$(features)
like "status shows an untouched interface" "$(setup status)" "^$IF_A: driver veth, as the system left it$"
like "status names what the driver does not offer" "$(setup status)" "not offered by the driver: .*rx-fcs"
like "prepare says what it turned off" "$(setup prepare)" "^$IF_A: turned off: .*rx-checksum.*tx-tcp-segmentation"
for feature in rx-checksumming tx-checksumming tcp-segmentation-offload generic-segmentation-offload generic-receive-offload \
	large-receive-offload rx-vlan-offload tx-vlan-offload tx-udp-segmentation; do
	is "after prepare $feature is off" "$(state "$feature")" off
done
prepared=$(features)
like "status says how it was" "$(setup status)" "^  rx-checksum +off  was on$"
is "prepare again finds nothing to do" "$(setup prepare)" "$IF_A: nothing to turn off"
is "and changes nothing" "$(features)" "$prepared"

fails "raw-fcs is refused where the driver has no rx-fcs" 3 in_a scripts/nic-setup.sh "$IF_A" raw-fcs
like "and says which driver" "$(setup raw-fcs)" "veth\) does not turn on: rx-fcs, rx-all"

like "restore says how much it put back" "$(setup restore)" "^$IF_A: put back: [0-9]+ features$"
is "restore brings every feature back as it was" "$(features)" "$before"
is "restore again is harmless" "$(setup restore)" "$IF_A: nothing to put back"
is "and changes nothing either" "$(features)" "$before"

in_a ethtool -K "$IF_A" rx off gro on >/dev/null 2>&1
before=$(features)
setup prepare >/dev/null
is "what was off before prepare stays off, what was on comes back" "$(setup restore >/dev/null; features)" "$before"

setup prepare >/dev/null
is "another namespace's interface is not touched" "$(in_b scripts/nic-setup.sh "$IF_B" restore 2>&1)" "$IF_B: nothing to put back"
in_a ip link set "$IF_A" address 02:00:00:00:09:99
is "a state that another interface left behind is not applied" "$(setup restore)" "$IF_A: nothing to put back"

fails "an unknown interface is exit status 3" 3 in_a scripts/nic-setup.sh none0 prepare
like "and is named" "$(in_a scripts/nic-setup.sh none0 prepare 2>&1)" "^nic-setup.sh: there is no interface none0"
fails "a path is no interface" 3 scripts/nic-setup.sh ../eth0 status
fails "an unknown command is a usage error" 2 in_a scripts/nic-setup.sh "$IF_A" polish
fails "no command is a usage error" 2 in_a scripts/nic-setup.sh "$IF_A"

in_a ip route add default via 10.9.0.2 dev "$IF_A"
before=$(features)
fails "the default route's interface is refused" 3 in_a scripts/nic-setup.sh "$IF_A" prepare
is "and left alone" "$(features)" "$before"
check "unless --force is said" in_a scripts/nic-setup.sh "$IF_A" prepare --force
check "restore needs no --force" in_a scripts/nic-setup.sh "$IF_A" restore
is "and brings it back" "$(features)" "$before"
is "nothing is left in /run/pktsmith" "$(find /run/pktsmith -name "*.$(in_a stat -L -c %i /proc/self/ns/net)")" ""
done_testing

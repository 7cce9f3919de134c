#!/usr/bin/env bash
# lab.sh makes a working pair of namespaces and leaves nothing of it behind.
. tests/support/tap.sh
name=t$$
lab() { scripts/lab.sh "$@"; }
trap 'lab down $name >/dev/null 2>&1' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
namespaces() { ip netns list | grep -c "^pktsmith-$name-"; }
machine() { ip -o link; ip -o addr | sed 's/valid_lft.*//'; ip route; ip -6 route; sysctl -a 2>/dev/null | grep -E '^net.ipv[46]\.conf'; }

before=$(machine)
is "status of no lab says so" "$(lab status $name)" "lab $name is not up"
fails "exec without a lab is exit status 3" 3 lab exec $name a true
like "up names the namespaces" "$(lab up $name)" "pktsmith-$name-a and pktsmith-$name-b, joined by eth1"
is "there are two" "$(namespaces)" 2
is "up again is harmless" "$(lab up $name)" "lab $name is up already"
check "one end reaches the other by IPv4" lab exec $name a ping -c1 -W2 10.0.0.2
check "and by IPv6" lab exec $name b ping -c1 -W2 2001:db8::1
is "the MAC is the documented one" "$(lab exec $name b cat /sys/class/net/eth1/address)" 02:00:00:00:00:0b
is "offloads are off" "$(lab exec $name a ethtool -k eth1 | grep -cE '^(tx-checksumming|tcp-segmentation-offload): off')" 2
fails "exec gives the command's exit status" 7 lab exec $name a sh -c 'exit 7'
like "status shows both ends" "$(lab status $name)" "10\.0\.0\.2/24 2001:db8::2/64"
is "the machine's own network is as before" "$(machine)" "$before"

rm -f /run/pktsmith/eth1."$(stat -L -c %i /run/netns/pktsmith-$name-b)"
ip netns del pktsmith-$name-b
like "up mends a lab that lost an end" "$(lab up $name)" "is up: "
check "which works again" lab exec $name a ping -c1 -W2 10.0.0.2

inodes=$(stat -L -c %i /run/netns/pktsmith-$name-a /run/netns/pktsmith-$name-b)
is "down says so" "$(lab down $name)" "lab $name is gone"
is "no namespace is left" "$(namespaces)" 0
is "no state of nic-setup.sh is left" "$(for i in $inodes; do ls /run/pktsmith/*."$i" 2>/dev/null; done)" ""
is "down again is harmless" "$(lab down $name)" "there is no lab $name"
fails "a name with a slash is refused" 2 lab up ../x
fails "an unknown command is a usage error" 2 lab polish
done_testing

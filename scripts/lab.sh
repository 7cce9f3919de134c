#!/usr/bin/env bash
# A lab of two network namespaces joined by a cable (a veth pair): nothing in it touches the machine's own network.
#
#   lab.sh up [NAME]                       make it (NAME: lab); harmless when it is there
#   lab.sh exec [NAME] a|b COMMAND...      run a command in one end
#   lab.sh status [NAME]                   what there is
#   lab.sh down [NAME]                     remove all of it; harmless when there is none
#
#   namespace       interface   MAC                 IPv4          IPv6
#   pktsmith-NAME-a eth1        02:00:00:00:00:0a   10.0.0.1/24   2001:db8::1/64
#   pktsmith-NAME-b eth1        02:00:00:00:00:0b   10.0.0.2/24   2001:db8::2/64
#
# Offloads are off (nic-setup.sh), and the kernel is kept as quiet as it can be, so that what is captured is what was sent.
# Exit status: 0 done, 2 usage, 3 the system refused; exec: the command's.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
interface=eth1

fail() { echo "lab.sh: $1" >&2; exit "${2:-3}"; }
usage() { echo "usage: lab.sh up|down|status [NAME], lab.sh exec [NAME] a|b COMMAND..." >&2; exit 2; }
namespace() { echo "pktsmith-$name-$1"; }
exists() { [ -e "/run/netns/$(namespace "$1")" ]; }
inside() { local end=$1; shift; ip netns exec "$(namespace "$end")" "$@"; }
is_up() { exists a && exists b && inside a ip link show dev $interface up 2>/dev/null | grep -q LOWER_UP; }

# No duplicate address detection, router solicitation or link-local address: each would put frames on the cable. The kernel
# cannot be told to announce no multicast group of its addresses (MLD), but to do so at once and not a second later.
make_namespace() {
	ip netns add "$(namespace "$1")"
	inside "$1" sh -c 'cd /proc/sys/net/ipv6/conf/default 2>/dev/null || exit 0 # a kernel without IPv6
		echo 0 >accept_dad; echo 0 >router_solicitations; echo 1 >addr_gen_mode
		echo 1 >mldv2_unsolicited_report_interval'
	ip -n "$(namespace "$1")" link set lo up
}

set_up_end() {
	local end=$1 number=$2
	inside "$end" "$here/nic-setup.sh" $interface prepare >/dev/null
	ip -n "$(namespace "$end")" addr add "10.0.0.$number/24" dev $interface
	ip -n "$(namespace "$end")" addr add "2001:db8::$number/64" dev $interface nodad 2>/dev/null || true # the same
}

# Two MLD reports of each end; a kernel without IPv6 sends none.
wait_for_reports() {
	local end
	for end in a b; do
		for _ in $(seq 40); do
			[ "$(inside "$end" awk '/eth1:/ { print $11 }' /proc/net/dev)" -lt 2 ] || break
			sleep 0.05
		done
	done
}

up() {
	if is_up; then
		echo "lab $name is up already"
		return
	fi
	# What an interrupted run left is of no use.
	remove
	trap remove EXIT
	make_namespace a
	make_namespace b
	ip -n "$(namespace a)" link add $interface address 02:00:00:00:00:0a type veth \
		peer name $interface address 02:00:00:00:00:0b netns "$(namespace b)"
	set_up_end a 1
	set_up_end b 2
	ip -n "$(namespace a)" link set $interface up
	ip -n "$(namespace b)" link set $interface up
	wait_for_reports
	trap - EXIT
	echo "lab $name is up: $(namespace a) and $(namespace b), joined by $interface"
}

# The pair goes first: a process that still runs in a namespace would keep it alive. The state of nic-setup.sh goes with it.
remove() {
	local end
	for end in a b; do
		exists "$end" || continue
		rm -f "/run/pktsmith/$interface.$(stat -L -c %i "/run/netns/$(namespace "$end")")"
		ip -n "$(namespace "$end")" link del $interface 2>/dev/null || true
		ip netns del "$(namespace "$end")"
	done
}

down() {
	if ! exists a && ! exists b; then
		echo "there is no lab $name"
		return
	fi
	remove
	echo "lab $name is gone"
}

status() {
	local end
	if ! is_up; then
		echo "lab $name is not up"
		return
	fi
	for end in a b; do
		echo "$(namespace "$end"):"
		ip -n "$(namespace "$end")" -brief addr show dev $interface | sed 's/^/  /'
		inside "$end" ip -brief link show dev $interface | sed 's/^/  /'
		inside "$end" "$here/nic-setup.sh" $interface status | sed '1!d; s/^/  /'
	done
}

[ $# -ge 1 ] || usage
command=$1
shift
name=lab
case $command in
up | down | status)
	[ $# -le 1 ] || usage
	name=${1:-$name}
	;;
exec)
	[ "${1-}" = a ] || [ "${1-}" = b ] || { name=${1-}; shift || usage; }
	[ $# -ge 2 ] || usage
	;;
*) usage ;;
esac
[[ $name =~ ^[A-Za-z0-9_-]{1,32}$ && $name != [ab] ]] || fail "a lab's name is letters, digits, _ and -, and not a or b" 2
[ "$(id -u)" = 0 ] || fail "needs root: sudo $0 $command"

case $command in
exec)
	end=$1
	shift
	[ "$end" = a ] || [ "$end" = b ] || usage
	exists a && exists b || fail "lab $name is not up: $0 up $name"
	exec ip netns exec "$(namespace "$end")" "$@"
	;;
*) $command ;;
esac

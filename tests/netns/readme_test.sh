#!/usr/bin/env bash
# The README's walk over a cable in software, as it is printed there: the same words come out, other numbers and times aside.
. tests/support/tap.sh
. tests/support/wait.sh
pktsmith=$(realpath "${PKTSMITH:-build/pktsmith}")
lab=readme$$
tmp=$(mktemp -d)
trap '[ -z "$watcher" ] || kill "$watcher" 2>/dev/null; scripts/lab.sh down $lab >/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
watcher=

# The lines of the README's fenced blocks from the command that has $1 in it to the next.
shown() {
	awk -v what="$1" '/^```/ { take = 0; next } /^[$] / { take = index($0, what); next } take' README.md
}
# The command itself, in our lab, with our program, and with frames that take no ten seconds.
command_of() {
	grep -F -m 1 -- "$1" README.md | sed "s/^[$] sudo //; s/lab[.]sh \([a-z]*\)/lab.sh \1 $lab/; s/pktsmith-lab-/pktsmith-$lab-/
		s#\([ab]\) pktsmith #\1 $pktsmith #; s#vlan-ping.yaml#$tmp/&#; s/-n 1000/-n 20/"
}
words() { sed "s/pktsmith-$lab/pktsmith-lab/g; s/lab $lab/lab lab/; s/[0-9][0-9.,:]* [Mmunk]*\(s\|bit\/s\|frames\/s\)\b/TIME/g; s/[0-9][0-9.,:]*/N/g"; }

awk '/^name: vlan-ping/ { take = 1 } /^```/ { take = 0 } take' README.md >"$tmp/vlan-ping.yaml"
is "a cable is made" "$(eval "$(command_of 'lab.sh up')" | words)" "$(shown 'lab.sh up' | words)"
is "frames are sent at a rate" "$(eval "$(command_of 'exec a pktsmith send vlan-ping.yaml -i eth1 -n')" | words)" \
	"$(shown 'exec a pktsmith send vlan-ping.yaml -i eth1 -n' | words)"

capturing() { pid=$(ip netns pids "pktsmith-$lab-b" | tail -n 1); [ -n "$pid" ] && has_begun "$pid"; }
ip -n "pktsmith-$lab-a" neigh flush all
ip -n "pktsmith-$lab-b" neigh flush all
eval "$(command_of 'pktsmith capture -i eth1')" >"$tmp/seen" 2>&1 &
watcher=$!
await capturing
eval "$(command_of 'exec a pktsmith send vlan-ping.yaml -i eth1 -n')" >/dev/null
wait "$watcher"
is "the other end sees who has the address, and the ping" "$(words <"$tmp/seen")" "$(shown 'pktsmith capture -i eth1' | words)"
is "one command sends, captures and compares" "$(eval "$(command_of '--verify --rx pktsmith-lab-b/eth1')" | words)" \
	"$(shown '--verify --rx pktsmith-lab-b/eth1' | words)"
is "probes are answered" "$(eval "$(command_of 'pktsmith probe ping')" | words | tr -s ' ')" \
	"$(shown 'pktsmith probe ping' | words | tr -s ' ')"
is "frames are measured" "$(eval "$(command_of 'pktsmith measure vlan-ping.yaml')" 2>/dev/null | sed '/^note/d; /^$/,$d' | words | tr -s ' ')" \
	"$(shown 'pktsmith measure vlan-ping.yaml' | words | tr -s ' ')"
done_testing

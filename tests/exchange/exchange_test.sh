#!/usr/bin/env bash
# Every script here passes against the kernel's stack; what is wrong fails with the right words.
. tests/support/cli.sh
. tests/support/wait.sh

if ! unshare -n true 2>/dev/null; then
	echo "1..0 # SKIP network namespaces take root"
	exit 0
fi

# Traffic of its own, time of its own: nothing here says how long something may take.
for script in tests/exchange/*.yaml; do
	check "$(basename "$script" .yaml): $(sed -n 's/^about: //p' "$script")" timeout -s KILL 60 "$P" test "$script"
done
is "each script has the name of its file, and says what it is about" \
	"$(grep -c '^about: ' tests/exchange/*.yaml | grep -v ':1$')$(for f in tests/exchange/*.yaml; do
		grep -qx "name: $(basename "$f" .yaml)" "$f" || echo "$f"; done)" ""

# A script that is wrong in one thing.
wrong() { sed "$2" "tests/exchange/$1.yaml" >"$dir/wrong.yaml"; timeout -s KILL 60 "$P" test "$dir/wrong.yaml" 2>&1; }

out=$(wrong tcp-closed-port 's/flags: rst|ack/flags: syn|ack/; s/within: 1s/within: 200ms/'); status=$?
is "a script that expects another answer fails" "$status" 1
like "it says where, and how long it waited" "$out" 'wrong.yaml:11:5: step 2, expect: nothing that fits came within 200 ms'
like "the field that differs stands there, expected and actual" "$out" '^  \* +flags +syn\|ack +rst\|ack$'
like "a field that is as expected is not marked" "$out" '^    +ack +1001 +1001$'
like "the time line has what was sent" "$out" 'sent +step 1 .*tcp 4000 > 81 \[syn\]'
like "and what arrived" "$out" 'arrived +step 2 .*tcp 81 > 4000 \[rst\|ack\].*passed over'

out=$(wrong tcp-closed-port 's/ack: $seq+1/ack: $seq+2/; s/within: 1s/within: 200ms/')
like "a sum is told with what it comes to" "$out" '^  \* +ack +1002 +1001$'
out=$(wrong tcp-handshake 's/seq: $theirs+1, ack: $seq+6, flags: ack/seq: $theirs+2, ack: $seq+6, flags: ack/; s/^vars/within: 200ms\nvars/')
like "a name is told with its value" "$out" '^  \* +seq +\$theirs \+ 2 = [0-9]+ +[0-9]+$'
like "the step that failed is told" "$out" 'step 4, expect'
out=$(wrong udp-closed-port 's/^  - expect:/  - expect-none:/; s/- payload: {prefix.*//'); status=$?
is "what is not to come, and comes, is a failure" "$status" 1
like "and it is told so" "$out" 'step 2, expect-none: a frame came that is not to come'
out=$(wrong udp-closed-port 's/code: 3/code: [0, 1, 13]/; s/^peer.*//; s/^steps/within: 100ms\nsteps/')
like "what one of several was wanted of" "$out" '^  \* +code +0 or 1 or 13 +3$'
out=$(wrong ping 's/within.*//; s/seq: 1..3/seq: 1..2/; s/^vars/within: 100ms\nvars/')
like "the turn of a repeat is told" "$out" 'step 3, expect, turn 3'
out=$(wrong tcp-syn-retransmitted 's/not-before: 800ms/not-before: 2900ms/')
like "what comes too early fails" "$out" 'the frame came [0-9.]+ m?s after the step began, not before 2900 ms'
out=$(wrong arp-reply 's/^steps/strict: yes\nsteps/; s/op: reply/op: request/; s/within: 1s/within: 100ms/')
like "with strict what every host sends is let pass" "$out" 'nothing that fits came within 100 ms'
out=$(wrong udp-closed-port 's/^steps/strict: yes\nsteps/; s/code: 3/code: 2/')
like "and nothing else is" "$out" 'a frame came that nothing expects, which strict forbids'

# ---- formats ----

"$P" test --tap arp-reply ping >"$dir/tap" 2>&1
is "TAP is TAP" "$(cat "$dir/tap")" "TAP version 13
1..2
ok 1 - arp-reply
ok 2 - ping"
sed 's/flags: rst|ack/flags: syn|ack/; s/^name:.*/name: "<a> \&amp; \\"b\\" # 1"/; s/within: 1s/within: 100ms/' tests/exchange/tcp-closed-port.yaml >"$dir/wrong.yaml"
like "a failure's details are comments of TAP" "$("$P" test --tap "$dir/wrong.yaml")" '^# .*flags +syn\|ack +rst\|ack'
fails "a failure is status 1 with any format" 1 "$P" test --junit "$dir/junit.xml" -q "$dir/wrong.yaml" arp-reply
is "JUnit's XML is read by a parser, with the names and counts" "$(python3 - "$dir/junit.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
suite = root.find("testsuite")
cases = suite.findall("testcase")
print(root.tag, suite.get("tests"), suite.get("failures"), suite.get("errors"), [c.get("name") for c in cases],
      "syn|ack" in cases[0].find("failure").text, cases[1].find("failure"))
PY
)" "testsuites 2 1 0 ['<a> &amp; \"b\" # 1', 'arp-reply'] True None"
is "JSON tells what differs" "$("$P" test --json "$dir/wrong.yaml" | python3 -c '
import json, sys
document = json.load(sys.stdin)
script = document["scripts"][0]
print(document["failed"], script["verdict"], script["step"]["line"],
      [(f["layer"], f["field"], f["expected"], f["actual"]) for f in script["fields"] if f["verdict"] == "differs"],
      script["timeline"][0]["kind"])')" "1 missed 11 [('tcp', 'flags', 'syn|ack', 'rst|ack')] sent"
is "JSON lines end with the report" "$("$P" test --jsonl arp-reply ping | python3 -c '
import json, sys
print([json.loads(line)["type"] for line in sys.stdin])')" "['script', 'script', 'report']"
is "what was sent has no fate, but for answers that the lab gives" \
	"$("$P" test --json ping | jq -c '[.scripts[0].timeline[] | select(.kind == "sent") | .fate] | unique')" '[null,"answer"]'
"$P" test arp-reply ping --junit "$dir/junit.xml" >/dev/full 2>"$dir/err"
is "where nobody can be told no more scripts are played" "$? $(cat "$dir/err")" "3 pktsmith: standard output: No space left on device"
is "and JUnit's XML has those that were" "$(python3 - "$dir/junit.xml" <<'PY'
import sys, xml.etree.ElementTree as tree
print([c.get("name") for c in tree.parse(sys.argv[1]).getroot().iter("testcase")])
PY
)" "['arp-reply']"
like "XML is for standard output by its format" "$("$P" test ping --junit - 2>&1)" '--junit -: --format junit prints it'
like "and frames are not" "$("$P" test ping -w - 2>&1)" '-w -: standard output is the report'
"$P" test -q -w "$dir/all.pcap" udp-closed-port
like "-w keeps what was sent and what arrived" "$("$P" capture --read "$dir/all.pcap" --color never)" 'udp 4000 > 33434'
like "both of them" "$("$P" capture --read "$dir/all.pcap" --color never)" 'icmp .*unreachable'

# ---- errors, and what is left behind ----

printf 'interface: lab\nsteps:\n  - send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv5}]}\n' >"$dir/bad.yaml"
fails "a script that is wrong is status 2" 2 "$P" test "$dir/bad.yaml"
like "with its place and a hint" "$("$P" test "$dir/bad.yaml")" 'bad.yaml:3:56: no variable "peer.ipv5"; did you mean "peer.ipv4"\?'
fails "an interface that is not there is status 3" 3 "$P" test -i no-such-if <(sed '/^interface/d; s/\$peer[.a-z0-9]*/02:00:00:00:00:02/g' tests/exchange/arp-reply.yaml | sed 's/spa: [^,]*/spa: any/; s/tpa: 02[^}]*/tpa: 192.0.2.9/')
like "--dry-run prints the steps" "$("$P" test --dry-run tcp-closed-port)" 'expect within 1 s'
check "and takes no privileges" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$P" test --dry-run tests/exchange/arp-reply.yaml
if setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all unshare -U true 2>/dev/null; then
	cp "$P" "$dir/pktsmith"; cp tests/exchange/ttl-exceeded.yaml "$dir"; chmod 755 "$dir"
	check "a lab takes no root where everybody may have a user namespace" setpriv --reuid=65534 --regid=65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all "$dir/pktsmith" test "$dir/ttl-exceeded.yaml"
fi
before=$(ip -o link | cut -d: -f2)
sed 's/within: 1s/within: 30s/; s/op: reply/op: 9/' tests/exchange/arp-reply.yaml >"$dir/long.yaml"
"$P" test "$dir/long.yaml" >"$dir/long" 2>&1 & pid=$!
began $pid
namespace=$(readlink "/proc/$pid/ns/net")
kill -9 $pid; wait $pid 2>/dev/null
isnt_there() { ! { readlink /proc/[0-9]*/ns/net; stat -L -c 'net:[%i]' /run/netns/*; } 2>/dev/null | grep -F "$1"; }
check "what is killed had a namespace of its own" test "$namespace" != "$(readlink /proc/self/ns/net)"
check "and leaves none" await isnt_there "$namespace"
is "nor an interface" "$(ip -o link | cut -d: -f2)" "$before"
"$P" test "$dir/long.yaml" >"$dir/long" 2>&1 & pid=$!
began $pid
idle $pid
kill -INT $pid; wait $pid; status=$?
is "a signal ends it with status 1" "$status" 1
like "and says so" "$(cat "$dir/long")" 'step 2, expect: stopped by a signal'
done_testing

#!/bin/bash
# udp and tcp where standard input and output are not what they should be: closed, full, not to be read.
set -u
if [ -z "${STREAMS_INSIDE:-}" ]; then
	STREAMS_INSIDE=1 exec unshare -n "$0" "$@"
fi
ip link set lo up
. tests/support/tap.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"' EXIT
# What a command says, its output with it, and its status.
said() { timeout 20 "$@" 2>&1; echo "status $?"; }

with() {
	local how=$1 name=${1:-ours} server listener
	"$P" tcp listen 7100 --echo $how 2>"$WORK/said" & server=$!
	ready "$WORK/said"
	# Its number would be the next socket's: the frames of others would be taken for what is to be sent.
	is "$name: closed standard input is none" "$(said "$P" tcp connect 127.0.0.1 7100 $how <&-)" \
		"pktsmith: cannot read standard input: Bad file descriptor
status 3"
	is "$name: what cannot be read is not taken for its end" "$(said "$P" tcp connect 127.0.0.1 7100 $how </)" \
		"pktsmith: cannot read standard input: Is a directory
status 3"
	timeout 20 "$P" tcp connect 127.0.0.1 7100 hello $how >&- 2>"$WORK/error"
	is "$name: closed standard output is told" "$? $(cat "$WORK/error")" "3 pktsmith: cannot write to standard output: Bad file descriptor"
	timeout 20 "$P" tcp connect 127.0.0.1 7100 hello $how >/dev/full 2>"$WORK/error"
	is "$name: so is full standard output" "$? $(cat "$WORK/error")" \
		"3 pktsmith: cannot write to standard output: No space left on device"
	is "$name: closed standard error hinders nothing" "$(timeout 20 "$P" tcp connect 127.0.0.1 7100 hello -v $how 2>&-; echo " $?")" \
		"hello 0"
	kill "$server"
	wait "$server"

	timeout 20 "$P" tcp listen 7101 --reply yes $how >/dev/full 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	"$P" tcp connect 127.0.0.1 7101 hello --wait $how >/dev/null 2>&1
	wait "$listener"
	is "$name: a listener without output for its messages ends, and says so once" "$? $(tail -n +2 "$WORK/said.seen")" \
		"3 pktsmith: cannot write to standard output: No space left on device"

	timeout 20 "$P" udp listen 7102 --echo $how >&- 2>"$WORK/said" & listener=$!
	ready "$WORK/said"
	timeout 20 "$P" udp send 127.0.0.1 7102 hello $how
	wait "$listener"
	is "$name: udp listen likewise" "$? $(tail -n +2 "$WORK/said.seen")" \
		"3 pktsmith: standard output: Bad file descriptor"
}

with ""
with --kernel

# A reader that is slow, at the other end of a pipe that does not wait.
python3 - "$P" >"$WORK/count" <<'END'
import os, subprocess, sys, time
reads, writes = os.pipe()
os.set_blocking(writes, False)
sender = subprocess.Popen([sys.argv[1], "protocols", "--format", "md"], stdout=writes)
os.close(writes)
time.sleep(0.3)
count = 0
while True:
    octets = os.read(reads, 1000)
    if not octets:
        break
    count += len(octets)
print(sender.wait(), count)
END
is "a pipe that does not wait gets all" "$(cat "$WORK/count")" "0 $("$P" protocols --format md | wc -c)"
done_testing

#!/bin/bash
# `pktsmith clients --kernel`: the list of clients over the kernel's sockets, as a user without privileges; Python on the other side.
set -u
if [ -z "${CLIENTS_INSIDE:-}" ]; then
	CLIENTS_INSIDE=1 exec unshare -n "$0" "$@"
fi
ip link set lo up
. tests/support/tap.sh
. tests/support/clients.sh
PKTSMITH=$(realpath "${PKTSMITH:-build/pktsmith}")
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"' EXIT

# The program as nobody runs it.
chmod 755 "$WORK"
cp "$PKTSMITH" "$WORK/pktsmith"
cat >"$WORK/as-nobody" <<EOF
#!/bin/sh
exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all "$WORK/pktsmith" "\$@"
EOF
chmod 755 "$WORK/as-nobody"
PKTSMITH=$WORK/as-nobody

clients_served 127.0.0.1 "IPv4" --kernel
clients_served ::1 "IPv6" --kernel
clients_filled 127.0.0.1 "IPv4" --kernel
clients_asks 127.0.0.1 "IPv4" --kernel
clients_asks ::1 "IPv6" --kernel

# Each client has a thread of its own.
serve_clients 127.0.0.1 --kernel
python3 - <<'EOF' >"$WORK/threads" &
import socket, time
open_ = [socket.create_connection(("127.0.0.1", 5000)) for _ in range(20)]
time.sleep(600)
EOF
holder=$!
threads() { ls "/proc/$SERVER/task" | wc -l; }
has_threads() { [ "$(threads)" -ge "$1" ]; }
await has_threads 21
is "twenty clients have twenty threads" "$(threads)" 21
end_server && ended=0 || ended=$?
is "Ctrl-C ends it with clients that wait" "$ended" 0
kill "$holder"

# A thread takes descriptors: those who say nothing, or take nothing, leave room for others.
cat >"$WORK/with-few-descriptors" <<EOF
#!/bin/bash
ulimit -n 96
exec "$WORK/as-nobody" "\$@"
EOF
chmod 755 "$WORK/with-few-descriptors"
PKTSMITH=$WORK/with-few-descriptors serve_clients 127.0.0.1 --kernel --timeout 1000s
python3 - <<'EOF' >"$WORK/held" &
import socket, time
open_ = [socket.create_connection(("127.0.0.1", 5000)) for _ in range(50)]
print("open", flush=True)
time.sleep(600)
EOF
holder=$!
await test -s "$WORK/held"
like "beside fifty silent ones and with 96 descriptors a client is served" "$(timeout 60 $CLIENTS one 127.0.0.1 5000 late)" '"late": \{'
end_server
kill "$holder"

# Where the system lets it have no more threads. The limit counts all that the user runs: a user that nobody else is. How many
# threads are left of it is the system's: each client has one, or is said to have none.
USER_OF_ITS_OWN=$((1000000 + $$))
cat >"$WORK/with-few-threads" <<EOF
#!/bin/bash
ulimit -u 5
exec setpriv --reuid $USER_OF_ITS_OWN --regid $USER_OF_ITS_OWN --clear-groups --bounding-set=-all --inh-caps=-all "$WORK/pktsmith" "\$@"
EOF
chmod 755 "$WORK/with-few-threads"
PKTSMITH=$WORK/with-few-threads serve_clients 127.0.0.1 --kernel -v
rm -f "$WORK/held"
python3 - <<'EOF' >"$WORK/held" &
import socket, time
open_ = [socket.create_connection(("127.0.0.1", 5000)) for _ in range(20)]
print("open", flush=True)
time.sleep(600)
EOF
holder=$!
await test -s "$WORK/held"
like "without room for threads clients are served all the same" "$(timeout 60 $CLIENTS one 127.0.0.1 5000 late)" '"late": \{'
with=$(($(ls "/proc/$SERVER/task" | wc -l) - 1))
without=$(grep -c "has no thread of its own" "$WORK/said")
check "by no more threads than there may be" [ "$with" -lt 5 ]
is "and -v tells of each that has none" "$((with + without))" 21
end_server && ended=0 || ended=$?
is "and Ctrl-C ends it cleanly" "$ended" 0
kill "$holder"

fails "a name is for a client" 2 "$PKTSMITH" clients -n x --kernel
fails "an empty name is none" 2 "$PKTSMITH" clients -c -n '' --kernel
fails "the kernel makes no frames to keep" 2 "$PKTSMITH" clients -c --kernel -w /dev/null
fails "a port has 16 bits" 2 "$PKTSMITH" clients 127.0.0.1 65536 --kernel
serve_clients 127.0.0.1 --kernel
fails "a port that is taken is refused" 3 "$PKTSMITH" clients --kernel
end_server
done_testing

#!/bin/bash
# `pktsmith clients`: the list of clients by the TCP of our own, on loopback; Python and the kernel on the other side.
set -u
if [ -z "${CLIENTS_INSIDE:-}" ]; then
	CLIENTS_INSIDE=1 exec unshare -n "$0" "$@"
fi
ip link set lo up
. tests/support/tap.sh
. tests/support/clients.sh
PKTSMITH=${PKTSMITH:-build/pktsmith}
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"' EXIT

clients_served 127.0.0.1 "IPv4"
clients_served ::1 "IPv6"
clients_filled 127.0.0.1 "IPv4"
clients_asks 127.0.0.1 "IPv4"
clients_asks ::1 "IPv6"

serve_clients 127.0.0.1 --kernel
like "our client, the kernel's server" "$("$PKTSMITH" clients -c -n ours)" '"ours": \{'
end_server
serve_clients 127.0.0.1
like "the kernel's client, our server" "$("$PKTSMITH" clients -c -n theirs --kernel)" '"theirs": \{'
like "our client, our server" "$("$PKTSMITH" clients -c -n both)" '"both": \{'
end_server
for how in "" --kernel; do
	like "${how:-ours}: a list with a reset right behind it is a list" "$(printf '{"name1": {"port": 1}}' |
		python3 tests/support/reset.py 5003 "$PKTSMITH" clients -c 127.0.0.1 5003 $how 2>&1)" '"name1": \{'
done
done_testing

# sending.sh: what tests of sending share; source it after netns.sh.
#   sending_up           the pair of netns.sh without a word of the kernel's own, and a folder $tmp; both go on exit
#   send ARG...          pktsmith send, on $IF_A
#   reader COUNT [SECONDS [MAC]]   listens on $IF_B for so many frames to the MAC (02:00:00:00:00:99), so long at most (10)
#   reader_done          waits for it: the frames stand in $tmp/arrived, a line of hex digits each
PKTSMITH=${PKTSMITH:-build/pktsmith}

sending_up() {
	tmp=${tmp:-$(mktemp -d)}
	netns_up
	trap 'netns_down; rm -rf "$tmp"' EXIT
	netns_quiet
}

send() { in_a "$PKTSMITH" send "$@" -i "$IF_A"; }

reader() {
	rm -f "$tmp/reader"
	ip netns exec "$NS_B" /usr/bin/python3 tests/support/af_packet_reader.py \
		"$IF_B" "$1" "${2:-10}" "${3:-020000000099}" >"$tmp/reader" &
	reader_pid=$!
	await grep -qs ready "$tmp/reader"
}
reader_done() { wait "$reader_pid"; sed 1d "$tmp/reader" >"$tmp/arrived"; }

# sending.sh: what tests of sending share; source it after netns.sh.
#   sending_up           the pair of netns.sh without a word of the kernel's own, and a folder $tmp; both go on exit
#   send ARG...          pktsmith send, on $IF_A
#   has_sent COUNT [IF]  $IF_A, or another of $NS_A, has sent as many frames or more in all; sent_by [IF] is how many
#   amid COUNT COMMAND...   runs a command, from the background, once so many more have left $IF_A
#   reader COUNT [MAC]   listens on $IF_B for so many frames to the MAC (02:00:00:00:00:99)
#   reader_done          waits for it: the frames stand in $tmp/arrived, a line of hex digits each
#   reader_stopped       does not wait for more than have arrived: the same
PKTSMITH=${PKTSMITH:-build/pktsmith}

sending_up() {
	tmp=${tmp:-$(mktemp -d)}
	netns_up
	trap 'netns_down; rm -rf "$tmp"' EXIT
	netns_quiet
}

send() { in_a "$PKTSMITH" send "$@" -i "$IF_A"; }

sent_by() { in_a cat "/sys/class/net/${1:-$IF_A}/statistics/tx_packets"; }
has_sent() { [ "$(sent_by "${2:-$IF_A}")" -ge "$1" ]; }
amid() {
	local wanted=$(($(sent_by) + $1))
	shift
	(await has_sent "$wanted"; "$@") &
}

reader() {
	rm -f "$tmp/reader"
	ip netns exec "$NS_B" /usr/bin/python3 tests/support/af_packet_reader.py \
		"$IF_B" "$1" 60 "${2:-020000000099}" >"$tmp/reader" &
	reader_pid=$!
	await grep -qs ready "$tmp/reader"
}
reader_done() { wait "$reader_pid"; sed 1d "$tmp/reader" >"$tmp/arrived"; }
reader_stopped() {
	idle "$reader_pid"
	kill "$reader_pid" 2>/dev/null
	reader_done 2>/dev/null
}

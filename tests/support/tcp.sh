# tcp.sh: peers of `pktsmith tcp`; source it after tap.sh.
#   ready FILE              waits until FILE says that somebody listens; it is FILE.seen then, so that the next one to write
#                           FILE is not taken for ready by what is left of the last
#   kernel_listens PORT     waits until a kernel socket of this namespace does
#   witness IF              starts tcpdump for what the kernel must not say: RST and ICMP errors
#   witnessed               ends it; prints what it saw
. tests/support/wait.sh
WORK=$(mktemp -d) || exit 1

ready() { await grep -qs listening "$1" && mv "$1" "$1.seen"; }

has_listener() { [ -n "$(ss -Hltn "sport = :$1")" ]; }
kernel_listens() { await has_listener "$1"; }

witness() {
	# The filter of IPv6 looks behind the plain header: there are no others here.
	tcpdump -i "$1" -nn -U --immediate-mode -w "$WORK/witness.pcap" \
		'(tcp[13] & 4 != 0) or (icmp and icmp[0] != 8 and icmp[0] != 0) or (ip6 and ip6[6] == 6 and ip6[53] & 4 != 0) or
		(icmp6 and ip6[40] < 128)' 2>"$WORK/witness.said" &
	WITNESS=$!
	await grep -qs 'listening on' "$WORK/witness.said"
}

witnessed() {
	dumped "$WITNESS"
	tcpdump -nn -r "$WORK/witness.pcap" 2>/dev/null
}

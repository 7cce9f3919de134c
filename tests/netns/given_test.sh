#!/bin/bash
# What a template gives of its last header, in conversations with a kernel: ports, numbers, flags, options, checksums, as tshark reads them; and
# --source-port, which needs no template.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/tcp.sh
P=$(realpath "${PKTSMITH:-build/pktsmith}")
FRAMES=$(realpath frames)
export PKTSMITH_FRAMES=$FRAMES
netns_up
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$WORK"; netns_down' EXIT
head -c 1000000 /dev/urandom >"$WORK/data"
sum=$(sha256sum <"$WORK/data")
cd "$WORK" || exit 1
cp "$OLDPWD/tests/support/tcp_peer.py" .

# No port that a test names is one that the kernel gives to another connection.
in_a sysctl -qw net.ipv4.ip_local_port_range='50000 60000'
in_b_listens() { [ -n "$(in_b ss -Hltn "sport = :$1")" ]; }

# NAME LAST: a template whose last layer is that one, on line 4.
template() { { echo layers:; printf '  - %s\n' "eth: {}" "ipv4: {src: 10.9.0.1, dst: 10.9.0.2}" "$2"; } >"$1.yaml"; }

ip netns exec "$NS_B" python3 tcp_peer.py echo 0.0.0.0 7000 >/dev/null 2>&1 &
await in_b_listens 7000

# Watches the link for what COMMAND does; show reads it.
watched() {
	local tcpdump status
	rm -f seen.pcap seen.said
	ip netns exec "$NS_B" tcpdump -i "$IF_B" -nn -U --immediate-mode -w seen.pcap 2>seen.said & tcpdump=$!
	await grep -qs 'listening on' seen.said
	"$@"
	status=$?
	dumped "$tcpdump"
	return "$status"
}
show() { tshark -r seen.pcap -o tcp.relative_sequence_numbers:FALSE -Y "$1" -T fields -E separator=' ' $(printf -- '-e %s ' $2) 2>/dev/null; }
each() { show "$@" | sort -u; }
connect() { in_a timeout 20 "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template "$@" <data 2>said | sha256sum; }

# ---- our SYN
template all 'tcp: {sport: 40001, dport: 7000, seq: 4000000000, ack: 77, flags: syn|psh|urg, window: 20000, urgent: 0, options: [nop, mss: 700, {option: {kind: 253, data: abcd}}, nop, sack-permitted, {timestamps: {val: 5}}, wscale: 3, nop]}'
is "a SYN given to the last bit: a megabyte there and back" "$(watched connect all.yaml)" "$sum"
is "and nothing is said of it" "$(cat said)" ""
is "its port, numbers, flags and window are those given" \
	"$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' 'tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.flags tcp.window_size_value')" \
	"40001 7000 4000000000 77 0x002a 20000"
is "its options too, in their order" \
	"$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' 'tcp.option_kind tcp.options.mss_val tcp.options.timestamp.tsval tcp.options.wscale.shift')" \
	"1,2,253,1,4,8,3,1,0,0 700 5 3"
is "the data follows the number" "$(show 'ip.src == 10.9.0.1 && tcp.len > 0' tcp.seq_raw | head -1)" 4000000001
is "each segment has the window" "$(each 'ip.src == 10.9.0.1 && tcp' tcp.window_size_value)" 20000
is "the peer keeps to the MSS that was announced, 12 octets of it for timestamps" \
	"$(show 'ip.src == 10.9.0.2 && tcp.len > 0' tcp.len | sort -n | tail -1)" 688
is "the flags are the SYN's alone" "$(show 'tcp.flags.urg == 1' frame.number | wc -l)" 1

template none 'tcp: {options: []}'
is "a SYN without options: a megabyte there and back" "$(watched connect none.yaml)" "$sum"
is "no segment has one, but the peer's SYN" "$(each 'tcp.flags.syn == 0 || ip.src == 10.9.0.1' tcp.hdr_len)" 20
is "and the peer sends no more than it may without an MSS" \
	"$(show 'ip.src == 10.9.0.2 && tcp.len > 0' tcp.len | sort -n | tail -1)" 536

template flags 'tcp: {seq: 5000, flags: ack|psh|ece}'
is "flags without syn: a megabyte there and back" "$(watched connect flags.yaml)" "$sum"
is "they are on each segment but the SYN" "$(each 'ip.src == 10.9.0.1 && tcp.flags.syn == 0 && tcp.flags.fin == 0' tcp.flags)" 0x0058
is "and on the last one, with FIN" "$(show 'ip.src == 10.9.0.1 && tcp.flags.fin == 1' tcp.flags)" 0x0059
is "the number is that of the first data" "$(show 'ip.src == 10.9.0.1 && tcp.len > 0' tcp.seq_raw | head -1)" 5000

template scale 'tcp: {window: 65535, options: [mss: 1460, wscale: 14]}'
is "a window that says more than there is room for: a megabyte there and back" "$(connect scale.yaml)" "$sum"
template small 'tcp: {window: 1000}'
is "and one that says little, unscaled in the SYN" "$(watched in_a timeout 20 "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template small.yaml hello)" hello
is "each segment says so" "$(each 'ip.src == 10.9.0.1 && tcp' tcp.window_size_value)" 1000

is "the installed SYN, its variables by -D" "$(watched connect syn -D target=10.9.0.2 -D port=7000)" "$sum"
is "is what we open with" "$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' 'tcp.srcport tcp.seq_raw tcp.window_size_value')" "40000 1000 65535"
is "a modern system's SYN, a field by -s" "$(watched connect syn-options -D target=10.9.0.2 -D port=7000 -s tcp.sport=40009)" "$sum"
is "is what we open with, too" "$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' 'tcp.srcport tcp.option_kind tcp.options.timestamp.tsval')" "40009 2,4,8,1,3 1"

is "given options, and the fault to have none: a megabyte there and back" "$(watched connect all.yaml --misbehave no-options)" "$sum"
is "no segment of ours has one" "$(each 'ip.src == 10.9.0.1 && tcp' tcp.hdr_len)" 20
template fixed 'tcp: {checksum: 0x1234}'
watched in_a timeout 30 "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template fixed.yaml --timeout 300ms x 2>said
is "a checksum that is given stands as it is" "$(each 'ip.src == 10.9.0.1 && tcp' tcp.checksum)" 0x1234

{ echo layers:; printf '  - %s\n' "eth: {}" "ipv6: {src: '2001:db8:9::1', dst: '2001:db8:9::2'}" \
	'tcp: {sport: 40016, seq: 16, window: 9999, options: [sack-permitted, mss: 900]}'; } >six.yaml
ip netns exec "$NS_B" python3 tcp_peer.py echo :: 7006 >/dev/null 2>&1 &
await in_b_listens 7006
six() { in_a timeout 20 "$P" tcp connect 2001:db8:9::2 7006 -i "$IF_A" --template six.yaml <data | sha256sum; }
is "over IPv6: a megabyte there and back" "$(watched six)" "$sum"
is "and the same in the SYN" "$(show 'tcp.flags.syn == 1 && ipv6.src == 2001:db8:9::1' 'tcp.srcport tcp.seq_raw tcp.window_size_value tcp.option_kind')" \
	"40016 16 9999 4,2,0,0"
is "the peer keeps to the MSS" "$(show 'ipv6.src == 2001:db8:9::2 && tcp.len > 0' tcp.len | sort -n | tail -1)" 900

# ---- our answer to one
template answer 'tcp: {sport: 7200, seq: 9000, flags: syn|ack, window: 30000, options: [wscale: 2, nop, mss: 600, timestamps, sack-permitted]}'
listen() {
	ip netns exec "$NS_A" "$P" tcp listen 7200 -i "$IF_A" --template answer.yaml --echo -n 2 2>said & listener=$!
	ready said
	in_b timeout 20 python3 tcp_peer.py ask 10.9.0.1 7200 <data | sha256sum
	in_b sysctl -qw net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0
	in_b timeout 20 python3 tcp_peer.py ask 10.9.0.1 7200 <data | sha256sum
	in_b sysctl -qw net.ipv4.tcp_timestamps=1 net.ipv4.tcp_sack=1
	wait "$listener"
}
is "we listen: a megabyte there and back, twice" "$(watched listen)" "$(printf '%s\n' "$sum" "$sum")"
is "each connection begins with the number" "$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' 'tcp.srcport tcp.seq_raw')" "$(printf '7200 9000\n7200 9000')"
is "what the peer did not offer is not answered" "$(show 'tcp.flags.syn == 1 && ip.src == 10.9.0.1' tcp.option_kind)" \
	"$(printf '%s\n' 3,1,2,8,4 3,1,2,1,1,1,1,1,1,1,1,1,1,1,1)"
is "the peer keeps to what we announced" "$(show 'ip.src == 10.9.0.2 && tcp.len > 0' tcp.len | sort -n | tail -1)" 600

is "neither RST nor wrong checksum" "$(tshark -r seen.pcap -o tcp.check_checksum:TRUE \
	-Y 'ip.src == 10.9.0.1 && (tcp.flags.reset == 1 || tcp.checksum.status == 0)' 2>/dev/null | head -3)" ""

# ---- checksums, and UDP
template bad 'tcp: {checksum: bad}'
watched in_a timeout 30 "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template bad.yaml --timeout 500ms x 2>said
is "a bad checksum is bad on each segment: nobody answers" $? 1
is "which tshark sees" "$(tshark -r seen.pcap -o tcp.check_checksum:TRUE -Y 'tcp' -T fields -e tcp.checksum.status 2>/dev/null | sort -u)" 0

ip netns exec "$NS_B" "$P" udp listen 7300 --kernel -n 3 --timeout 60s >heard 2>udp.said & listener=$!
ready udp.said
send() { in_a "$P" udp send 10.9.0.2 7300 "$2" -i "$IF_A" --template "$1.yaml" 2>said; }
template plain 'udp: {sport: 40002, dport: 7300}'
template unsummed 'udp: {sport: 40003, checksum: 0}'
template wrong 'udp: {sport: 40004, checksum: bad}'
template longer 'udp: {sport: 40005, length: 9}'
datagrams() { send plain one && send unsummed two && send wrong three && send longer four; }
watched datagrams
wait "$listener"
is "datagrams come from the port that is given, without a checksum too; of a wrong one none, of a length what it says" "$(cat heard)" \
	"$(printf "Got message from ('10.9.0.1', %s): %s\n" 40002 one 40003 two 40005 f)"
is "their headers are those given" "$(tshark -r seen.pcap -o udp.check_checksum:TRUE -Y 'udp && ip.src == 10.9.0.1' -T fields -E separator=' ' \
	-e udp.srcport -e udp.length -e udp.checksum.status 2>/dev/null)" "$(printf '%s\n' '40002 11 1' '40003 11 3' '40004 13 0' '40005 9 1')"
head -c 5000 data | tr '\0' x >long
ip netns exec "$NS_B" "$P" udp listen 7302 --kernel -n 1 --raw --timeout 60s >heard 2>udp.said & listener=$!
ready udp.said
in_a "$P" udp send 10.9.0.2 7302 -i "$IF_A" --template unsummed.yaml <long
wait "$listener"
is "a datagram in fragments goes without a checksum, too" "$(sha256sum <heard)" "$(sha256sum <long)"
ip netns exec "$NS_A" "$P" udp listen 7301 -i "$IF_A" --template <(printf 'layers: [eth: {}, ipv4: {src: 10.9.0.1, dst: 10.9.0.2}, udp: {sport: 7301, checksum: 0}]\n') \
	--reply there -n 1 >/dev/null 2>udp.said & listener=$!
ready udp.said
is "who listens answers so" "$(watched in_b "$P" udp send 10.9.0.1 7301 here --wait --raw --kernel)" there
wait "$listener"
is "without a checksum" "$(show 'udp.srcport == 7301' 'udp.checksum')" 0x0000

# ---- what is not kept is told
template note 'tcp: {ack: 5001, flags: psh|ack, seq: {inc: 7..9}}'
sed -i '$a\  - payload: data' note.yaml
connect note.yaml >/dev/null
is "what is passed over is told, with its place" "$(cat said)" \
	"pktsmith: note.yaml:4:43: note: tcp.seq varies: its first value is on every packet
pktsmith: note.yaml:5:5: note: payload is not kept: a conversation has data of its own
pktsmith: note.yaml:4:16: note: tcp.ack is not kept: a conversation acknowledges what it has received"
connect note.yaml -q >/dev/null
is "but not with -q" "$(cat said)" ""
for shape in "pad: 200" "frame-size: 1500"; do
	template shape 'tcp: {}'
	echo "$shape" >>shape.yaml
	is "$shape: the data comes whole" "$(connect shape.yaml)" "$sum"
	is "$shape: that it is passed over is told" "$(cat said)" \
		"pktsmith: shape.yaml:2:3: note: ${shape%%:*} is not kept: a packet is as long as its data makes it"
done
template shape 'tcp: {}'
echo "pad: none" >>shape.yaml
connect shape.yaml >/dev/null
is "pad: none has nothing to tell" "$(cat said)" ""
{ echo layers:; printf '  - %s\n' "eth: {}"; for tag in $(seq 12); do echo "  - vlan: {id: {inc: 1..9}, pcp: {inc: 0..7}}"; done
	printf '  - %s\n' "ipv4: {src: 10.9.0.1, dst: 10.9.0.2}" "udp: {}"; } >many.yaml
is "and be it of 24 values" "$(in_a "$P" udp send 10.9.0.2 7000 x -i "$IF_A" --template many.yaml 2>&1 | grep -c 'note: vlan\.[a-z]* varies')" 24

# NAME LAST WHAT COMMAND...
refused() {
	local name=$1 text
	template wrong "$2"
	text=$(in_a timeout 10 "$P" "${@:4}" -i "$IF_A" --template wrong.yaml 2>&1)
	is "$name: 2" $? 2
	is "$name: where" "$text" "pktsmith: wrong.yaml:4:$3"
}
TO=(connect 10.9.0.2 7000 x)
refused "another destination port" 'tcp: {dport: 80}' '18: tcp.dport: 80, but PORT is 7000: leave it out, or let them be equal' tcp "${TO[@]}"
refused "another port to listen on" 'tcp: {sport: 80}' '18: tcp.sport: 80, but PORT is 7000: leave it out, or let them be equal' tcp listen 7000
refused "another of UDP" 'udp: {sport: 80}' '18: udp.sport: 80, but --source-port is 5: leave it out, or let them be equal' udp send 10.9.0.2 7000 x -p 5
refused "port 0" 'tcp: {sport: 0}' '18: tcp.sport: 0 is no port to speak from' tcp "${TO[@]}"
refused "a fixed RST" 'tcp: {flags: rst|ack}' '18: tcp.flags: fin and rst end a conversation: it sends them when it ends' tcp "${TO[@]}"
refused "a wrong data offset" 'tcp: {data-offset: 6}' \
	"24: tcp.data-offset: is each segment's own: a wrong one would be of no use to a conversation" tcp "${TO[@]}"
refused "many from one port" 'tcp: {sport: 40001}' \
	'18: tcp.sport: 1 port and 1 address of ours make 1 connection; -n is 2' tcp "${TO[@]}" -n 2

# ---- --source-port
in_b "$P" tcp listen 7400 --kernel -n 4 -q --exec 'echo $PEER_PORT' --user nobody >/dev/null 2>&1 & listener=$!
await in_b_listens 7400
is "--source-port is the port that we speak from" "$(in_a "$P" tcp connect 10.9.0.2 7400 -p 41000 </dev/null)" 41000
is "over the kernel, too" "$(in_a "$P" tcp connect 10.9.0.2 7400 --source-port 41001 --kernel </dev/null)" 41001
is "from an address of our own" \
	"$(in_a "$P" tcp connect 10.9.0.2 7400 -i "$IF_A" --source-ip 10.9.0.77 --source-port 41002 </dev/null)" 41002
in_a "$P" tcp connect 10.9.0.2 7400 -i "$IF_A" -n 1 -p 41003 --json >many.json
is "and with -n 1" $? 0
wait "$listener"
in_a "$P" tcp connect 10.9.0.2 7000 -n 8 -i "$IF_A" --source-ip 10.9.0.81..10.9.0.88 -p 41004 x >many
is "eight connections from eight addresses may have one port" $? 0
fails "a ninth may not" 2 in_a "$P" tcp connect 10.9.0.2 7000 -n 9 -i "$IF_A" --source-ip 10.9.0.81..10.9.0.88 -p 41004 x
ports() { show 'tcp.flags.syn == 1 && tcp.flags.ack == 0' 'ip.src tcp.srcport' | sort -u | paste -sd' '; }
watched in_a "$P" tcp connect 10.9.0.2 7000 -n 6 --parallel 6 -i "$IF_A" --source-ip 10.9.0.91..10.9.0.92 -p 41100..41102 x >many
is "each connection has a pair of address and port" "$(ports)" "$(for a in 91 92; do for p in 0 1 2; do echo "10.9.0.$a 4110$p"; done; done | paste -sd' ')"
template count 'tcp: {sport: {inc: 41200..41203}, seq: 9}'
watched in_a "$P" tcp connect 10.9.0.2 7000 -n 4 -i "$IF_A" --template count.yaml x >many 2>said
is "and a port of those that a template counts" "$(ports)" "10.9.0.1 41200 10.9.0.1 41201 10.9.0.1 41202 10.9.0.1 41203"
is "of which nothing is told" "$(cat said)" ""
fails "there are no more of them" 2 in_a "$P" tcp connect 10.9.0.2 7000 -n 5 -i "$IF_A" --template count.yaml x
fails "none but those" 2 in_a "$P" tcp connect 10.9.0.2 7000 -i "$IF_A" --template count.yaml -p 41203..41204 x
ip netns exec "$NS_B" "$P" udp listen 7401 --kernel --echo -n 4 >/dev/null 2>udp.said & listener=$!
ready udp.said
watched in_a "$P" udp send 10.9.0.2 7401 x -n 2 --wait -p 41005 >/dev/null
is "datagrams are sent from it" "$(each 'udp.dstport == 7401' udp.srcport)" 41005
watched in_a "$P" udp send 10.9.0.2 7401 x -n 2 --wait -p 41006 --kernel >/dev/null
is "over the kernel, too" "$(each 'udp.dstport == 7401' udp.srcport)" 41006
wait "$listener"
ip netns exec "$NS_A" python3 -c 'import socket,time; s=socket.socket(); s.bind(("", 41007)); s.listen(); print("bound", flush=True); time.sleep(600)' >bound &
await grep -qs bound bound
template taken 'tcp: {sport: 41007}'
text=$(in_a "$P" tcp connect 10.9.0.2 7000 x -p 41007 2>&1)
is "one that somebody has is status 3" $? 3
text=$(in_a "$P" tcp connect 10.9.0.2 7000 x -i "$IF_A" --template taken.yaml 2>&1)
is "a template's, too" $? 3
like "and is told where" "$text" "^pktsmith: taken.yaml:4:18: tcp.sport: .*41007.*in use"
template client 'tcp: {sport: 41009, dport: 7402, flags: syn|ece|cwr}'
ip netns exec "$NS_B" "$P" clients 0.0.0.0 7402 --kernel 2>udp.said & listener=$!
ready udp.said
like "clients -c keeps its template's port" "$(in_a timeout 10 "$P" clients -c 10.9.0.2 7402 -i "$IF_A" --template client.yaml | tr -d '\n ')" \
	'"address":"10.9.0.1","port":41009'
kill "$listener"; wait "$listener"
fails "who listens has none" 2 in_a "$P" tcp listen 7000 -p 41008
fails "nor the server of clients" 2 in_a "$P" clients -p 41008
is "one of some is the first that nobody has" "$(watched in_a "$P" tcp connect 10.9.0.2 7000 -p 41006..41009 x; ports)" "x10.9.0.1 41006"
is "the next one, where somebody has that" "$(watched in_a "$P" tcp connect 10.9.0.2 7000 -p 41007..41009 x; ports)" "x10.9.0.1 41008"
is "over the kernel, too" "$(watched in_a "$P" tcp connect 10.9.0.2 7000 -p 41007..41009 --kernel x; ports)" "x10.9.0.1 41008"
fails "a range that runs backwards" 2 in_a "$P" tcp connect 10.9.0.2 7000 -p 41009..41008 x
fails "a number that is no port" 2 in_a "$P" tcp connect 10.9.0.2 7000 -p 65536 x
fails "-D without a template" 2 in_a "$P" tcp connect 10.9.0.2 7000 -D port=7000 x
done_testing

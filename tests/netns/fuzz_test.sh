#!/usr/bin/env bash
# send --fuzz: what arrives is, frame by frame, what show says of the same seed and index.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

cat >"$tmp/two.yaml" <<'END'
frames:
  - name: varies
    layers:
      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
      - ipv4: {src: 192.0.2.1, dst: {inc: 192.0.2.0/24}}
      - tcp: {sport: {random: 1024..65535}, dport: 80, options: [mss: 1460, nop, sack-permitted]}
      - payload: "hello, wire"
  - name: tagged
    weight: 2
    layers:
      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}
      - vlan: {id: 7}
      - ipv6: {src: "2001:db8::1", dst: "2001:db8::2"}
      - udp: {sport: 1000, dport: 2000}
      - payload: "hello, wire"
END

# Without the addresses among what is mutated, so that the reader knows ours.
fields=(--fuzz-fields vlan,ipv4,ipv6,tcp,udp,payload)
in_a "$PKTSMITH" show --fuzz "${fields[@]}" --seed 11 -n 1000 --format hex "$tmp/two.yaml" -i "$IF_A" >"$tmp/shown"
# A receiving kernel drops a frame that ends within its VLAN tag.
grep -Ev '^.{24}8100.{0,7}$' "$tmp/shown" >"$tmp/wanted"
reader "$(wc -l <"$tmp/wanted")"
json=$(in_a "$PKTSMITH" send --fuzz "${fields[@]}" --seed 11 -n 1000 -r 2kpps "$tmp/two.yaml" -i "$IF_A" --json 2>"$tmp/err")
is "a run of mutated frames ends well" $? 0
reader_done
is "a thousand frames are shown" "$(wc -l <"$tmp/shown")" 1000
check "each arrives as show builds it from seed and index" cmp "$tmp/wanted" "$tmp/arrived"
is "all left" "$(jq -c '[.frames_sent, .frames_failed, .frames_mutated]' <<<"$json")" '[1000,0,1000]'
is "each mutation is counted by its kind" "$(jq '[.mutation_counts[]] | add' <<<"$json")" 1000
for index in 0 255 256 999; do
	is "frame $index is rebuilt alone" "$("$PKTSMITH" show --fuzz "${fields[@]}" --seed 11 --first $index --format hex "$tmp/two.yaml")" \
		"$(sed -n "$((index + 1))p" "$tmp/shown")"
done

# An endless run, with a rate, and everything mutated: honest counts, and a clean end.
before=$(sent_by)
ip netns exec "$NS_A" "$PKTSMITH" send --fuzz=3 -n 0 -r 5kpps "$tmp/two.yaml" -i "$IF_A" --json >"$tmp/json" 2>"$tmp/err" &
sender=$!
await has_sent $((before + 2000))
kill -TERM "$sender"
wait "$sender"
json=$(cat "$tmp/json")
[ -s "$tmp/err" ] && sed "s,^,# ," "$tmp/err"
like "an endless run ends by the signal" "$(jq -c '.stopped' <<<"$json")" true
is "and says how many it mutated" "$(jq '.frames_mutated == .frames_sent + .frames_failed and .frames_sent > 1000' <<<"$json")" true

# Into a file, with an FCS of ours: right for the mutated octets.
"$PKTSMITH" send --fuzz -n 50 --with-fcs -q -w "$tmp/fcs.pcap" "$tmp/two.yaml"
is "the FCS is that of the octets as they are" \
	"$(tshark -r "$tmp/fcs.pcap" -o eth.check_fcs:TRUE -T fields -e eth.fcs.status 2>"$tmp/err" | sort | uniq -c | tr -s ' ')" " 50 1"

"$PKTSMITH" send --fuzz --verify --rx x -i "$IF_A" "$tmp/two.yaml" 2>"$tmp/err"
is "--verify has nothing to hold them against" $? 2
is "-v shows the frames as they were meant, and says so" "$("$PKTSMITH" send --fuzz -v --dry-run -w "$tmp/none.pcap" "$tmp/two.yaml" 2>/dev/null | grep -c "as they were meant, before --fuzz")" 1
"$PKTSMITH" show --fuzz-fields ipv4 "$tmp/two.yaml" 2>"$tmp/err"
is "--fuzz-fields is nothing without --fuzz" $? 2
"$PKTSMITH" show --fuzz --fuzz-fields ipv4.tll "$tmp/two.yaml" 2>"$tmp/err"
is "a field that no table has is refused" "$?:$(cat "$tmp/err")" \
	'2:pktsmith: --fuzz-fields: no field "tll" in ipv4 (`pktsmith protocols ipv4` lists them); did you mean "ttl"?'
"$PKTSMITH" show --fuzz=0 "$tmp/two.yaml" 2>"$tmp/err"
is "no mutations at all is refused" $? 2
"$PKTSMITH" show --fuzz --format program "$tmp/two.yaml" 2>"$tmp/err"
is "a program is not of mutated frames" $? 2
"$PKTSMITH" show --first -1 "$tmp/two.yaml" 2>"$tmp/err"
is "an index is a number" $? 2
"$PKTSMITH" show --first 18446744073709551615 -n 2 "$tmp/two.yaml" 2>"$tmp/err"
is "no run has more than 2^64 frames" $? 2
like "show says what was mutated" "$("$PKTSMITH" show --fuzz --fuzz-fields tcp.data-offset --first 0 "$tmp/two.yaml")" \
	'mutated tcp.data-offset: 7 -> [0-9]* \(length wrong\)'
is "--first without --fuzz is the frame of the run" "$("$PKTSMITH" show --first 3 --format hex "$tmp/two.yaml")" \
	"$("$PKTSMITH" show -n 4 --format hex "$tmp/two.yaml" | tail -1)"
done_testing

#!/usr/bin/env bash
# Expressions on the command line: show, send and convert take them, show --format expression gives them back.
. tests/support/cli.sh

eth='eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)'
cat >"$dir/a.yaml" <<'Y'
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
  - tcp: {dport: 80, options: [mss: 1460, nop, {timestamps: {val: 1, ecr: 2}}]}
  - payload: "hello"
Y
hex=$("$P" show --format hex "$dir/a.yaml")
e="$eth/ipv4(src=10.0.0.1,dst=10.0.0.2)/tcp(dport=80,options=[mss=1460,nop,timestamps(val=1,ecr=2)])/\"hello\""

is "an_expression_builds_what_the_template_builds" "$("$P" show --format hex -e "$e")" "$hex"
is "expressions_stand_beside_templates" "$("$P" show --format hex "$dir/a.yaml" -e "$e" -e "$e")" "$hex
$hex
$hex"
check "send_takes_one" "$P" send -q -w "$dir/a.pcap" -e "$e"
"$P" convert -q "$dir/a.pcap" "$dir/a.hex"
is "what_it_sends_is_the_frame" "$(cat "$dir/a.hex")" "$hex"
check "convert_takes_one_in_the_place_of_in" "$P" convert -q -e "$e" "$dir/b.hex"
is "what_it_converts_is_the_frame" "$(cat "$dir/b.hex")" "$hex"
fails "convert_takes_no_in_beside_it" 2 "$P" convert -q -e "$e" "$dir/a.pcap" "$dir/b.hex"
is "a_variable_has_its_value_from_D" "$("$P" show --format hex -D to=10.0.0.2 -e "${e/10.0.0.2/\$to}")" "$hex"
is "set_changes_a_field_of_it" "$("$P" show --format hex -s ipv4.dst=10.0.0.2 -e "${e/10.0.0.2/1.1.1.1}")" "$hex"
is "an_error_has_its_column" "$("$P" show -e 'eth/ipv4(ttl=300)' 2>&1)" \
	"pktsmith: -e:1:14: ipv4.ttl: 300 does not fit in 8 bits (at most 255)"
fails "an_error_is_status_2" 2 "$P" show -e 'eth('
fails "no_template_and_no_expression_is_status_2" 2 "$P" show
is "layers_are_not_invented" "$("$P" show -e 'udp(dport=53)' --format yaml | head -3 | tail -1)" "  - udp: {dport: dns}"
like "complete_adds_them" "$("$P" show --complete -e 'udp(dport=53)' -s ipv4.dst=10.0.0.9 --format expression)" \
	'^eth\(dst=[0-9a-f:]*, src=[0-9a-f:]*\)/ipv4\(src=192.0.2.1, dst=10.0.0.9\)/udp\(dport=dns\)$'
is "but_not_a_destination" "$("$P" show --complete -e 'udp(dport=53)' 2>&1; echo $?)" \
	"pktsmith: -e:1:1: nothing says where udp is to go: write ipv4(dst=ADDRESS)/ before it, or --set ipv4.dst=ADDRESS"$'\n2'

# Every shipped frame comes back from its expression, with its random values.
other=
for template in $(find frames -name '*.yaml' -not -name tcp-open.yaml | sort); do # its hash is the seed's
	expressions=()
	while IFS= read -r line; do expressions+=(-e "$line"); done < <("$P" show --format expression "$template")
	hex=$("$P" show --with-fcs --format hex --seed 7 -n 20 "$template")
	[ -n "$hex" ] && [ "$hex" = "$("$P" show --with-fcs --format hex --seed 7 -n 20 "${expressions[@]}")" ] || other="$other $template"
done
is "every_shipped_template_comes_back_from_its_expressions" "$other" ""
cat >"$dir/frames.yaml" <<'Y'
frames:
  - name: "two words, \"quoted\""
    weight: 3
    gap: 5ms
    layers:
      - eth: {dst: {shuffle: 02:00:00:00:00:01..02:00:00:00:00:09}, src: 02:00:00:00:00:01, type: 0x0801}
  - name: sized
    frame-size: {random: 64..90}
    layers:
      - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01, type: 0x0801}
      - payload: x
  - name: sized
    fcs: bad
    layers:
      - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
      - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}
      - tcp: {options: [mss: {random: 1..1460}]}
Y
expressions=()
while IFS= read -r line; do expressions+=(-e "$line"); done < <("$P" show --format expression "$dir/frames.yaml")
is "what_is_drawn_by_a_name_is_drawn_again" "$("$P" show --with-fcs --format hex -n 30 "${expressions[@]}")" \
	"$("$P" show --with-fcs --format hex -n 30 "$dir/frames.yaml")"
is "and_the_frames_have_their_parts" "$("$P" show --format yaml "${expressions[@]}" | tail -n +2)" \
	"$("$P" show --format yaml "$dir/frames.yaml" | tail -n +2 | sed 's/name: frames/name: expression/')"
done_testing

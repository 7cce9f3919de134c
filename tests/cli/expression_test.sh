#!/usr/bin/env bash
# Expressions on the command line: show, send and convert take them, show --format expression gives them back.
. tests/support/tap.sh
P=${PKTSMITH:-build/pktsmith}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

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
like "complete_adds_them" "$("$P" show --complete -e 'udp(dport=53)' --format expression)" \
	'^eth\(dst=[0-9a-f:]*, src=[0-9a-f:]*\)/ipv4\(src=192.0.2.1\)/udp\(dport=dns\)$'

# Every shipped frame comes back from its expression. Random numbers hang on the frame's name, which an expression leaves out.
other=
for template in $(find frames -name '*.yaml' | sort); do
	! grep -q random "$template" || continue
	expressions=()
	while IFS= read -r line; do expressions+=(-e "$line"); done < <("$P" show --format expression "$template")
	hex=$("$P" show --with-fcs --format hex "$template")
	[ -n "$hex" ] && [ "$hex" = "$("$P" show --with-fcs --format hex "${expressions[@]}")" ] || other="$other $template"
done
is "every_shipped_template_comes_back_from_its_expressions" "$other" ""
done_testing

#!/usr/bin/env bash
# The command line itself: help, version, unknown words, exit statuses, where output goes.
. tests/support/cli.sh

like "help_lists_the_commands" "$("$P" --help)" '^  protocols '
is "help_is_a_command_too" "$("$P" help)" "$("$P" --help)"
is "help_of_a_command_is_its_own_help" "$("$P" help show)" "$("$P" show --help)"
like "version_is_one_line" "$("$P" --version)" '^pktsmith [0-9]+\.[0-9]+\.[0-9]+$'
like "a_command_knows_the_version" "$("$P" show --version)" '^pktsmith [0-9]'

fails "no_command_is_a_usage_error" 2 "$P"
is "an_option_before_the_command_is_told" "$("$P" -i eth0 show 2>&1; echo $?)" \
	"pktsmith: -i: options stand behind a COMMAND; \`pktsmith --help' lists the commands"$'\n2'
"$P" >"$dir/out" 2>"$dir/err"
is "without_a_command_nothing_goes_to_standard_output" "$(cat "$dir/out")" ""
like "without_a_command_the_usage_goes_to_standard_error" "$(cat "$dir/err")" '^Usage: pktsmith COMMAND'
fails "an_unknown_command_is_a_usage_error" 2 "$P" shwo
is "an_unknown_command_has_a_hint" "$("$P" shwo 2>&1)" 'pktsmith: no command "shwo"; did you mean "show"?'
is "a_far_off_command_points_to_the_help" "$("$P" zzzzzz 2>&1)" "pktsmith: no command \"zzzzzz\"; \`pktsmith --help' lists them"
fails "help_of_an_unknown_command_is_a_usage_error" 2 "$P" help shwo
for command in show convert list protocols; do
	fails "an_unknown_option_of_${command}_is_a_usage_error" 2 "$P" "$command" --no-such-option
	check "help_of_${command}_succeeds" "$P" "$command" --help
done
fails "a_bad_colour_is_a_usage_error" 2 "$P" list --color=sometimes
like "a_bad_choice_lists_the_choices" "$("$P" list --color=sometimes 2>&1)" 'wants auto, always or never'
fails "a_define_without_a_value_is_a_usage_error" 2 "$P" show -D target arp-request

# What help and manual have somebody type. An ending (syn.yaml) or a star is a file of their own.
examples() {
	for command in $("$P" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do "$P" "$command" --help; done
	sed 's/\\-/-/g' src/man/*.roff
}
unknown=
while read -r command template; do
	case $command in
	test) "$P" test --dry-run "$template" ;;
	*) "$P" show "$template" ;;
	esac >/dev/null 2>&1 || unknown="$unknown $command $template"
done < <(examples | sed -nE 's/^ *pktsmith (show|send|probe|measure|respond|test)( rfc2544 [a-z-]+)? ([a-z][a-z0-9-]*)( .*)?$/\1 \3/p' | sort -u)
is "examples_name_templates_that_are_installed" "$unknown" ""

# Where output cannot go.
fails "a_full_disk_is_refused" 3 sh -c '"$0" show arp-request >/dev/full' "$P"
like "a_full_disk_is_named" "$("$P" show arp-request 2>&1 >/dev/full)" 'standard output: No space left on device'
fails "a_closed_standard_output_is_refused" 3 sh -c '"$0" list >&-' "$P"
"$P" show $(find frames -name '*.yaml') 2>"$dir/err" | head -n 1 >/dev/null
is "a_reader_that_went_is_status_3" "${PIPESTATUS[0]}" 3
is "a_reader_that_went_is_not_worth_a_word" "$(cat "$dir/err")" ""

# A pipe that does not wait for its reader, as others who have it may have set it.
cat >"$dir/hasty.py" <<'PY'
import fcntl, os, subprocess, sys, time
reader, writer = os.pipe()
fcntl.fcntl(writer, fcntl.F_SETFL, fcntl.fcntl(writer, fcntl.F_GETFL) | os.O_NONBLOCK)
child = subprocess.Popen(sys.argv[1:], stdout=writer)
os.close(writer)
time.sleep(0.2)
octets = 0
while part := os.read(reader, 65536):
    octets += len(part)
print(child.wait(), octets)
PY
is "a_pipe_that_does_not_wait_has_all_of_a_text" "$(/usr/bin/python3 "$dir/hasty.py" "$P" schema)" "0 $("$P" schema | wc -c)"
"$P" convert -q udp-sweep -n 2000 "$dir/many.pcap"
is "and_all_of_a_file" "$(/usr/bin/python3 "$dir/hasty.py" "$P" convert "$dir/many.pcap" --to hex -)" "0 $("$P" convert "$dir/many.pcap" --to hex - | wc -c)"

# Colour only for those who look.
is "no_colour_in_a_pipe" "$("$P" show arp-request | grep -c $'\033')" 0
check "colour_when_asked_for" sh -c '"$0" show --color=always arp-request | grep -q "$(printf "\033")"' "$P"
is "colour_changes_nothing_but_colour" \
	"$("$P" protocols --color=always tcp | sed 's/\x1b\[[0-9;]*m//g')" "$("$P" protocols tcp)"
# In a tree it also brings each field's octets, in a column after that of the offsets.
is "colour_adds_the_octets_to_a_tree" \
	"$("$P" show --color=always arp-request | sed 's/\x1b\[[0-9;]*m//g; /^0000/!s/^\(.\{8\}\).\{19\}/\1/')" "$("$P" show arp-request |
		sed '/^arp-request/s/^\(.\{8\}\).\{19\}/\1/; /^A placeholder/s/^\(.\{8\}\).\{19\}/\1/')"
tty() { script -qec "$1" /dev/null </dev/null; }
if command -v script >/dev/null; then
	like "colour_on_a_terminal" "$(TERM=xterm NO_COLOR='' tty "$P show arp-request")" $'\033'
	is "no_color_is_honoured" "$(TERM=xterm NO_COLOR=1 tty "$P show arp-request" | grep -c $'\033')" 0
	is "a_dumb_terminal_has_no_colour" "$(TERM=dumb NO_COLOR='' tty "$P show arp-request" | grep -c $'\033')" 0
	like "raw_octets_are_not_for_a_terminal" "$(tty "$P show --format raw arp-request")" 'raw octets are not for a terminal'
fi
done_testing

#!/usr/bin/env bash
# The options of send that say how fast and how frames leave: what does not go together is refused before anything else.
. tests/support/cli.sh

send() { "$P" send arp-request "$@"; }

# refuses NAME PATTERN ARG...: a usage error that says so.
refuses() {
	local name=$1 pattern=$2 out status=0
	shift 2
	out=$(send "$@" 2>&1) || status=$?
	like "${name}_and_says_why" "$status: $out" "^2: .*$pattern"
}

refuses "an_unknown_backend_is_refused" 'wants auto, packet.* or file' -i lo --backend nix
refuses "a_backend_wants_an_interface" '--backend packet needs -i IF' --backend packet -w "$dir/x.pcap"
refuses "the_file_backend_wants_a_file" '--backend file writes into the file of -w' -i lo --backend file
refuses "no_threads_are_refused" 'at least 1' -i lo --threads 0
refuses "too_many_threads_are_refused" 'at most 64' -i lo --threads 65
refuses "threads_share_no_file" '-w writes one file' -i lo --threads 2 -w "$dir/x.pcap"
refuses "threads_make_no_mutations" '--fuzz makes its frames one after the other' -i lo --threads 2 --fuzz
refuses "threads_verify_nothing" '--verify sends each frame once' -i lo --threads 2 --verify --rx lo
refuses "a_file_has_no_queue" 'are about an interface' --queue 1 -w "$dir/x.pcap"
refuses "a_file_has_no_priority" 'are about an interface' --priority 1 -w "$dir/x.pcap"
refuses "a_priority_has_a_limit" 'at most 15' -i lo --priority 16
refuses "gaps_want_a_rate" '--gap says how a rate is spread' -i lo --gap poisson
refuses "gaps_at_the_highest_rate_are_refused" '--gap says how a rate is spread' -i lo --gap burst:3 -r max
refuses "an_unknown_gap_is_refused" 'wants cbr, poisson or burst:N' -i lo -r 1kpps --gap even
refuses "a_burst_of_none_is_refused" 'at least 1 frame' -i lo -r 1kpps --gap burst:0
refuses "a_ramp_wants_its_time" 'says how long it takes' -i lo -r 1kpps..2kpps
refuses "a_ramp_wants_one_unit" 'of the same unit' -i lo -r 1kpps..2Mbps/1s
# cannot NAME PATTERN ARG...: status 3, before anything is opened: a backend that cannot do what is asked.
cannot() {
	local name=$1 pattern=$2 out status=0
	shift 2
	out=$("$P" send -e 'eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:01,type=0x88b5)' -i lo "$@" 2>&1) || status=$?
	like "$name" "$status: $out" "^3: .*$pattern"
}
cannot "xdp_keeps_no_record" '--backend xdp cannot tell which frames left, as -w wants to know' --backend xdp -w "$dir/x.pcap"
cannot "xdp_sends_no_mutations" '--backend xdp sends no frames that are made as the run goes' --backend xdp --fuzz
cannot "ring_sends_no_mutations" '--backend ring sends no frames that are made as the run goes' --backend ring --fuzz
[ ! -e "$dir/x.pcap" ]
is "nothing_was_written_meanwhile" $? 0

# Into a file, a rate holds too: nothing of the network is needed.
json=$(send -n 101 -r 1kpps -w "$dir/y.pcap" --json 2>/dev/null)
is "a_rate_into_a_file_is_held" "$(jq -c '[.frames_sent, .backend, .seconds >= 0.1, .gap_ns.count]' <<<"$json")" '[101,"file",true,100]'
is "the_completion_knows_the_backends" "$("$P" completion bash | grep -c -- "send:--backend) _pktsmith_reply 'auto packet .*file'")" 1
like "the_help_tells_what_each_is" "$("$P" send --help | tr -s ' \n' ' ')" 'packet: a packet socket'

done_testing

#!/usr/bin/env bash
# Rates: what is asked is what leaves in all, and the report holds the gaps. Wide bounds, and --realtime: the machine may be busy; the exact
# schedule is held to the nanosecond by the unit tests.
. tests/support/tap.sh
. tests/support/netns.sh
. tests/support/sending.sh
sending_up

frame='eth(dst=02:00:00:00:00:99,src=02:00:00:00:00:01,type=0x88b5)/"paced"'
send() { in_a "$PKTSMITH" send -e "$frame" "$@" -i "$IF_A" --realtime; }

# Even gaps.
json=$(send -n 2001 -r 2kpps --json)
is "a paced run reports each gap" "$(jq -c '.gap_ns.count' <<<"$json")" 2000
is "their mean is the rate's" "$(jq '.gap_ns.mean > 495000 and .gap_ns.mean < 700000' <<<"$json")" true
is "the least to the greatest are in order" \
	"$(jq -c '.gap_ns | [.min, .p50, .p90, .p99, .p999, .max] | . == sort' <<<"$json")" true
is "the middle one is the rate's" "$(jq '.gap_ns.p50 > 450000 and .gap_ns.p50 < 550000' <<<"$json")" true
is "without a rate there are no gaps to tell" "$(send -n 100 --json | jq -c .gap_ns)" null
like "people read them too" "$(send -n 100 -r 1kpps)" '^gaps +mean .*, min .*, p50 .*, p90 .*, p99 .*, p999 .*, max '

# 60 octets are 84 on the wire: 672 bits.
json=$(send -n 201 -r 672kbps-wire --json)
is "a wire rate counts what the wire does" "$(jq '.gap_ns.mean > 990000 and .gap_ns.mean < 1500000' <<<"$json")" true

# Durations and ramps are exact.
json=$(send -d 400ms -r 5kpps --json)
is "a duration sends its frames, no more and no less" "$(jq -c '[.frames_sent, .interface_frames, .seconds >= 0.4]' <<<"$json")" '[2000,2000,true]'
json=$(send -r 1kpps..9kpps/500ms --json)
is "a ramp sends its integral, and ends with its time" "$(jq -c '[.frames_sent, .interface_frames, .seconds >= 0.5]' <<<"$json")" '[2500,2500,true]'
json=$(send -r 9kpps..1kpps/500ms -d 700ms --json)
is "with a duration it goes on at the last rate" "$(jq -c '.frames_sent' <<<"$json")" 2700
json=$(send -r 1kpps..9kpps/10s -n 100 --json)
is "with a count it ends there" "$(jq -c '.frames_sent' <<<"$json")" 100

# Bursts: nine gaps in ten are those of frames at once.
json=$(send -n 1000 -r 2kpps --gap burst:10 --json)
is "a burst leaves at once" "$(jq '.gap_ns.p50 < 250000 and .gap_ns.max > 3000000' <<<"$json")" true
is "and keeps the rate" "$(jq '.seconds > 0.49 and .seconds < 0.95' <<<"$json")" true

# Poisson: exp(-1) of the gaps are longer than the mean, half of them than 0.69 of it.
json=$(send -n 2000 -r 4kpps --gap poisson --seed 3 --json)
is "random gaps have the mean of the rate" "$(jq '.gap_ns.mean > 225000 and .gap_ns.mean < 400000' <<<"$json")" true
is "and its spread" "$(jq '.gap_ns.p50 < 215000 and .gap_ns.p90 > 450000' <<<"$json")" true
is "the report says the seed" "$(jq .seed <<<"$json")" 3
like "people read it too" "$(send -n 10 -r 1kpps --gap poisson)" '^seed +0$'
is "nothing random, no seed" "$(send -n 10 -r 1kpps --json | jq .seed)" null
is "a random field has one" "$(in_a "$PKTSMITH" send -e 'eth(dst=02:00:00:00:00:99,type=0x88b5)/random-bytes(8)' -i "$IF_A" --json --seed 9 2>/dev/null | jq .seed)" 9

# Before all ordinary programs, in each thread that sends.
ip netns exec "$NS_A" "$PKTSMITH" send -e "$frame" -i "$IF_A" -n 0 -r 100pps -q --realtime --threads 2 &
pid=$!
# 1 is SCHED_FIFO: the 41st number of stat, the 39th after the name.
policies() { sed 's/.*) //' "/proc/$pid/task/"*/stat 2>/dev/null | cut -d' ' -f39 | tr '\n' ' '; }
has_threads() { [ "$(policies)" = '1 1 1 ' ]; }
await has_threads
is "--realtime is for all threads" "$(policies)" '1 1 1 '
kill -INT "$pid"
wait "$pid"
text=$(in_a setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice "$PKTSMITH" send -e "$frame" -i "$IF_A" --realtime 2>&1)
like "and wants a capability, which is named" "$? $text" \
	'^3 pktsmith: --realtime: cannot run before ordinary programs: Operation not permitted; .*cap_sys_nice'

# What progress says where nobody looks; live_test.sh has the terminal.
send -d 700ms -r 1kpps >/dev/null 2>"$tmp/err"
is "a file of diagnostics has no progress" "$(cat "$tmp/err")" ""
is "--jsonl says the share and the time left" \
	"$(send -d 1500ms -r 1kpps --jsonl | jq -c 'select(.type == "progress") | [.share_done > 0, .seconds_left > 0]' | head -n 1)" '[true,true]'

done_testing

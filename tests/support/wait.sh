# wait.sh: waiting for what is to happen, however long a busy machine takes for it; netns.sh and tcp.sh source it.
#   await COMMAND...   runs it again and again until it succeeds, for half a minute at most; its status
#   began PID          waits until a program of ours there has opened what it sends or listens by, and takes signals
#   idle PID           waits until each of its threads sleeps: what had come for it is taken then
#   dumped PID         ends a tcpdump (--immediate-mode -U), with all in its file that has passed by
await() {
	local try
	for try in $(seq 600); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}

# It gives up its privileges once it has opened all. SIGINT is the second signal: 2 of the last digit.
has_begun() {
	grep -qs '^NoNewPrivs:.1' "/proc/$1/status" && grep -qs '^SigCgt:.*[2367abef]$' "/proc/$1/status"
}
began() { await has_begun "$1"; }

# None that there is does anything else, nor is one about to; of a process that has ended there is none.
sleeps() { ! cat "/proc/$1/task/"*/stat 2>/dev/null | sed 's/.*) //' | grep -q '^[^SZ]'; }
idle() { await sleeps "$1"; }

dumped() {
	idle "$1"
	kill -INT "$1"
	wait "$1" 2>/dev/null
}

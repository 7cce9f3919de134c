# clients.sh: what `pktsmith clients` must do, with the kernel's sockets and with frames of its own; source it after tap.sh, in a
# network namespace of one's own.
#   serve_clients ADDRESS OPTION...   starts the server, waits until it listens; $SERVER is its process
#   clients_served ADDRESS WHAT OPTION...   all that a server must do at ADDRESS; WHAT is in the tests' names
#   clients_asks ADDRESS WHAT OPTION...     all that a client must do
. tests/support/wait.sh
CLIENTS="python3 tests/support/clients.py"
WORK=$(mktemp -d) || exit 1

serve_clients() {
	local address=$1
	shift
	: >"$WORK/said"
	"$PKTSMITH" clients "$address" "$@" 2>"$WORK/said" &
	SERVER=$!
	await grep -q listening "$WORK/said"
}

# Ends the server as Ctrl-C does; its status.
end_server() { kill -INT "$SERVER"; wait "$SERVER"; }

clients_served() {
	local address=$1 what=$2 ended
	shift 2
	serve_clients "$address" -v "$@"
	like "$what: it says where it listens" "$(cat "$WORK/said")" "^listening on \('$address', 5000\)$"
	like "$what: the tutorial's client gets the tutorial's list" "$($CLIENTS one "$address" 5000 name1)" \
		"^\{\"name1\": \{\"address\": \"$address\", \"port\": [0-9]+, \"name\": \"name1\"\}\}$"
	like "$what: one with a name that is there takes its place; others follow" \
		"$($CLIENTS one "$address" 5000 name2; $CLIENTS one "$address" 5000 name1)" \
		"^\{\"name1\": \{[^}]*\}, \"name2\": \{[^}]*\}\}$"
	is "$what: hostile names come out as valid JSON" "$($CLIENTS hostile "$address" 5000 2>&1)" valid
	is "$what: a name has up to 4,096 octets" "$($CLIENTS long "$address" 5000 2>&1)" "4096
refused"
	! may_open 1100 "$what: a thousand at once" || is "$what: a thousand at once, beside silent and slow ones" \
		"$($CLIENTS many "$address" 5000 1000 50 2>&1)" "1000 served in time"
	end_server && ended=0 || ended=$?
	is "$what: Ctrl-C ends it cleanly" "$ended" 0
}

# Lists longer than any buffer.
clients_filled() {
	local address=$1 what=$2
	shift 2
	serve_clients "$address" "$@"
	is "$what: a list of 10,000 arrives whole" "$($CLIENTS fill "$address" 5000 10000 2>&1)" "10000 of 10000"
	is "$what: its client prints it whole, indented as Python does" \
		"$("$PKTSMITH" clients -c -n n9999 "$address" "$@" |
			python3 -c 'import json,sys; t = sys.stdin.read(); o = json.loads(t)
print(len(o), json.dumps(o, indent=4) + "\n" == t)')" "10000 True"
	end_server
}

clients_asks() {
	local address=$1 what=$2 server status
	shift 2
	rm -f "$WORK/lists" "$WORK/texts"
	$CLIENTS serve "$address" 5000 >"$WORK/lists" & server=$!
	await grep -qs ready "$WORK/lists"
	is "$what: the client speaks to a Python server" \
		"$("$PKTSMITH" clients -c "$address" "$@" | sed 's/"port": [0-9]*/"port": N/')" "{
    \"name1\": {
        \"address\": \"$address\",
        \"port\": N,
        \"name\": \"name1\"
    }
}"
	like "$what: -n gives another name" "$("$PKTSMITH" clients -c -n 'Ada "L"' "$address" "$@")" '^    "Ada \\"L\\"": \{$'
	kill "$server"; wait "$server" 2>/dev/null
	$CLIENTS serve "$address" 5001 text >"$WORK/texts" & server=$!
	await grep -qs ready "$WORK/texts"
	status=$("$PKTSMITH" clients -c "$address" 5001 "$@" 2>&1; echo "status $?")
	like "$what: an answer that is no list is said to be none" "$status" "no JSON"
	like "$what: and the status is 1" "$status" "^status 1$"
	kill "$server"; wait "$server" 2>/dev/null
	status=$("$PKTSMITH" clients -c "$address" 5002 "$@" 2>&1; echo "status $?")
	like "$what: where nobody listens it says so" "$status" "Connection refused"
	like "$what: and the status is 1 there" "$status" "^status 1$"
}

#!/usr/bin/env bash
# What bash and zsh offer behind a command line, asked of the shells themselves.
. tests/support/tap.sh
pktsmith=${PKTSMITH:-build/pktsmith}
program=$(realpath "$pktsmith")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/zsh"
ln -s "$program" "$dir/bin/pktsmith"
export PATH=$dir/bin:$PATH PKTSMITH_FRAMES=$PWD/frames

# ---- bash ----

check "the completion of bash is a script" bash -n <("$program" completion bash)

# completed WORD...: what is offered for the last one, a line each. Bash breaks words at '=' before it calls the function.
completed() {
	bash --norc --noprofile -c '
		source <(pktsmith completion bash)
		complete -p pktsmith | grep -q -- "-F _pktsmith" || echo "not registered"
		COMP_WORDS=(pktsmith "$@") COMP_CWORD=$#
		_pktsmith 2>&1
		printf "%s\n" "${COMPREPLY[@]}"' completed "$@"
}
has() { like "bash: $1" "$(shift; completed "$@" | tr '\n' ' ')" " ?$2 "; }
wants() { # NAME WANTED WORD...
	local name=$1 wanted=$2
	shift 2
	is "bash: $name" "$(completed "$@" | sort | tr '\n' ' ')" "$wanted"
}

is "bash: all commands are offered" "$(completed '' | grep -v -e -- -e help | sort)" \
	"$("$program" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | sort)"
wants "a command is completed" "protocols " prot
wants "a command after help" "doctor " help do
wants "the formats of show" "raw rfc " show --format r
wants "behind --format=, too" "raw rfc " show --format = r
wants "the formats of protocols" "man md text " protocols -f ''
wants "when to use colours" "always auto never " list --color ''
wants "which way the FCS goes" "append default nic replace " send --fcs ''
wants "interfaces behind -i" "$(ls /sys/class/net | grep '^l' | sort | tr '\n' ' ')" send -i l
wants "interfaces for doctor" "lo " doctor lo
wants "templates by name" "arp-request " show arp-req
wants "scripts by name" "ping-fragments " test ping-fr
wants "formats of test" "tap " test --format t
wants "fields to set" "ipv4.ttl= " send syn --set ipv4.tt
wants "and what stands beside the layers" "pad= " show -s pad
wants "nothing is offered for a field's value" " " show -s ipv4.ttl = 6
wants "protocols and their fields" "udp.dport " protocols udp.d
wants "shells" "bash zsh " completion ''
wants "options" "--jsonl " list --jsonl
like "bash: options of other tables that a command shares" "$(completed send - | tr '\n' ' ')" '--interface .*--set .*--seed .*--color '
is "bash: capture offers no --json, which it does not take" "$(completed capture --json)" "--jsonl"
is "bash: list offers no -v, which would do nothing" "$(completed list -v)" ""
touch "$dir/one.yaml"
wants "files beside templates" "$dir/one.yaml " show "$dir/on"
wants "files to write" "$dir/one.yaml " capture -w "$dir/on"
for command in $("$program" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	is "bash: the options of $command are those that its help tells" \
		"$(completed "$command" -- | sort -u | tr '\n' ' ')" \
		"$("$program" "$command" --help | grep -oE -- '^ +(-.,)? *(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' |
			grep -vxE -- '--(usage|version)' | sort -u | tr '\n' ' ')"
done

# ---- zsh ----

if ! command -v zsh >/dev/null; then
	echo "# zsh is not installed"
	done_testing
	exit
fi
"$program" completion zsh >"$dir/zsh/_pktsmith"
check "the completion of zsh is a script" zsh -n "$dir/zsh/_pktsmith"

# A zsh on a terminal of its own: types a line and a tab, and shows the line that comes of it.
cat >"$dir/ask.zsh" <<'ZSH'
zmodload zsh/zpty
zpty z zsh -f -i
line() { local text; zpty -r -t z text 2>/dev/null && print -rn -- $text; }
zpty -w z "PS1='> '; unsetopt zle_bracketed_paste beep; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; bindkey '^X' accept-and-show; PROMPT='READY '"
zpty -w z "accept-and-show() { print -r -- \"LINE<\$BUFFER>\" >$2; BUFFER=; zle accept-line }; zle -N accept-and-show; bindkey '^X' accept-and-show; print GO"
zpty -r z text $'*\nGO\r*' # what it was told so far is done
zpty -n -w z "$3"$'\t\x18'
for i in {1..150}; do [[ -s $2 ]] && break; line >/dev/null; sleep 0.1; done
zpty -d z
ZSH
zsh_line() {
	rm -f "$dir/line"
	zsh -f "$dir/ask.zsh" "$dir/zsh" "$dir/line" "$1" >/dev/null 2>&1
	cat "$dir/line" 2>/dev/null
}
is "zsh: a command is completed" "$(zsh_line 'pktsmith proto')" "LINE<pktsmith protocols >"
is "zsh: a template" "$(zsh_line 'pktsmith show arp-req')" "LINE<pktsmith show arp-request >"
is "zsh: a format" "$(zsh_line 'pktsmith show --format=sv')" "LINE<pktsmith show --format=svg >"
is "zsh: a field to set" "$(zsh_line 'pktsmith send syn --set ipv4.tt')" "LINE<pktsmith send syn --set ipv4.ttl=>"
is "zsh: an interface" "$(zsh_line 'pktsmith doctor l')" "LINE<pktsmith doctor lo >"
is "zsh: a field of a protocol" "$(zsh_line 'pktsmith protocols udp.dp')" "LINE<pktsmith protocols udp.dport >"
is "zsh: an option" "$(zsh_line 'pktsmith list --jsonl')" "LINE<pktsmith list --jsonl >"
done_testing

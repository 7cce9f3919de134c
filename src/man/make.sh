#!/bin/sh
# Writes pktsmith(1): this folder's parts, and between them what the program's own tables say: commands, options, protocols.
# Usage: make.sh PKTSMITH VERSION PREFIX
set -eu
program=$1 version=$2 prefix=$3 here=$(dirname "$0")
export LC_ALL=C

part() { sed "s|@VERSION@|$version|g; s|@PREFIX@|$prefix|g; s|@BINDIR@|$prefix/bin|g; s|@DATE@|$date|g" "$here/$1.roff"; }

# The page is as old as its text, so that the same source gives the same page.
date=$(git -C "$here" log -1 --format=%cs -- . 2>/dev/null || true)
date=${date:-$(date -r "$here/head.roff" +%Y-%m-%d)}

# What argp prints for --help, as roff: usage, what it says before and after the options, and the options.
command_section() {
	echo ".SS $1"
	# The widest argp takes, so that it breaks no line of an option.
	ARGP_HELP_FMT=rmargin=250,opt-doc-col=60 "$program" "$1" --help | awk '
		function roff(text) { gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); sub(/^[.\047]/, "\\\\\\&&", text); return text }
		/^Usage: / { sub(/^Usage: /, ""); print ".B " roff($0); gap = 1; next }
		/^  or:  / { sub(/^  or:  /, ""); print ".br"; print ".B " roff($0); gap = 1; next }
		/^Mandatory or optional arguments/ || / --(help|usage|version)( |$)/ { next }
		/^ +-/ {
			sub(/^ +/, "")
			at = match($0, /  +/)
			print ".TP"
			print "\\fB" roff(at ? substr($0, 1, at - 1) : $0) "\\fR"
			if (at) print roff(substr($0, at + RLENGTH))
			gap = 0
			next
		}
		/^$/ { gap = 1; next }
		{ sub(/^ +/, ""); if (gap) print ".PP"; gap = 0; print roff($0) }'
}

# A program of the library, as it stands in this folder and is compiled by the tests.
program_text() {
	printf '.PP\n.in +4n\n.nf\n'
	sed 's/\\/\\e/g; s/-/\\-/g; s/\t/    /g; s/^[.'"'"']/\\\&&/' "$here/$1.c"
	printf '.fi\n.in\n'
}

part head
echo ".SH COMMANDS"
"$program" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | while read -r command; do
	command_section "$command"
done
part sending
part probing
part responding
part measuring
part pictures
part templates
part exchange
"$program" protocols --format man
part library
program_text frame
part library-sockets
program_text datagram
part tail

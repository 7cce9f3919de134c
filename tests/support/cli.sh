# cli.sh: what tests of the command line share: the results of tap.sh, $P the program, and $dir, a folder that goes on exit.
. tests/support/tap.sh
P=${PKTSMITH:-build/pktsmith}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT

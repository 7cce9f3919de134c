#!/bin/bash
# Stores the octets that the templates of frames/ build now as tests/golden/NAME.hex. Look at what `git diff` says of
# them before they are believed.
set -eu
cd "$(dirname "$0")/../.."
PKTSMITH=${PKTSMITH:-build/pktsmith}
rm -f tests/golden/*.hex
find frames -name '*.yaml' | while read -r template; do
	"$PKTSMITH" show "$template" --format hex >"tests/golden/$(basename "$template" .yaml).hex"
done
ls tests/golden/*.hex | wc -l

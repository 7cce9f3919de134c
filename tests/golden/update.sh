#!/bin/bash
# Stores the octets that the templates of frames/ build now as tests/golden/NAME.hex: all of them, or none where one
# cannot be built. Look at what `git diff` says of them before they are believed.
set -eu
cd "$(dirname "$0")/../.."
PKTSMITH=${PKTSMITH:-build/pktsmith}
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
for template in frames/*/*.yaml; do
	"$PKTSMITH" show "$template" --format hex >"$new/$(basename "$template" .yaml).hex"
done
rm -f tests/golden/*.hex
cp "$new"/*.hex tests/golden/
echo "$(ls "$new" | wc -l) templates stored"

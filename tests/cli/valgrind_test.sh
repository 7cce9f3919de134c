#!/usr/bin/env bash
# Valgrind finds no error and no leak where `show` builds and prints every installed template, in every format.
. tests/support/cli.sh
printed=$dir/printed

clean() { valgrind --quiet --leak-check=full --errors-for-leak-kinds=all --error-exitcode=99 "$P" "$@" >"$printed"; }
mapfile -t templates < <(find frames -name '*.yaml' | sort)

for format in tree hex json c svg rfc expression program ebpf; do
	check "show --format $format is clean over ${#templates[@]} templates" clean show --format "$format" "${templates[@]}"
	check "and prints something" test -s "$printed"
done
for template in frames/tcp/syn-options.yaml frames/varying/*.yaml; do
	check "show --format yaml is clean for $(basename "$template")" clean show --format yaml "$template"
done
check "show --format raw is clean" clean show --format raw frames/eth/raw-socket.yaml
check "show --fuzz is clean" clean show --fuzz -n 50 frames/tcp/syn-options.yaml
check "schema is clean" clean schema
check "so is that of exchange scripts" clean schema --tests
fails "an error is no leak" 2 valgrind --quiet --leak-check=full --errors-for-leak-kinds=all --error-exitcode=99 \
	"$P" show tests/reject/no-such-field.yaml

done_testing

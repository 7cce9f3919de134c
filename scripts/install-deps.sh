#!/usr/bin/env bash
# Installs the Debian packages that building wants; with --test also those that the tests and checks want, with --bench
# those of the tools that scripts/bench.sh measures beside.
# With everything there it is a matter of milliseconds and needs neither network nor root.
set -eu

build='gcc make pkg-config libc6-dev libnet1-dev libpcap-dev libyaml-dev libjson-c-dev libmnl-dev libdeflate-dev zlib1g-dev libzstd-dev
	iproute2 ethtool tcpdump libcap2-bin'
test='libcmocka-dev liblwip-dev tshark python3 python3-scapy netsniff-ng clang clang-tidy clang-format llvm libclang-rt-dev cppcheck
	python3-jsonschema python3-ruamel.yaml zsh
	valgrind jq librsvg2-bin libxml2-utils fonts-dejavu-core man-db mandoc zstd gzip dpkg-dev iputils-ping iputils-arping procps netcat-openbsd curl util-linux
	chromium python3-html5lib python3-pyte'

bench='netsniff-ng tcpreplay hping3 nmap iperf3 python3 python3-scapy clang'

case ${1-} in
'') packages=$build ;;
--test) packages="$build $test" ;;
--bench) packages="$build $bench" ;;
*) echo "usage: install-deps.sh [--test|--bench]" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	echo "install-deps.sh: this system has no apt-get; nothing was installed or checked." >&2
	echo "Install what these packages of Debian hold, then go on:" $packages >&2
	exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null | sed -n 's/^installed //p' | sort -u)
missing=
for package in $packages; do
	grep -qxF "$package" <<<"$installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "install-deps.sh: missing:$missing" >&2
	echo "Run sudo scripts/install-deps.sh ${1-}" >&2
	exit 3
fi

echo "Installing$missing"
# Of the packages, wireshark-common would ask who may capture; its default, root alone, is right.
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
	tail -n 20 "$log" >&2
	echo "install-deps.sh: apt-get failed; its last lines stand above." >&2
	exit 3
fi

# bench_measure.sh: the rows of bench.sh that measure: sender and receiver on one core, in XDP at both ends of a veth pair, every
# frame held to be counted exactly. Beside it the same frames, sent and dropped: what there is to be had.
measure_rows='measure-xdp measure-xdp-sample'

# Both ends, until a signal; the far end's interface counts.
measured() {
	thousands_a_second "$pktsmith" measure "$dir/static.yaml" --tx eth1 --rx "pktsmith-$lab-b/eth1" --backend xdp --engine xdp \
		-n 0 -r max -q "$@"
}
measured_all() { measured; }
measured_sample() { measured --sample 16; }
dropped() {
	ip -n "pktsmith-$lab-b" link set dev eth1 xdpdrv obj "$dir/drop.o" section xdp
	ours static xdp
	ip -n "pktsmith-$lab-b" link set dev eth1 xdpdrv off
}
make_drop() {
	wants clang
	clang -O2 -target bpf -c -x c -o "$dir/drop.o" - <<-'C'
		__attribute__((section("xdp"), used)) int drop(void *context) { return 1; }
		char terms[] __attribute__((section("license"), used)) = "Dual BSD/GPL";
	C
}
row_measure-xdp() { lab_up; make_drop; compare "measure: all of each frame, xdp" kframes/s more measured_all dropped dropped; }
row_measure-xdp-sample() { lab_up; make_drop; compare "measure: latency of one in 16, xdp" kframes/s more measured_sample dropped dropped; }

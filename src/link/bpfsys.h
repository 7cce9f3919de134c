/* bpfsys.h: bpf(2), as far as frames need it: an array map in memory, a program, its runs. */
#ifndef LINK_BPFSYS_H
#define LINK_BPFSYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct patch_ebpf;

/* An array map with one value of size octets, and that value in our memory, zeroed. */
struct bpfsys_memory {
	int map;
	void *octets;
	size_t size;
};

/* Caller's storage. Needs CAP_BPF, as most kernels are set up. */
int bpfsys_memory_init(struct bpfsys_memory *ret, size_t size, struct err *err);
void bpfsys_memory_fini(struct bpfsys_memory *memory);

/* An XDP program, licence "Dual BSD/GPL". Needs CAP_BPF and CAP_NET_ADMIN. What the verifier said
 * last stands in *err. */
int bpfsys_load(const struct patch_ebpf *ebpf, int *ret_fd, struct err *err);

/* Runs the program on a copy of the octets. *ret_length says how much room there is, then what the
 * program left; *ret_verdict is what it returned, XDP_PASS and so on. 0 or -errno. */
int bpfsys_run_once(int program, const void *octets, uint32_t length, void *ret_octets,
	uint32_t *ret_length, uint32_t *ret_verdict);

/*
 * Runs it count times on pages that begin with a copy of the octets and go where the program says:
 * XDP live frames, Linux 5.18. 0 or -errno; -EINTR: a signal ended it between two batches.
 */
int bpfsys_run_live(int program, const void *octets, uint32_t length, uint32_t count);

#endif

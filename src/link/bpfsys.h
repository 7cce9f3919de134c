/* bpfsys.h: bpf(2), as far as frames need it: an array map in memory, a program, its runs. */
#ifndef LINK_BPFSYS_H
#define LINK_BPFSYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_insn;
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

/* A map of devices, in its first place the interface of this index in the namespace that we are in.
 * It does not keep the interface from going. */
int bpfsys_devices(int interface, int *ret_map, struct err *err);

/* An XDP program, licence "Dual BSD/GPL". Needs CAP_BPF and CAP_NET_ADMIN. What the verifier said
 * last stands in *err. */
int bpfsys_load(const struct patch_ebpf *ebpf, int *ret_fd, struct err *err);

/* The same of instructions alone, which are one function. */
int bpfsys_load_insns(
	const struct bpf_insn *insns, unsigned int count, int *ret_fd, struct err *err);

/* Attaches an XDP program to an interface for as long as *ret_link is open, Linux 5.9. flags:
 * XDP_FLAGS_*. 0 or -errno; -EBUSY: another program is there. */
int bpfsys_attach(int program, int interface, uint32_t flags, int *ret_link);

/* The same for packets that come in at an interface, before IP: TCX, Linux 6.6. No other program
 * there is in the way. */
int bpfsys_load_ingress(const struct patch_ebpf *ebpf, int *ret_fd, struct err *err);
int bpfsys_attach_ingress(int program, int interface, int *ret_link);

/* Runs the program on a copy of the octets. *ret_length says how much room there is, then what the
 * program left; *ret_verdict is what it returned, XDP_PASS and so on. 0 or -errno. */
int bpfsys_run_once(int program, const void *octets, uint32_t length, void *ret_octets,
	uint32_t *ret_length, uint32_t *ret_verdict);

/*
 * Runs it count times on pages that begin with a copy of the octets and go where the program says:
 * XDP live frames, Linux 5.18. 0 or -errno; -EINTR: a signal ended it between two batches.
 * *ret_each_ns is how long each took, without what the kernel does before and after all of them.
 */
int bpfsys_run_live(
	int program, const void *octets, uint32_t length, uint32_t count, uint32_t *ret_each_ns);

#endif

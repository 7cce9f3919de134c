/* bpf(2), as far as frames need it. */
#include "link/bpfsys.h"

#include "base/err.h"
#include "patch/ebpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LICENCE	 "Dual BSD/GPL"
#define LOG_SIZE 65536U

#define TCX_INGRESS 46 /* BPF_TCX_INGRESS, newer than some headers */

/* Frames in a batch, of which the kernel takes 256 at most: as many as a veth's ring holds, so that
 * one more would be lost wherever the other end is late by a batch. Half is as fast. */
#define LIVE_BATCH 128

static int call(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

/* An address as bpf(2) takes it. */
static uint64_t address(const void *at)
{
	return (uint64_t)(uintptr_t)at;
}

int bpfsys_memory_init(struct bpfsys_memory *ret, size_t size, struct err *err)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = (uint32_t)size,
		.max_entries = 1,
		.map_flags = BPF_F_MMAPABLE,
		.map_name = "pktsmith",
	};
	void *octets;
	int map = call(BPF_MAP_CREATE, &attributes);

	if (map < 0)
		return err_system(err, errno, "cannot create an eBPF map of %zu octets", size);
	octets = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
	if (octets == MAP_FAILED) {
		int r = err_system(err, errno, "cannot map an eBPF map of %zu octets", size);

		close(map);
		return r;
	}
	*ret = (struct bpfsys_memory){ .map = map, .octets = octets, .size = size };
	return 0;
}

void bpfsys_memory_fini(struct bpfsys_memory *memory)
{
	if (!memory->octets)
		return;
	munmap(memory->octets, memory->size);
	close(memory->map);
	*memory = (struct bpfsys_memory){ 0 };
}

int bpfsys_devices(int interface, int *ret_map, struct err *err)
{
	const uint32_t first = 0, index = (uint32_t)interface;
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_DEVMAP,
		.key_size = sizeof(first),
		.value_size = sizeof(index),
		.max_entries = 1,
		.map_name = "pktsmith",
	};
	int map = call(BPF_MAP_CREATE, &attributes);
	int r;

	if (map < 0)
		return err_system(err, errno, "cannot create an eBPF map of devices");
	attributes = (union bpf_attr){
		.map_fd = (uint32_t)map,
		.key = address(&first),
		.value = address(&index),
	};
	if (!call(BPF_MAP_UPDATE_ELEM, &attributes)) {
		*ret_map = map;
		return 0;
	}
	r = err_system(
		err, errno, "the kernel does not take the interface for an eBPF map of devices");
	close(map);
	return r;
}

/*
 * What the kernel wants to be told before a function may be called back: that it is one. In its
 * type format (Documentation/bpf/btf.rst): a number, a prototype that returns it, a function.
 */
#define TYPE_NUMBER    1
#define TYPE_PROTOTYPE 2
#define TYPE_FUNCTION  3
#define NAME_NUMBER    1
#define NAME_FUNCTION  5

struct types {
	struct btf_header header;
	struct btf_type number;
	uint32_t number_bits;
	struct btf_type prototype;
	struct btf_type function;
	char names[16];
};

#define TYPES_LENGTH (offsetof(struct types, names) - sizeof(struct btf_header))

static int load_types(void)
{
	static const struct types types = {
		.header = { .magic = BTF_MAGIC,
			.version = BTF_VERSION,
			.hdr_len = sizeof(struct btf_header),
			.type_len = TYPES_LENGTH,
			.str_off = TYPES_LENGTH,
			.str_len = sizeof(types.names) },
		.number = { .name_off = NAME_NUMBER, .info = BTF_KIND_INT << 24, .size = 8 },
		.number_bits = 64,
		.prototype = { .info = BTF_KIND_FUNC_PROTO << 24, .type = TYPE_NUMBER },
		.function = { .name_off = NAME_FUNCTION,
			.info = BTF_KIND_FUNC << 24 | BTF_FUNC_STATIC,
			.type = TYPE_PROTOTYPE },
		.names = "\0u64\0pktsmith",
	};
	union bpf_attr attributes = { .btf = address(&types), .btf_size = sizeof(types) };

	return call(BPF_BTF_LOAD, &attributes);
}

/* Instructions, and which of them each function begins with, where there are several. */
struct code {
	uint32_t kind, place; /* BPF_PROG_TYPE_ and, where one is said, what it is attached as */
	const struct bpf_insn *insns;
	unsigned int count;
	const uint32_t *functions;
	unsigned int function_count;
};

#define FUNCTIONS_MAX 4U

static int load(const struct code *code, int types, char *log)
{
	struct bpf_func_info functions[FUNCTIONS_MAX];
	union bpf_attr attributes = {
		.prog_type = code->kind,
		.expected_attach_type = code->place,
		.insns = address(code->insns),
		.insn_cnt = code->count,
		.license = address(LICENCE),
		.log_buf = address(log),
		.log_size = log ? LOG_SIZE : 0,
		.log_level = log ? 1 : 0,
		.prog_name = "pktsmith",
	};

	for (unsigned int i = 0; i < code->function_count; i++)
		functions[i] = (struct bpf_func_info){ code->functions[i], TYPE_FUNCTION };
	if (types >= 0) {
		attributes.prog_btf_fd = (uint32_t)types;
		attributes.func_info_rec_size = sizeof(*functions);
		attributes.func_info = address(functions);
		attributes.func_info_cnt = code->function_count;
	}
	return call(BPF_PROG_LOAD, &attributes);
}

/* The last line of the verifier's that is not its statistics, made the text's end. */
static const char *last_line(char *log)
{
	char *statistics = strstr(log, "processed ");
	char *line;

	if (statistics)
		*statistics = '\0';
	while (*log && log[strlen(log) - 1] == '\n')
		log[strlen(log) - 1] = '\0';
	line = strrchr(log, '\n');
	return line ? line + 1 : log;
}

/* Why the kernel refused it, with what its verifier said. */
static int tell_refusal(const struct code *code, int types, int error, struct err *err)
{
	/* A second time, as a log costs time and may be longer than any room for it. */
	char *log = error == EPERM ? NULL : calloc(1, LOG_SIZE);
	const char *reason = "";
	int fd, r;

	if (log) {
		fd = load(code, types, log);
		if (fd >= 0)
			close(fd);
		reason = last_line(log);
	}
	r = err_system(err, error, "the kernel does not take the eBPF program%s%s",
		*reason ? ": " : "", reason);
	free(log);
	return r;
}

static int load_code(const struct code *code, int *ret_fd, struct err *err)
{
	int types = -1;
	int fd, r = 0;

	if (code->function_count > 1) {
		types = load_types();
		if (types < 0)
			return err_system(err, errno, "the kernel does not take types for eBPF");
	}
	fd = load(code, types, NULL);
	if (fd < 0)
		r = tell_refusal(code, types, errno, err);
	else
		*ret_fd = fd;
	if (types >= 0)
		close(types);
	return r;
}

int bpfsys_load(const struct patch_ebpf *ebpf, int *ret_fd, struct err *err)
{
	struct code code = { .kind = BPF_PROG_TYPE_XDP,
		.functions = ebpf->functions,
		.function_count = ebpf->function_count };

	code.insns = patch_ebpf_insns(ebpf, &code.count);
	return load_code(&code, ret_fd, err);
}

int bpfsys_load_insns(
	const struct bpf_insn *insns, unsigned int count, int *ret_fd, struct err *err)
{
	const struct code code = { .kind = BPF_PROG_TYPE_XDP, .insns = insns, .count = count };

	return load_code(&code, ret_fd, err);
}

int bpfsys_load_ingress(const struct patch_ebpf *ebpf, int *ret_fd, struct err *err)
{
	struct code code = { .kind = BPF_PROG_TYPE_SCHED_CLS, .place = TCX_INGRESS };

	code.insns = patch_ebpf_insns(ebpf, &code.count);
	return load_code(&code, ret_fd, err);
}

static int attach(int program, int interface, uint32_t place, uint32_t flags, int *ret_link)
{
	union bpf_attr attributes = { .link_create = {
					      .prog_fd = (uint32_t)program,
					      .target_ifindex = (uint32_t)interface,
					      .attach_type = place,
					      .flags = flags,
				      } };
	int fd = call(BPF_LINK_CREATE, &attributes);

	if (fd < 0)
		return -errno;
	*ret_link = fd;
	return 0;
}

int bpfsys_attach(int program, int interface, uint32_t flags, int *ret_link)
{
	return attach(program, interface, BPF_XDP, flags, ret_link);
}

int bpfsys_attach_ingress(int program, int interface, int *ret_link)
{
	return attach(program, interface, TCX_INGRESS, 0, ret_link);
}

int bpfsys_run_once(int program, const void *octets, uint32_t length, void *ret_octets,
	uint32_t *ret_length, uint32_t *ret_verdict)
{
	union bpf_attr attributes = { .test = {
					      .prog_fd = (uint32_t)program,
					      .data_in = address(octets),
					      .data_size_in = length,
					      .data_out = address(ret_octets),
					      .data_size_out = *ret_length,
					      .repeat = 1,
				      } };

	if (call(BPF_PROG_TEST_RUN, &attributes))
		return -errno;
	*ret_length = attributes.test.data_size_out;
	*ret_verdict = attributes.test.retval;
	return 0;
}

int bpfsys_run_live(
	int program, const void *octets, uint32_t length, uint32_t count, uint32_t *ret_each_ns)
{
	union bpf_attr attributes = { .test = {
					      .prog_fd = (uint32_t)program,
					      .data_in = address(octets),
					      .data_size_in = length,
					      .repeat = count,
					      .flags = BPF_F_TEST_XDP_LIVE_FRAMES,
					      .batch_size = LIVE_BATCH,
				      } };

	if (call(BPF_PROG_TEST_RUN, &attributes))
		return -errno;
	*ret_each_ns = attributes.test.duration;
	return 0;
}

/* An XDP program at work on an interface. */
#include "link/xdp_receive.h"

#include "base/err.h"
#include "link/interface.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <unistd.h>

bool xdp_receive_shared(const struct interface *interface, bool native)
{
	return !native || interface->rx_queues != 1;
}

int xdp_receive_open(struct xdp_receive *ret, size_t size, struct err *err)
{
	*ret = (struct xdp_receive){ .program = -1, .link = -1 };
	return bpfsys_memory_init(&ret->memory, size, err);
}

static void bind_memory(struct buffer *code, int map)
{
	struct bpf_insn *insns = (struct bpf_insn *)(void *)code->data;
	size_t count = code->length / sizeof(*insns);

	for (size_t i = 0; i < count; i++)
		if (insns[i].code == (BPF_LD | BPF_DW | BPF_IMM) &&
			insns[i].src_reg == BPF_PSEUDO_MAP_VALUE)
			insns[i].imm = map;
}

static int tell_refusal(const struct interface *interface, bool native, int error, struct err *err)
{
	int r;

	if (error == EBUSY || error == EEXIST) {
		r = err_system(err, EBUSY, "%s runs another XDP program already", interface->name);
		err_hint(err, "; it is left alone: `ip link show %s` names it", interface->name);
		return r;
	}
	return err_system(err, error, "%s does not take an XDP program%s", interface->name,
		native ? " in its driver" : "");
}

int xdp_receive_load(struct xdp_receive *receive, struct buffer *code, struct err *err)
{
	int program = -1;
	int r;

	bind_memory(code, receive->memory.map);
	r = bpfsys_load_insns((const struct bpf_insn *)(const void *)code->data,
		(unsigned int)(code->length / sizeof(struct bpf_insn)), &program, err);
	if (r)
		return r;
	if (receive->program >= 0)
		close(receive->program);
	receive->program = program;
	return 0;
}

int xdp_receive_attach(struct xdp_receive *receive, const struct interface *interface, bool native,
	struct err *err)
{
	int r = bpfsys_attach(receive->program, interface->index,
		native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE, &receive->link);

	if (r)
		return tell_refusal(interface, native, -r, err);
	receive->native = native;
	return 0;
}

void xdp_receive_close(struct xdp_receive *receive)
{
	if (receive->link >= 0)
		close(receive->link);
	if (receive->program >= 0)
		close(receive->program);
	bpfsys_memory_fini(&receive->memory);
	receive->link = receive->program = -1;
}

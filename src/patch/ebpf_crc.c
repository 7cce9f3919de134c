/*
 * CRCs as eBPF instructions. A CRC is linear: that of a frame is that of the frame with zeros in
 * some places, and, by exclusive or, what the octet in each of these places makes of it, which
 * hangs on that octet and on how many follow it. So it takes a look into a table for each octet
 * that a run writes, however long the frame is.
 */
#include "patch/ebpf_code.h"

#include <string.h>

#define CRC_LENGTH 4U

void ebpf_crc_init(
	struct ebpf_crc *crc, uint32_t polynomial, uint32_t longest, struct buffer *memory)
{
	*crc = (struct ebpf_crc){ .memory = memory };
	for (uint32_t octet = 0; octet < 256; octet++) {
		uint32_t value = octet;

		for (unsigned int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? polynomial : 0);
		crc->octet[octet] = value;
	}
	memcpy(crc->later, crc->octet, sizeof(crc->later));
	buffer_put_zeros(&crc->places, (longest + 1) * sizeof(uint32_t));
}

void ebpf_crc_fini(struct ebpf_crc *crc)
{
	buffer_fini(&crc->places);
}

/* Whether the octet hangs on what a run writes. */
static bool varies(const struct ebpf_cover *cover, uint32_t at)
{
	return (at < cover->zeros || at >= cover->zeros + CRC_LENGTH) && cover->written[at];
}

uint32_t ebpf_crc_base(
	const struct ebpf_crc *crc, const struct ebpf_cover *cover, const uint8_t *octets)
{
	uint32_t value = UINT32_MAX;

	for (uint32_t at = cover->first; at < cover->end; at++) {
		bool zero = cover->written[at] ||
			    (at >= cover->zeros && at < cover->zeros + CRC_LENGTH);

		value = value >> 8 ^ crc->octet[(value ^ (zero ? 0 : octets[at])) & 0xff];
	}
	return ~value;
}

/* On to what an octet makes of a CRC that as many follow. */
static void reach(struct ebpf_crc *crc, uint32_t follow)
{
	if (follow < crc->follow) {
		memcpy(crc->later, crc->octet, sizeof(crc->later));
		crc->follow = 0;
	}
	for (; crc->follow < follow; crc->follow++)
		for (unsigned int i = 0; i < 256; i++)
			crc->later[i] = crc->later[i] >> 8 ^ crc->octet[crc->later[i] & 0xff];
}

/* Where the table stands for an octet that as many follow. */
static uint32_t place_table(struct ebpf_crc *crc, uint32_t follow)
{
	uint32_t *place = (uint32_t *)(void *)crc->places.data + follow;

	if (!*place) {
		reach(crc, follow);
		*place = (uint32_t)crc->memory->length;
		buffer_put(crc->memory, crc->later, sizeof(crc->later));
	}
	return *place;
}

void ebpf_crc(struct buffer *code, struct ebpf_crc *crc, const struct ebpf_cover *cover)
{
	/* From the end, so that each table is made of the one before. */
	for (uint32_t at = cover->end; at-- > cover->first;) {
		if (!varies(cover, at))
			continue;
		ebpf_load(code, 1, BPF_REG_1, EBPF_OCTETS, (int16_t)at);
		ebpf_alu_value(code, BPF_LSH, BPF_REG_1, 2, BPF_REG_2);
		ebpf_address(code, BPF_REG_2, place_table(crc, cover->end - at - 1));
		ebpf_alu(code, BPF_ADD, BPF_REG_2, BPF_REG_1);
		ebpf_load(code, 4, BPF_REG_1, BPF_REG_2, 0);
		ebpf_alu(code, BPF_XOR, BPF_REG_0, BPF_REG_1);
	}
}

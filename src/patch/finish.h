/* finish.h: what a frame ends with once its fields are written: checksums and the FCS. */
#ifndef PATCH_FINISH_H
#define PATCH_FINISH_H

#include "patch/program.h"

#include "base/bytes.h"
#include "wire/checksum.h"
#include "wire/crc32.h"
#include "wire/crc32c.h"

/* The checksum of a sum's total; pseudo is that of its pseudo header, where it has one. */
static inline uint16_t patch_finish_internet(
	const struct patch_sum *sum, uint64_t total, uint64_t pseudo)
{
	uint16_t checksum = checksum_finish(total);

	if (!checksum && sum->kind == PATCH_SUM_UDP)
		checksum = 0xffff;
	if (!sum->bad)
		return checksum;
	return (uint16_t)checksum_bad(
		checksum, sum->has_pseudo, sum->has_pseudo ? checksum_fold(pseudo) : 0);
}

static inline uint32_t patch_finish_crc(const struct patch_sum *sum, uint8_t *octets)
{
	uint64_t checksum;

	bytes_put_be32(octets + sum->offset, 0);
	checksum = crc32c_field(crc32c(0, octets + sum->start, sum->end - sum->start));
	return (uint32_t)(sum->bad ? checksum_bad(checksum, false, 0) : checksum);
}

static inline void patch_finish_fcs(enum patch_fcs kind, uint8_t *octets, uint32_t length)
{
	uint8_t *fcs = octets + length - FCS_LENGTH;

	if (kind == PATCH_FCS_FIXED)
		return;
	crc32_fcs(octets, length - FCS_LENGTH, fcs);
	for (unsigned int i = 0; kind == PATCH_FCS_BAD && i < FCS_LENGTH; i++)
		fcs[i] ^= 0xff;
}

#endif

/* What a packed file had in it. */
#include "link/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* A way of packing. */
struct packing {
	uint8_t magic[UNPACK_MAGIC_LENGTH];
	size_t magic_length;
	int (*init)(struct unpack *unpack);
	long (*run)(struct unpack *unpack, const uint8_t **in, size_t *in_length, uint8_t *out,
		size_t size);
	void (*fini)(struct unpack *unpack);
};

struct unpack {
	const struct packing *packing;
	bool whole;
	z_stream gzip;
	ZSTD_DStream *zstd;
};

/* ---- gzip ---- */

static int gzip_init(struct unpack *unpack)
{
	/* 16: a gzip header, not zlib's own. */
	return inflateInit2(&unpack->gzip, 16 + MAX_WBITS) == Z_OK ? 0 : -ENOMEM;
}

static long gzip_run(
	struct unpack *unpack, const uint8_t **in, size_t *in_length, uint8_t *out, size_t size)
{
	z_stream *gzip = &unpack->gzip;
	uInt offered = *in_length < UINT_MAX ? (uInt)*in_length : UINT_MAX;
	uInt room = size < UINT_MAX ? (uInt)size : UINT_MAX;
	int status;

	/* RFC 1952 2.2: members follow each other without anything between. */
	if (unpack->whole && inflateReset(gzip) != Z_OK)
		return -EBADMSG;
	gzip->next_in = (z_const Bytef *)*in;
	gzip->avail_in = offered;
	gzip->next_out = out;
	gzip->avail_out = room;
	status = inflate(gzip, Z_NO_FLUSH);
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		return -EBADMSG;
	unpack->whole = status == Z_STREAM_END;
	*in += offered - gzip->avail_in;
	*in_length -= offered - gzip->avail_in;
	return (long)(room - gzip->avail_out);
}

static void gzip_fini(struct unpack *unpack)
{
	inflateEnd(&unpack->gzip);
}

/* ---- zstd ---- */

static int zstd_init(struct unpack *unpack)
{
	unpack->zstd = ZSTD_createDStream();
	return unpack->zstd ? 0 : -ENOMEM;
}

static long zstd_run(
	struct unpack *unpack, const uint8_t **in, size_t *in_length, uint8_t *out, size_t size)
{
	ZSTD_inBuffer from = { .src = *in, .size = *in_length };
	ZSTD_outBuffer to = { .dst = out, .size = size };
	size_t left = ZSTD_decompressStream(unpack->zstd, &to, &from);

	if (ZSTD_isError(left))
		return -EBADMSG;
	unpack->whole = left == 0;
	*in += from.pos;
	*in_length -= from.pos;
	return (long)to.pos;
}

static void zstd_fini(struct unpack *unpack)
{
	ZSTD_freeDStream(unpack->zstd);
}

/* ---- either ---- */

static const struct packing packings[] = {
	{ { 0x1f, 0x8b }, 2, gzip_init, gzip_run, gzip_fini },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_init, zstd_run, zstd_fini },
};

static const struct packing *packing_of(const uint8_t magic[UNPACK_MAGIC_LENGTH])
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (!memcmp(magic, packings[i].magic, packings[i].magic_length))
			return &packings[i];
	return NULL;
}

bool unpack_knows(const uint8_t magic[UNPACK_MAGIC_LENGTH])
{
	return packing_of(magic) != NULL;
}

int unpack_new(struct unpack **ret, const uint8_t magic[UNPACK_MAGIC_LENGTH])
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));
	int error;

	if (!unpack)
		return -ENOMEM;
	unpack->packing = packing_of(magic);
	error = unpack->packing->init(unpack);
	if (error) {
		free(unpack);
		return error;
	}
	*ret = unpack;
	return 0;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	unpack->packing->fini(unpack);
	free(unpack);
}

long unpack_run(
	struct unpack *unpack, const uint8_t **in, size_t *in_length, uint8_t *out, size_t size)
{
	if (unpack->whole && !*in_length)
		return 0;
	return unpack->packing->run(unpack, in, in_length, out, size);
}

bool unpack_is_whole(const struct unpack *unpack)
{
	return unpack->whole;
}

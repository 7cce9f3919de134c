/* unpack.h: what a packed file had in it, as it comes: gzip (RFC 1952) and zstd (RFC 8878). */
#ifndef LINK_UNPACK_H
#define LINK_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpack;

/* Octets at the start of a file that tell whether it is packed. */
#define UNPACK_MAGIC_LENGTH 4

bool unpack_knows(const uint8_t magic[UNPACK_MAGIC_LENGTH]);

/* For a file that begins so. -ENOMEM on failure. */
int unpack_new(struct unpack **ret, const uint8_t magic[UNPACK_MAGIC_LENGTH]);
void unpack_free(struct unpack *unpack); /* NULL is harmless */

/*
 * Takes octets from *in, as far as it comes, and writes at most size of what they stand for to out.
 * Several packed files in a row are one. Returns how many it wrote, 0 where it needs more octets,
 * -EBADMSG where they are no such file.
 */
long unpack_run(
	struct unpack *unpack, const uint8_t **in, size_t *in_length, uint8_t *out, size_t size);

/* Whether a file may end here: not within what it packs. */
bool unpack_is_whole(const struct unpack *unpack);

#endif

/* Datagrams in fragments, as those who put them together again see them: by their addresses,
 * protocol and identification (RFC 791 3.2, RFC 8200 4.5). */
#include "probe/parts.h"

#include "base/bytes.h"
#include "match/answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IPV4_ID		4U
#define IPV6_OCTETS	40U
#define IPV6_FRAGMENT	44U
#define FRAGMENT_OCTETS 8U
#define EXTENSIONS_MAX	16U

/* The outermost packet that is a fragment. */
struct fragment {
	const uint8_t *src, *dst;
	unsigned int address_octets; /* 0: there is none */
	uint8_t protocol;
	uint32_t id;
	bool first;
};

/* The fragment header's: it stands behind headers whose length is their second octet. */
static uint32_t ipv6_id(const uint8_t *octets, uint32_t at, uint32_t end)
{
	uint8_t next = octets[at + 6];

	at += IPV6_OCTETS;
	for (unsigned int i = 0; i < EXTENSIONS_MAX && end - at >= FRAGMENT_OCTETS; i++) {
		uint32_t length = (octets[at + 1] + 1U) * 8;

		if (next == IPV6_FRAGMENT)
			return bytes_get_be32(octets + at + 4);
		next = octets[at];
		if (length > end - at)
			break;
		at += length;
	}
	return 0;
}

static struct fragment fragment_of(const struct patch_frame *frame)
{
	struct answer_frame read;

	answer_read(frame->octets, frame->length, &read);
	for (unsigned int i = 0; i < read.quoted; i++) {
		const struct answer_packet *packet = &read.packets[i];
		bool is_ipv4 = packet->net == ANSWER_NET_IPV4;

		if (!packet->fragment)
			continue;
		return (struct fragment){
			.src = frame->octets + packet->src,
			.dst = frame->octets + packet->dst,
			.address_octets = packet->address_octets,
			.protocol = packet->protocol,
			.id = is_ipv4 ? bytes_get_be16(frame->octets + packet->at + IPV4_ID)
				      : ipv6_id(frame->octets, packet->at, packet->end),
			.first = packet->has_upper,
		};
	}
	return (struct fragment){ 0 };
}

static bool is_same(const struct fragment *a, const struct fragment *b)
{
	return a->address_octets && a->address_octets == b->address_octets &&
	       a->protocol == b->protocol && a->id == b->id &&
	       !memcmp(a->src, b->src, a->address_octets) &&
	       !memcmp(a->dst, b->dst, a->address_octets);
}

/* The frames from first to the one before end are one datagram's. */
static void put_parts(const struct fragment *fragments, unsigned int first, unsigned int end,
	struct probe_part *ret)
{
	unsigned int probe = first;

	while (probe < end && !fragments[probe].first)
		probe++;
	/* Without the first one nothing says whose an answer would be. */
	for (unsigned int i = first; i < end; i++)
		ret[i] = (struct probe_part){
			.before = i - first,
			.after = end - 1 - i,
			.probe = probe < end ? (int)probe - (int)i : 0,
		};
}

int probe_parts_find(const struct patch_program *program, struct probe_part **ret)
{
	struct probe_part *parts = calloc(program->count, sizeof(*parts));
	struct fragment *fragments = calloc(program->count, sizeof(*fragments));
	unsigned int first = 0;
	bool some = false;

	*ret = NULL;
	if (!parts || !fragments) {
		free(parts);
		free(fragments);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < program->count; i++)
		fragments[i] = fragment_of(&program->frames[i]);
	for (unsigned int i = 1; i <= program->count; i++) {
		/* One that is sent several times in a row is as many datagrams. */
		if (i < program->count && program->frames[i].weight == 1 &&
			program->frames[i - 1].weight == 1 &&
			is_same(&fragments[i - 1], &fragments[i]))
			continue;
		put_parts(fragments, first, i, parts);
		some |= i - first > 1;
		first = i;
	}
	free(fragments);
	if (some)
		*ret = parts;
	else
		free(parts);
	return 0;
}

struct probe_part probe_part_at(
	const struct probe_part *parts, const struct patch_program *program, uint64_t index)
{
	uint64_t place;

	if (!parts)
		return (struct probe_part){ 0 };
	place = index % program->pass;
	return parts[patch_program_place(program, &place)];
}

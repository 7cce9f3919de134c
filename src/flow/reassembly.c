/* Reassembly of IP fragments: RFC 791 3.2 and RFC 815, RFC 8200 4.5 and RFC 5722. */
#include "flow/reassembly.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UNITS (65536 / IP_FRAGMENT_UNIT)

struct partial {
	bool used;
	bool dead; /* given up: what comes of it is dropped until it expires */
	uint64_t since;
	struct {
		uint8_t source[16], destination[16];
		uint32_t id;
		uint8_t address_length, protocol;
	} key;
	uint8_t traffic_class, hop_limit;
	bool has_end;
	size_t end;		    /* of the packet, once the last fragment came */
	size_t received;	    /* octets */
	size_t highest;		    /* the end of the fragment that reaches farthest */
	uint64_t units[UNITS / 64]; /* which units of 8 octets are there */
	uint8_t *octets;	    /* IP_PAYLOAD_MAX */
};

struct reassembly {
	unsigned int count; /* of those in use: mostly none, and then nobody looks further */
	struct partial partials[REASSEMBLY_PACKETS_MAX];
	uint8_t *done;	       /* the octets of the packet handed out last; its next one's buffer */
	struct partial handed; /* its key: the addresses handed out */
};

int reassembly_new(struct reassembly **ret)
{
	struct reassembly *reassembly = calloc(1, sizeof(*reassembly));

	if (!reassembly)
		return -ENOMEM;
	*ret = reassembly;
	return 0;
}

void reassembly_free(struct reassembly *reassembly)
{
	if (!reassembly)
		return;
	for (size_t i = 0; i < REASSEMBLY_PACKETS_MAX; i++)
		free(reassembly->partials[i].octets);
	free(reassembly->done);
	free(reassembly);
}

static bool is_of(const struct partial *partial, const struct ip_header *header)
{
	return partial->used && partial->key.id == header->id &&
	       partial->key.address_length == header->address_length &&
	       /* RFC 8200 4.5: an IPv6 packet is told by addresses and identification alone. */
	       (header->address_length == 16 || partial->key.protocol == header->protocol) &&
	       !memcmp(partial->key.source, header->source, header->address_length) &&
	       !memcmp(partial->key.destination, header->destination, header->address_length);
}

static void partial_clear(struct reassembly *reassembly, struct partial *partial)
{
	reassembly->count -= partial->used;
	free(partial->octets);
	memset(partial, 0, sizeof(*partial));
}

/* A free place, or the oldest one's. */
static struct partial *partial_new(
	struct reassembly *reassembly, const struct ip_header *header, uint64_t now)
{
	struct partial *partial = &reassembly->partials[0];
	uint8_t *octets = reassembly->done;

	for (size_t i = 0; i < REASSEMBLY_PACKETS_MAX; i++) {
		struct partial *other = &reassembly->partials[i];

		if (!other->used) {
			partial = other;
			break;
		}
		if (other->since < partial->since)
			partial = other;
	}
	partial_clear(reassembly, partial);
	reassembly->done = NULL;
	if (!octets)
		octets = malloc(IP_PAYLOAD_MAX);
	if (!octets)
		return NULL;
	partial->octets = octets;
	partial->used = true;
	reassembly->count++;
	partial->since = now;
	memcpy(partial->key.source, header->source, header->address_length);
	memcpy(partial->key.destination, header->destination, header->address_length);
	partial->key.id = header->id;
	partial->key.address_length = header->address_length;
	partial->key.protocol = header->protocol;
	return partial;
}

static struct partial *partial_find(
	struct reassembly *reassembly, const struct ip_header *header, uint64_t now)
{
	for (size_t i = 0; i < REASSEMBLY_PACKETS_MAX; i++)
		if (is_of(&reassembly->partials[i], header))
			return &reassembly->partials[i];
	return partial_new(reassembly, header, now);
}

/* How many of the units from first to last (not itself) are there. */
static size_t units_count(const struct partial *partial, size_t first, size_t last)
{
	size_t count = 0;

	for (size_t i = first; i < last; i++)
		count += partial->units[i / 64] >> i % 64 & 1;
	return count;
}

static void units_set(struct partial *partial, size_t first, size_t last)
{
	for (size_t i = first; i < last; i++)
		partial->units[i / 64] |= 1ULL << i % 64;
}

/* The fragment fits with what is known of its packet's end. */
static bool end_holds(const struct partial *partial, const struct ip_header *header, size_t end)
{
	if (end > IP_PAYLOAD_MAX)
		return false;
	if (header->more && header->length % IP_FRAGMENT_UNIT)
		return false;
	if (partial->has_end && (end > partial->end || (!header->more && end != partial->end)))
		return false;
	return header->more || partial->highest <= end;
}

enum place_result { PLACE_NEW, PLACE_COPY, PLACE_BAD };

static enum place_result place(
	struct partial *partial, const struct ip_header *header, const uint8_t *payload)
{
	size_t end = header->fragment_offset + header->length;
	size_t first = header->fragment_offset / IP_FRAGMENT_UNIT;
	size_t last = (end + IP_FRAGMENT_UNIT - 1) / IP_FRAGMENT_UNIT;
	size_t there;

	if (!end_holds(partial, header, end))
		return PLACE_BAD;
	there = units_count(partial, first, last);
	if (there)
		return there == last - first && end <= partial->highest &&
				       !memcmp(partial->octets + header->fragment_offset, payload,
					       header->length)
			       ? PLACE_COPY
			       : PLACE_BAD;
	memcpy(partial->octets + header->fragment_offset, payload, header->length);
	units_set(partial, first, last);
	partial->received += header->length;
	if (end > partial->highest)
		partial->highest = end;
	if (!header->more) {
		partial->has_end = true;
		partial->end = end;
	}
	if (!header->fragment_offset) {
		partial->traffic_class = header->traffic_class;
		partial->hop_limit = header->hop_limit;
		partial->key.protocol = header->protocol;
	}
	return PLACE_NEW;
}

static void hand_out(
	struct reassembly *reassembly, struct partial *partial, struct reassembly_packet *ret)
{
	free(reassembly->done);
	reassembly->done = partial->octets;
	partial->octets = NULL;
	reassembly->handed = *partial;
	partial_clear(reassembly, partial);
	partial = &reassembly->handed;
	*ret = (struct reassembly_packet){
		.address_length = partial->key.address_length,
		.protocol = partial->key.protocol,
		.traffic_class = partial->traffic_class,
		.hop_limit = partial->hop_limit,
		.source = partial->key.source,
		.destination = partial->key.destination,
		.payload = reassembly->done,
		.length = partial->end,
	};
}

int reassembly_add(struct reassembly *reassembly, const struct ip_header *header,
	const uint8_t *payload, uint64_t now, struct reassembly_packet *ret)
{
	struct partial *partial;

	/* RFC 8200 4.5: an empty one is no part of anything, and no unit would remember it. */
	if (!header->length)
		return -EINVAL;
	partial = partial_find(reassembly, header, now);
	if (!partial)
		return 0;
	if (partial->dead)
		return 0;
	if (place(partial, header, payload) == PLACE_BAD) {
		partial->dead = true;
		free(partial->octets);
		partial->octets = NULL;
		return -EINVAL;
	}
	if (!partial->has_end || partial->received < partial->end)
		return 0;
	hand_out(reassembly, partial, ret);
	return 1;
}

unsigned int reassembly_expire(struct reassembly *reassembly, uint64_t now)
{
	unsigned int count = 0;

	for (size_t i = 0; reassembly->count && i < REASSEMBLY_PACKETS_MAX; i++) {
		struct partial *partial = &reassembly->partials[i];

		if (!partial->used || now < partial->since + REASSEMBLY_TIME_NS)
			continue;
		count += !partial->dead;
		partial_clear(reassembly, partial);
	}
	return count;
}

uint64_t reassembly_deadline(const struct reassembly *reassembly)
{
	uint64_t deadline = UINT64_MAX;

	for (size_t i = 0; reassembly->count && i < REASSEMBLY_PACKETS_MAX; i++) {
		const struct partial *partial = &reassembly->partials[i];

		if (partial->used && partial->since + REASSEMBLY_TIME_NS < deadline)
			deadline = partial->since + REASSEMBLY_TIME_NS;
	}
	return deadline;
}

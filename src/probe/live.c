/* Probes leave by an interface, and their answers come in by it. */
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "link/backends.h"
#include "link/interface.h"
#include "probe/wire.h"
#include "wire/crc32.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How long the device has to tell when it sent a frame. The kernel's stamps come with the send. */
#define HARDWARE_WAIT_NS 10000000U

#define MACS_END 12U /* octets of both addresses */
#define SRC_MAC	 6U
#define TAG	 4U

#define ETHERTYPE_8021Q	 0x8100U
#define ETHERTYPE_8021AD 0x88a8U
#define ETHERTYPE_MPLS	 0x8847U
#define ETHERTYPE_MPLS_2 0x8848U /* with labels of the upstream's */
#define ETHERTYPE_MIN	 0x0600U /* what is less is a length */

struct probe_live {
	struct receiver *receiver;
	struct link *link;
	const struct patch_program *program;
	enum stamp_source stamps;
	uint64_t unstamped;
	/* Of the send that runs. */
	uint64_t first;
	struct probe_sent *sent;
	unsigned int count;
};

/* ---- sending ---- */

/* Which of the frames of a run it is, its slot says: links fill them in order. */
static void took(void *context, const struct patch_slot *slot)
{
	struct probe_live *live = context;
	uint64_t at = (uint64_t)(slot - live->link->runner.slots);
	bool own_fcs = slot->frame->own_fcs && slot->length >= FCS_LENGTH;

	live->sent[live->count++] = (struct probe_sent){
		.number = live->first + at,
		.octets = slot->octets,
		.length = slot->length - (own_fcs ? FCS_LENGTH : 0),
	};
}

/* The stamp of the frame that was just sent, the number-th of all. */
static void stamp_last(struct probe_live *live, uint64_t number)
{
	bool hardware = live->stamps == STAMP_HARDWARE;
	struct stamp stamp;

	while (link_stamped_next(live->link, &stamp, hardware ? HARDWARE_WAIT_NS : 0)) {
		if (stamp.number != number)
			continue;
		live->sent[0].time_ns = stamp.time_ns;
		live->sent[0].hardware = hardware;
		return;
	}
	live->unstamped++;
}

static int live_send(void *context, uint64_t first, unsigned int count, struct probe_sent *ret,
	unsigned int *ret_count, unsigned int *ret_tried, struct err *err)
{
	struct probe_live *live = context;
	struct link_stats before, after;
	uint64_t now;
	int r;

	/* One at a time: a stamp is worth more than a system call. */
	if (live->stamps != STAMP_PROGRAM)
		count = 1;
	live->first = first;
	live->sent = ret;
	live->count = 0;
	link_stats(live->link, &before);
	now = clock_wall();
	r = link_run(live->link, live->program, first, count, err);
	for (unsigned int i = 0; i < live->count; i++)
		ret[i].time_ns = now;
	if (live->stamps != STAMP_PROGRAM && live->count)
		stamp_last(live, before.sent);
	*ret_count = live->count;
	link_stats(live->link, &after);
	*ret_tried = (unsigned int)(after.queued - before.queued);
	return r;
}

/* ---- receiving ---- */

static int live_receive(void *context, struct receiver_frame *ret)
{
	return receiver_next(((struct probe_live *)context)->receiver, ret);
}

static int live_wait(void *context, uint64_t ns, struct err *err)
{
	return receiver_wait(((struct probe_live *)context)->receiver, ns, err);
}

static uint64_t live_wall(void *context)
{
	(void)context;
	return clock_wall();
}

/* The type behind tags: the kernel takes the outer one off before a filter looks, and answers come
 * with the tags that the requests have. 0: there is none. */
static uint16_t type_of(const uint8_t *octets, uint32_t length)
{
	uint32_t at = MACS_END;
	uint16_t type;

	if (length < at + 2)
		return 0;
	type = bytes_get_be16(octets + at);
	if ((type == ETHERTYPE_8021Q || type == ETHERTYPE_8021AD) && length >= at + TAG + 2)
		type = bytes_get_be16(octets + at + TAG);
	return type;
}

static void add_type(struct receiver_config *config, uint16_t type, bool *all)
{
	for (unsigned int i = 0; i < config->type_count; i++)
		if (config->types[i] == type)
			return;
	/* Behind labels is what they say, and an answer may come without any. */
	if (type < ETHERTYPE_MIN || type == ETHERTYPE_MPLS || type == ETHERTYPE_MPLS_2 ||
		config->type_count == RECEIVER_TYPES_MAX)
		*all = true;
	else
		config->types[config->type_count++] = type;
}

/* Answers are of the requests' types; they go to the addresses that the requests come from, which
 * need not be the interface's own. */
static void look_at_frames(const struct patch_program *program, struct receiver_config *config)
{
	bool all = false, varies = false;

	for (unsigned int i = 0; i < program->count; i++) {
		const struct patch_frame *frame = &program->frames[i];
		unsigned int images = frame->varying ? frame->varying->image_count : 1;

		for (unsigned int j = 0; j < images; j++) {
			const uint8_t *octets =
				frame->varying ? frame->varying->images[j].octets : frame->octets;
			uint32_t length =
				frame->varying ? frame->varying->images[j].length : frame->length;

			add_type(config, type_of(octets, length), &all);
			config->promiscuous |=
				length >= MACS_END &&
				memcmp(octets + SRC_MAC, config->interface->mac, 6) != 0;
		}
		/* Of what is written over the header nobody knows what it will be. */
		for (unsigned int j = 0; frame->varying && j < images; j++)
			for (unsigned int k = 0; k < frame->varying->images[j].write_count; k++)
				varies |= frame->varying->images[j].writes[k].bit <
					  (MACS_END + TAG + 2) * 8;
	}
	config->promiscuous |= varies;
	if (all || varies)
		config->type_count = 0;
}

/* ---- open, close ---- */

static int open_link(
	struct probe_live *live, const struct probe_live_config *config, struct err *err)
{
	const struct link_config plain = link_config_plain(config->interface);
	int r;

	if (config->stamps != STAMP_PROGRAM)
		r = link_stamped_open(&live->link, config->interface, config->stamps, err);
	else
		r = link_packet_open(&live->link, &plain, config->program, err);
	if (r)
		return r;
	live->link->took = took;
	live->link->took_context = live;
	return 0;
}

int probe_live_open(struct probe_live **ret, const struct probe_live_config *config,
	struct probe_wire *ret_wire, struct err *err)
{
	struct receiver_config receiver = {
		.interface = config->interface,
		.hardware = config->stamps == STAMP_HARDWARE,
		.immediate = config->immediate,
	};
	struct probe_live *live = calloc(1, sizeof(*live));
	int r;

	if (!live)
		return err_system(err, ENOMEM, "cannot probe by %s", config->interface->name);
	live->program = config->program;
	live->stamps = config->stamps;
	look_at_frames(config->program, &receiver);
	r = receiver_open(&live->receiver, &receiver, err);
	if (r == 0)
		r = open_link(live, config, err);
	if (r) {
		probe_live_close(live);
		return r;
	}
	*ret_wire = (struct probe_wire){ live_send, live_receive, live_wait, live_wall, live };
	*ret = live;
	return 0;
}

void probe_live_stats(struct probe_live *live, struct probe_live_stats *ret)
{
	link_stats(live->link, &ret->link);
	receiver_stats(live->receiver, &ret->receiver);
	ret->unstamped = live->unstamped;
}

void probe_live_close(struct probe_live *live)
{
	if (!live)
		return;
	link_close(live->link, NULL);
	receiver_close(live->receiver);
	free(live);
}

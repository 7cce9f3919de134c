/* Whether a frame came as it was sent. */
#include "measure/check.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"
#include "frame/diff.h"
#include "measure/unknown.h"
#include "patch/runner.h"
#include "wire/checksum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ETH_LENGTH     14U
#define ETH_TYPE       12U
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd

/* Where the outermost IP header of a frame is. */
struct network {
	unsigned int version; /* 0: there is none */
	uint32_t offset, length;
};

struct measure_check {
	const struct patch_program *program;
	struct patch_runner runner;
	uint64_t *first;    /* of each frame, where it stands in a pass */
	struct arena arena; /* of a frame that is looked at */
	struct arena kept;
	struct unknown *unknown;   /* of each frame; NULL: all is known */
	uint8_t *laid;		   /* a frame with what is unknown as it came */
	const char *unknown_names; /* see measure_check_unknown */
	const char *difference;
	/* What was found last, of an image of the runner's. */
	const struct patch_image *known;
	struct network network;
};

/* Each name once. */
static const char *list_names(struct measure_check *check)
{
	const char *names = "";

	for (unsigned int i = 0; i < check->program->count; i++)
		for (unsigned int j = 0; j < check->unknown[i].count; j++) {
			const struct unknown_field *field = &check->unknown[i].fields[j];

			if (!field->sum && !strstr(names, field->name))
				names = arena_printf(&check->kept, "%s%s%s", names,
					*names ? ", " : "", field->name);
		}
	return names;
}

static int find_unknown(struct measure_check *check, const struct frame_view *views)
{
	const struct patch_program *program = check->program;
	uint32_t longest = 1;

	check->unknown = arena_alloc(&check->kept, program->count * sizeof(*check->unknown));
	for (unsigned int i = 0; i < program->count; i++) {
		uint32_t length = patch_frame_longest(&program->frames[i]);

		unknown_find(&check->kept, &views[i], &check->unknown[i]);
		longest = length > longest ? length : longest;
	}
	check->unknown_names = list_names(check);
	check->laid = malloc(longest);
	return check->laid ? 0 : -ENOMEM;
}

static int begin(struct measure_check *check, const struct frame_view *views)
{
	const struct patch_program *program = check->program;

	check->first = calloc(program->count, sizeof(*check->first));
	if (!check->first || patch_runner_init(&check->runner, program, 1))
		return -ENOMEM;
	for (unsigned int i = 1; i < program->count; i++)
		check->first[i] = check->first[i - 1] + program->frames[i - 1].weight;
	return views ? find_unknown(check, views) : 0;
}

int measure_check_new(struct measure_check **ret, const struct patch_program *program,
	const struct frame_view *views)
{
	struct measure_check *check = calloc(1, sizeof(*check));

	if (!check)
		return -ENOMEM;
	arena_init(&check->arena);
	arena_init(&check->kept);
	check->program = program;
	check->unknown_names = check->difference = "";
	if (program && begin(check, views) < 0) {
		measure_check_free(check);
		return -ENOMEM;
	}
	*ret = check;
	return 0;
}

void measure_check_free(struct measure_check *check)
{
	if (!check)
		return;
	patch_runner_fini(&check->runner);
	arena_fini(&check->arena);
	arena_fini(&check->kept);
	free(check->laid);
	free(check->first);
	free(check);
}

/* ---- without the sender's frames ---- */

static bool has_wrong(const struct view_record *record)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].field->rule == WIRE_CHECKSUM &&
			record->fields[i].check == VIEW_WRONG)
			return true;
	return false;
}

static enum check_verdict check_sums(
	struct measure_check *check, const uint8_t *octets, uint32_t length)
{
	struct frame_view view;
	bool wrong = false;

	arena_reset(&check->arena);
	frame_dissect(&check->arena, &wire_eth, octets, length, DISSECT_FCS_GUESS, &view);
	for (unsigned int i = 0; i < view.count; i++)
		wrong |= has_wrong(&view.layers[i].header);
	return wrong ? CHECK_CORRUPTED : CHECK_SAME;
}

/* ---- against the sender's frames ---- */

static const struct patch_slot *make_again(
	struct measure_check *check, const struct signature *signature, uint64_t sequence)
{
	const struct patch_program *program = check->program;
	uint64_t weight = program->frames[signature->stream].weight;
	struct patch_slot *slot = &check->runner.slots[0];

	patch_runner_make_again(&check->runner,
		sequence / weight * program->pass + check->first[signature->stream] +
			sequence % weight,
		/* The bits that are not sent keep it from being 0. */
		signature->time | 1ULL << SIGNATURE_TIME_BITS, slot);
	return slot;
}

bool measure_check_example(struct measure_check *check, unsigned int stream,
	const uint8_t **ret_octets, uint32_t *ret_length)
{
	const struct signature first = { .stream = (uint16_t)stream };
	const struct patch_slot *slot;

	if (!check->program || stream >= check->program->count)
		return false;
	slot = make_again(check, &first, 0);
	*ret_octets = slot->octets;
	*ret_length = slot->length;
	return true;
}

static void find_network(
	struct measure_check *check, const uint8_t *octets, uint32_t length, struct network *ret)
{
	struct frame_view view;

	arena_reset(&check->arena);
	frame_dissect(&check->arena, &wire_eth, octets, length, DISSECT_FCS_GUESS, &view);
	*ret = (struct network){ 0 };
	for (unsigned int i = 0; i < view.count; i++) {
		if (!wire_ip_version(view.layers[i].protocol))
			continue;
		*ret = (struct network){
			.version = wire_ip_version(view.layers[i].protocol),
			.offset = view.layers[i].header.offset,
			.length = view.layers[i].header.length,
		};
		break;
	}
}

static const struct network *network_of(struct measure_check *check, const struct patch_slot *slot)
{
	if (check->known == slot->holds && slot->holds)
		return &check->network;
	find_network(check, slot->octets, slot->length, &check->network);
	check->known = slot->holds;
	return &check->network;
}

/* The outermost IP header stands there: in an ICMP error that quotes the whole frame it does not.
 */
static bool is_outermost(struct measure_check *check, const struct network *network,
	const uint8_t *octets, uint32_t length, uint32_t ip)
{
	struct network came;

	if (ip == ETH_LENGTH && bytes_get_be16(octets + ETH_TYPE) ==
					(network->version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6))
		return true;
	find_network(check, octets, length, &came);
	return came.version == network->version && came.offset == ip;
}

/* An IP header that differs by what a router changes: octets of it that may, and its checksum. */
static bool is_routed(const struct network *network, const uint8_t *sent, const uint8_t *came)
{
	bool v4 = network->version == 4;
	/* RFC 2474 and RFC 3168: the traffic class may be changed on the way. */
	uint32_t class_at = v4 ? 1 : 0, class_end = 2;
	uint32_t ttl_at = v4 ? 8 : 7;

	for (uint32_t i = 0; i < network->length; i++) {
		bool may = (i >= class_at && i < class_end) || i == ttl_at ||
			   (v4 && (i == 10 || i == 11));

		if (sent[i] != came[i] && !may)
			return false;
	}
	if (!v4)
		return (sent[0] & 0xf0) == (came[0] & 0xf0) && (sent[1] & 0x0f) == (came[1] & 0x0f);
	return checksum_fold(checksum_add(0, came, network->length)) == 0xffff;
}

static const struct unknown *unknown_of(
	const struct measure_check *check, const struct patch_slot *slot)
{
	return &check->unknown[slot->frame - check->program->frames];
}

static bool is_laid(const struct measure_check *check, const struct patch_slot *slot)
{
	return check->unknown && unknown_of(check, slot)->count;
}

/* The frame as it was sent: what the sender's interface alone knows is taken from the one that
 * came. False where that cannot be: a checksum is wrong with it. */
static bool lay_unknown(struct measure_check *check, const struct patch_slot *slot,
	const uint8_t *octets, uint32_t length, int64_t shift)
{
	const struct unknown *unknown = unknown_of(check, slot);
	struct frame_view view;

	memcpy(check->laid, slot->octets, slot->length);
	if (!unknown_lay(
		    unknown, check->laid, octets, length, network_of(check, slot)->offset, shift))
		return false;
	arena_reset(&check->arena);
	frame_dissect(&check->arena, &wire_eth, octets, length, DISSECT_FCS_GUESS, &view);
	return unknown_sums_hold(unknown, &view, shift);
}

/* The frame that was sent, and where its signature is. */
struct sent {
	const struct patch_slot *slot;
	const uint8_t *octets;
	uint32_t signature;
};

static enum check_verdict compare(struct measure_check *check, const struct sent *sent,
	const uint8_t *octets, uint32_t length, uint32_t offset)
{
	const struct patch_slot *slot = sent->slot;
	const struct network *network;
	uint32_t end = slot->length;
	uint32_t ip, rest;

	/* The devices take an FCS off. */
	if (slot->frame->own_fcs)
		end -= FCS_LENGTH;
	if (offset == sent->signature && length >= end && !memcmp(octets, sent->octets, end))
		return CHECK_SAME;
	network = network_of(check, slot);
	rest = sent->signature - network->offset;
	if (!network->version || rest > offset)
		return CHECK_CORRUPTED;
	/* What stands before the IP header is the link's own, and may be longer or shorter. */
	ip = offset - rest;
	if (!is_outermost(check, network, octets, length, ip) ||
		!is_routed(network, sent->octets + network->offset, octets + ip))
		return CHECK_CORRUPTED;
	rest += SIGNATURE_LENGTH - network->length;
	return memcmp(sent->octets + network->offset + network->length,
		       octets + ip + network->length, rest)
		       ? CHECK_CORRUPTED
		       : CHECK_REWRITTEN;
}

static enum check_verdict check_against(struct measure_check *check, const struct patch_slot *slot,
	const uint8_t *octets, uint32_t length, uint32_t offset)
{
	struct sent sent = { .slot = slot, .octets = slot->octets };
	struct signature signature;

	if (!signature_find(slot->octets, slot->length, &signature))
		return CHECK_CORRUPTED;
	sent.signature = signature.offset;
	if (is_laid(check, slot)) {
		if (!lay_unknown(check, slot, octets, length, (int64_t)offset - signature.offset))
			return CHECK_CORRUPTED;
		sent.octets = check->laid;
	}
	return compare(check, &sent, octets, length, offset);
}

/* What follows from another field says less than it, and so does what the link changes. */
static unsigned int rank(const struct diff *diff)
{
	if (diff->explained)
		return 3;
	if (strstr(diff->text, ".checksum: "))
		return 2;
	return !strncmp(diff->text, "eth.", 4);
}

static void keep_difference(struct measure_check *check, const struct patch_slot *slot,
	const uint8_t *octets, uint32_t length)
{
	const uint8_t *made = is_laid(check, slot) ? check->laid : slot->octets;
	struct frame_view sent, came;
	struct diff *diffs;
	const char *text = "";
	unsigned int count, best = 0;

	arena_reset(&check->arena);
	frame_dissect(&check->arena, &wire_eth, made, slot->length, DISSECT_FCS_GUESS, &sent);
	frame_dissect(&check->arena, &wire_eth, octets, length, DISSECT_FCS_GUESS, &came);
	frame_diff(&check->arena, &sent, &came, &diffs, &count);
	for (unsigned int i = 0; i < count; i++)
		if (rank(&diffs[i]) < rank(&diffs[best]))
			best = i;
	if (count && !diffs[best].explained)
		text = diffs[best].text;
	/* Of a frame that is as it was sent but for what is unknown, a sum tells it. */
	check->difference = arena_printf(&check->kept, "%s", *text ? text : "a checksum is wrong");
}

const char *measure_check_unknown(const struct measure_check *check)
{
	return check->unknown_names;
}

const char *measure_check_difference(const struct measure_check *check)
{
	return check->difference;
}

enum check_verdict measure_check_frame(struct measure_check *check, const uint8_t *octets,
	uint32_t length, const struct signature *signature, uint64_t sequence)
{
	const struct patch_slot *slot;
	enum check_verdict verdict;

	if (!check->program)
		return check_sums(check, octets, length);
	if (signature->stream >= check->program->count)
		return CHECK_CORRUPTED;
	slot = make_again(check, signature, sequence);
	verdict = check_against(check, slot, octets, length, signature->offset);
	if (verdict == CHECK_CORRUPTED && !*check->difference)
		keep_difference(check, slot, octets, length);
	return verdict;
}

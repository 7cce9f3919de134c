/* The frames of a capture file as a program. */
#include "flow/replay.h"

#include "base/arena.h"
#include "base/err.h"
#include "flow/replay_content.h"
#include "flow/send.h"
#include "frame/build.h"
#include "link/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Nanoseconds: 146 years, after which all is due at once. */
#define DUE_MAX 0x1p62

/* How long a frame of a pipe is waited for at a time. */
#define WAIT_MS 20

struct replay {
	const struct replay_config *config;
	struct capture *capture;
	bool has_fcs;
	struct arena arena;   /* the octets of the program's frames, */
	struct arena scratch; /* and what is read of one */
	struct patch_frame *frames;
	uint8_t *sides;
	unsigned int capacity;
	struct patch_program program;
	struct replay_counts counts;

	/* The pass. */
	uint64_t pass;		    /* those that ended */
	uint64_t number;	    /* frames of it so far */
	uint64_t seen;		    /* of the file, for messages */
	struct capture_frame ahead; /* the frame that comes next; octets NULL: none, */
	bool unknown;		    /* or it has not come yet */
	bool owes_gap;		    /* nor is the gap after the last one known then */
	bool ended;		    /* all passes did */
	uint64_t begun_ns;	    /* the time of its first frame */
	uint64_t due_ns;	    /* of the frame before `ahead`, since the first one */
	uint64_t lead_ns;	    /* the pause before `ahead` that no gap holds */

	/* What is wrong with the next frame: told when those before it were taken. */
	int failure;
	struct err err;
};

/* ---- the file ---- */

static bool stops(const struct replay *replay)
{
	return replay->config->stop && *replay->config->stop;
}

static int open_file(struct replay *replay, struct err *err)
{
	const struct replay_config *config = replay->config;
	int error = capture_open_file(&replay->capture, config->path, config->filter, err);

	if (error && stops(replay))
		return err_result(err, "stopped by a signal before a frame was read");
	if (error)
		return error;
	if (capture_link(replay->capture) != CAPTURE_ETHERNET)
		return err_input(err, NULL,
			"%s: its frames are of link type %s; only Ethernet (EN10MB) is replayed",
			config->path, capture_link_name(replay->capture));
	replay->has_fcs = config->in_fcs || capture_has_fcs(replay->capture);
	return 0;
}

static int refuse_cut(const struct replay *replay, struct err *err)
{
	return err_input(err, NULL,
		"%s: frame %llu was cut to %u of its %u octets: send what is there with --cut "
		"send, or leave such frames out with --cut skip",
		replay->config->path, (unsigned long long)replay->seen, replay->ahead.captured,
		replay->ahead.length);
}

/* The next frame of the pass into replay->ahead; its octets are NULL at the end, and where none
 * came within timeout_ms, which is what replay->unknown says. -1: it is waited for. */
static int look_ahead(struct replay *replay, int timeout_ms, struct err *err)
{
	const struct replay_config *config = replay->config;
	int status;

	replay->ahead.octets = NULL;
	replay->unknown = false;
	while (!(config->limit && replay->number >= config->limit) && !stops(replay)) {
		struct capture_frame frame;

		status = capture_next(
			replay->capture, &frame, timeout_ms < 0 ? 100 : timeout_ms, err);
		if (status == -ENODATA)
			break;
		if (status < 0)
			return status;
		if (!status && timeout_ms >= 0) {
			replay->unknown = true;
			break;
		}
		if (!status)
			continue;
		replay->seen++;
		replay->ahead = frame;
		if (frame.captured == frame.length)
			return 0;
		if (config->cut == REPLAY_CUT_REFUSE)
			return refuse_cut(replay, err);
		replay->counts.cut++;
		if (config->cut == REPLAY_CUT_SEND)
			return 0;
		replay->ahead.octets = NULL;
	}
	return 0;
}

/* ---- time ---- */

/* When the frame ahead is due since the pass began. A capture's times may go back: frames do not.
 */
static uint64_t due_ahead(const struct replay *replay)
{
	uint64_t at = replay->ahead.time_ns;
	uint64_t since = at > replay->begun_ns ? at - replay->begun_ns : 0;
	double scaled = (double)since / replay->config->speed;
	uint64_t due = scaled < DUE_MAX ? (uint64_t)scaled : (uint64_t)DUE_MAX;

	return due > replay->due_ns ? due : replay->due_ns;
}

/* The pause after the frame before the one ahead. After the last it is as long as between any two.
 */
static uint64_t gap(struct replay *replay)
{
	uint64_t before = replay->due_ns;

	if (replay->config->speed == 0)
		return 0;
	if (!replay->ahead.octets)
		return replay->number > 1 ? before / (replay->number - 1) : 0;
	replay->due_ns = due_ahead(replay);
	return replay->due_ns - before;
}

/* ---- a frame ---- */

/* Writes the frame's octets, changed by the rules. An FCS that was right is right again. */
static void rewrite(struct replay *replay, struct replay_content *content, uint8_t *octets)
{
	const struct replay_config *config = replay->config;
	struct frame_view view;
	uint8_t right[FCS_LENGTH];

	arena_reset(&replay->scratch);
	frame_dissect(&replay->scratch, &wire_eth, content->octets, content->length,
		DISSECT_FCS_ABSENT, &view);
	frame_rewrite(&view, octets, config->rules, config->rule_count, config->repair);
	crc32_fcs(content->octets, content->length, right);
	if (!memcmp(content->fcs, right, FCS_LENGTH))
		crc32_fcs(octets, content->length, content->fcs);
	replay->counts.rewritten += memcmp(octets, content->octets, content->length) != 0;
}

/* The frame ahead into place i of the program. */
static void take(struct replay *replay, unsigned int i)
{
	const struct replay_config *config = replay->config;
	struct replay_content content = replay_content_of(&replay->ahead, replay->has_fcs);
	size_t extra = config->fcs == FCS_NIC ? 0 : FCS_LENGTH;
	uint8_t *octets = arena_alloc(&replay->arena, content.length + extra);

	replay->sides[i] =
		config->second && filter_takes(config->second, content.octets, content.length);
	replay->counts.second += replay->sides[i];
	if (config->rule_count || config->repair)
		rewrite(replay, &content, octets);
	else
		memcpy(octets, content.octets, content.length);
	memcpy(octets + content.length, content.fcs, extra);
	replay->frames[i] = (struct patch_frame){
		.name = arena_printf(
			&replay->arena, "frame %llu", (unsigned long long)replay->seen),
		.octets = octets,
		.length = (uint32_t)(content.length + extra),
		.own_fcs = config->fcs == FCS_REPLACE,
		.weight = 1,
	};
}

/* The next frame into place i: 1, or 0 where the pass has no more. The one after it is looked for
 * for timeout_ms. */
static int next(struct replay *replay, unsigned int i, int timeout_ms, struct err *err)
{
	if (replay->failure) {
		if (err)
			*err = replay->err;
		return replay->failure;
	}
	if (!replay->ahead.octets)
		return 0;
	if (!replay->number++)
		replay->begun_ns = replay->ahead.time_ns;
	if (replay->ahead.time_ns > replay->begun_ns &&
		replay->ahead.time_ns - replay->begun_ns > replay->counts.span_ns)
		replay->counts.span_ns = replay->ahead.time_ns - replay->begun_ns;
	take(replay, i);
	replay->counts.frames++;
	replay->failure = look_ahead(replay, timeout_ms, &replay->err);
	replay->owes_gap = replay->unknown;
	if (!replay->failure && !replay->unknown)
		replay->frames[i].gap_ns = gap(replay);
	return 1;
}

/* ---- in memory ---- */

static int grow(struct replay *replay, struct err *err)
{
	unsigned int capacity = replay->capacity * 2;
	struct patch_frame *frames =
		reallocarray(replay->frames, capacity, sizeof(*replay->frames));
	uint8_t *sides;

	if (frames)
		replay->frames = frames;
	sides = frames ? realloc(replay->sides, capacity) : NULL;
	if (!sides)
		return err_system(err, ENOMEM, "%s does not fit in memory: replay it with --stream",
			replay->config->path);
	replay->sides = sides;
	replay->capacity = capacity;
	return 0;
}

int replay_load(struct replay *replay, struct err *err)
{
	unsigned int count = 0;
	int status;

	status = replay->unknown ? look_ahead(replay, -1, err) : 0;
	if (status)
		return status;
	while ((status = next(replay, count, -1, err)) > 0) {
		if (++count < replay->capacity)
			continue;
		status = grow(replay, err);
		if (status)
			break;
	}
	if (status < 0)
		return status;
	if (!count && stops(replay))
		return err_result(err, "stopped by a signal before a frame was read");
	if (!count)
		return err_input(err, NULL, "%s has no frames%s", replay->config->path,
			replay->config->filter ? " that the filter takes" : "");
	patch_program_init(&replay->program, replay->frames, count);
	return 0;
}

/* ---- as it goes ---- */

/* At the end of a pass, to the next one. 1: there is one. */
static int begin_pass(struct replay *replay, struct err *err)
{
	const struct replay_config *config = replay->config;
	int error;

	replay->pass++;
	if ((config->loops && replay->pass >= config->loops) || !replay->number || stops(replay)) {
		replay->ended = true;
		return 0;
	}
	capture_close(replay->capture);
	replay->capture = NULL;
	error = open_file(replay, err);
	replay->number = replay->seen = replay->due_ns = 0;
	if (!error)
		error = look_ahead(replay, 0, err);
	return error ? error : 1;
}

/* Has the frame ahead, or the pass's end: 1, with the gap before it in *gap_ns, if that was still
 * owed; or -EAGAIN where it has not come within timeout_ms. */
static int await(struct replay *replay, int timeout_ms, uint64_t *gap_ns, struct err *err)
{
	int error = look_ahead(replay, timeout_ms, err);

	if (error)
		return error;
	if (replay->unknown)
		return -EAGAIN;
	if (replay->owes_gap)
		*gap_ns = gap(replay);
	replay->owes_gap = false;
	return 1;
}

int replay_prepare(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	struct replay *replay = context;
	unsigned int place = (unsigned int)(first % SEND_CHUNK);
	unsigned int made = 0;
	int status = replay->ended ? 0 : 1;

	arena_reset(&replay->arena);
	while (status > 0 && made < count) {
		if (replay->unknown)
			status = made ? await(replay, 0, &replay->frames[place + made - 1].gap_ns,
						err)
				      : await(replay, WAIT_MS, &replay->lead_ns, err);
		if (status < 0)
			break;
		status = next(replay, place + made, 0, err);
		made += status > 0;
		if (!status)
			status = begin_pass(replay, err);
	}
	if (made) {
		*ret_gap_ns = replay->lead_ns;
		replay->lead_ns = 0;
	}
	if (status < 0 && status != -EAGAIN && made) {
		replay->failure = status;
		replay->err = err ? *err : (struct err){ 0 };
	}
	return made ? (int)made : status;
}

/* ---- either ---- */

int replay_open(struct replay **ret, const struct replay_config *config, struct err *err)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int error;

	if (!replay)
		return err_system(err, ENOMEM, "cannot replay %s", config->path);
	replay->config = config;
	arena_init(&replay->arena);
	arena_init(&replay->scratch);
	replay->capacity = SEND_CHUNK;
	replay->frames = calloc(SEND_CHUNK, sizeof(*replay->frames));
	replay->sides = calloc(SEND_CHUNK, 1);
	error = replay->frames && replay->sides
			? open_file(replay, err)
			: err_system(err, ENOMEM, "cannot replay %s", config->path);
	if (!error)
		error = look_ahead(replay, 0, err);
	if (error) {
		replay_close(replay);
		return error;
	}
	for (unsigned int i = 0; i < SEND_CHUNK; i++)
		replay->frames[i].weight = 1;
	patch_program_init(&replay->program, replay->frames, SEND_CHUNK);
	*ret = replay;
	return 0;
}

void replay_close(struct replay *replay)
{
	if (!replay)
		return;
	capture_close(replay->capture);
	arena_fini(&replay->arena);
	arena_fini(&replay->scratch);
	free(replay->frames);
	free(replay->sides);
	free(replay);
}

const struct patch_program *replay_program(const struct replay *replay)
{
	return &replay->program;
}

const uint8_t *replay_sides(const struct replay *replay)
{
	return replay->sides;
}

const struct replay_counts *replay_counts(const struct replay *replay)
{
	return &replay->counts;
}

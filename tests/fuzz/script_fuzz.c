/*
 * Reads any octets as an exchange script, builds what it sends, and plays it in a world made up, in
 * which each frame that is sent comes back and then the input itself does, as a frame.
 */
#include "base/arena.h"
#include "exchange/facts.h"
#include "exchange/run.h"

#include "no_file.h"

#include <stdlib.h>
#include <string.h>

#define CALLS_MAX  2000 /* of a script that repeats itself for long */
#define QUEUE_SIZE 65600U

struct world {
	const uint8_t *input;
	size_t size;
	uint8_t queued[QUEUE_SIZE];
	uint32_t length;
	unsigned int port, calls;
	uint64_t now;
	bool waits, was_input;
};

static uint64_t world_now(void *context)
{
	return ((struct world *)context)->now;
}

static int world_send(void *context, unsigned int port, const uint8_t *octets, uint32_t length,
	bool own_fcs, struct err *err)
{
	struct world *world = context;

	(void)own_fcs, (void)err;
	if (length > QUEUE_SIZE)
		abort();
	memcpy(world->queued, octets, length);
	world->length = length;
	world->port = port;
	world->waits = true;
	world->calls++;
	return 0;
}

static int world_receive(
	void *context, uint64_t deadline, struct exchange_frame *ret, struct err *err)
{
	struct world *world = context;

	(void)err;
	world->calls++;
	if (!world->waits && world->was_input) {
		world->now = deadline > world->now ? deadline : world->now;
		return 0;
	}
	*ret = (struct exchange_frame){ world->queued, world->length, world->port, ++world->now };
	if (!world->waits) {
		ret->octets = world->input;
		ret->length = (uint32_t)(world->size < 2000 ? world->size : 2000);
		world->was_input = true;
	}
	world->waits = false;
	return 1;
}

static bool world_stopped(void *context)
{
	return ((struct world *)context)->calls > CALLS_MAX;
}

static const uint8_t *world_mac(void *context, unsigned int port)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

	(void)context, (void)port;
	return mac;
}

static int resolver(
	void *context, const struct script_port *port, struct resolver *ret, struct err *err)
{
	(void)err;
	facts_resolver(context, port, ret);
	return 0;
}

static void play(struct arena *arena, const struct script *script, const uint8_t *data, size_t size)
{
	struct world world = { .input = data, .size = size };
	const struct exchange_world outside = { &world, world_now, world_send, world_receive,
		world_stopped, world_mac };
	struct exchange_result result;
	struct err err = { 0 };

	if (exchange_run(arena, script, &outside, 0, &result, &err) == 0 &&
		result.verdict > EXCHANGE_STOPPED)
		abort();
	exchange_result_fini(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script;
	struct arena arena;
	struct err err = { 0 };
	struct script_options options = { .resolver = resolver };

	arena_init(&arena);
	options.context = &arena;
	if (!script_read(&arena, "fuzz.yaml", data, size, &options, &script, &err) &&
		!exchange_check(&script, 0, &err))
		play(&arena, &script, data, size);
	arena_fini(&arena);
	return 0;
}

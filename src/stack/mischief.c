/* Faults on purpose. */
#include "stack/mischief.h"

#include "base/buffer.h"
#include "base/err.h"
#include "base/random.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define USUAL	    10 /* of a hundred segments or datagrams */
#define ALWAYS	    100
#define TINY	    1 /* window, unscaled in a SYN: TINY_SYN */
#define TINY_SYN    64
#define WRONG_BY    100000U
#define ELEMENT_MAX 63

enum fault {
	DROP,
	DUPLICATE,
	REORDER,
	CORRUPT,
	SPLIT,
	OVERLAP,
	TINY_WINDOW,
	WRONG_ACK,
	NO_OPTIONS,
	RESET,
	FAULTS,
};

static const struct {
	const char *name;
	bool of_datagrams; /* too, not of segments alone */
} names[] = {
	[DROP] = { "drop", true },
	[DUPLICATE] = { "duplicate", true },
	[REORDER] = { "reorder", true },
	[CORRUPT] = { "corrupt", true },
	[SPLIT] = { "split", false },
	[OVERLAP] = { "overlap", false },
	[TINY_WINDOW] = { "tiny-window", false },
	[WRONG_ACK] = { "wrong-ack", false },
	[NO_OPTIONS] = { "no-options", false },
	[RESET] = { "reset", false },
};

struct stack_mischief {
	unsigned int percent[FAULTS];
	uint64_t key, drawn;
	struct tcp_given given; /* of all connections, without the options */
};

/* ---- what was asked for ---- */

static int find(const char *name)
{
	int i;

	for (i = 0; i < FAULTS; i++)
		if (!strcmp(names[i].name, name))
			return i;
	return -1;
}

static bool is_known_to(enum socket_kind kind, int fault)
{
	return kind == SOCKET_TCP || names[fault].of_datagrams;
}

static int unknown(const char *name, enum socket_kind kind, struct err *err)
{
	struct buffer list = { 0 };
	const char *known[FAULTS];
	const char *near;
	size_t count = 0;

	for (int i = 0; i < FAULTS; i++) {
		if (!is_known_to(kind, i))
			continue;
		buffer_printf(&list, "%s%s", count ? ", " : "", names[i].name);
		known[count++] = names[i].name;
	}
	near = text_nearest(name, known, count);
	if (near)
		err_input(err, NULL, "no fault \"%s\"; did you mean \"%s\"?", name, near);
	else
		err_input(err, NULL, "no fault \"%s\"; there are %s", name, buffer_text(&list));
	buffer_fini(&list);
	return -EINVAL;
}

/* NAME or NAME=PERCENT. */
static int take(
	struct stack_mischief *mischief, enum socket_kind kind, char *element, struct err *err)
{
	char *equals = strchr(element, '=');
	uint64_t percent = USUAL;
	int fault;

	if (equals)
		*equals = '\0';
	fault = find(element);
	if (fault < 0)
		return unknown(element, kind, err);
	if (!is_known_to(kind, fault))
		return err_input(err, NULL,
			"%s is a fault of TCP: a datagram has no stream to do it to; it knows "
			"drop, duplicate, reorder and corrupt",
			element);
	if (equals && (fault == TINY_WINDOW || fault == NO_OPTIONS))
		return err_input(
			err, NULL, "%s befalls every segment: it takes no number", element);
	if (equals && (text_number(equals + 1, &percent, NULL) || !percent || percent > ALWAYS))
		return err_input(
			err, NULL, "%s=%s: wants 1 to 100, of a hundred", element, equals + 1);
	mischief->percent[fault] = (unsigned int)percent;
	return 0;
}

static int take_all(
	struct stack_mischief *mischief, const char *faults, enum socket_kind kind, struct err *err)
{
	int r = 0;

	while (!r) {
		size_t length = strcspn(faults, ",");
		char element[ELEMENT_MAX + 1] = "";

		memcpy(element, faults, length < ELEMENT_MAX ? length : ELEMENT_MAX);
		r = take(mischief, kind, element, err);
		if (!faults[length])
			return r;
		faults += length + 1;
	}
	return r;
}

int mischief_new(struct stack_mischief **ret, const char *faults, enum socket_kind kind,
	uint64_t seed, struct err *err)
{
	struct stack_mischief *mischief = calloc(1, sizeof(*mischief));
	int r;

	if (!mischief)
		return err_system(err, ENOMEM, "no memory for mischief");
	mischief->key = random_key(seed, "mischief");
	r = take_all(mischief, faults, kind, err);
	if (r) {
		mischief_free(mischief);
		return r;
	}
	*ret = mischief;
	return 0;
}

void mischief_free(struct stack_mischief *mischief)
{
	free(mischief);
}

void mischief_configure(struct stack_mischief *mischief, struct tcp_config *config)
{
	if (!mischief)
		return;
	config->burst = 0;
	if (!mischief->percent[NO_OPTIONS])
		return;
	config->timestamps = false;
	config->sack = false;
	config->window_scale = false;
	if (config->given) {
		mischief->given = *config->given;
		mischief->given.has_options = false;
		config->given = &mischief->given;
	}
}

/* ---- on a segment ---- */

static uint64_t draw(struct stack_mischief *mischief, uint64_t count)
{
	return random_scale(random_at(mischief->key, mischief->drawn++), count);
}

/* A number is drawn for every fault of every segment, asked for or not: another fault beside it
 * does not change whom it befalls. */
static bool befalls(struct stack_mischief *mischief, enum fault fault)
{
	return draw(mischief, ALWAYS) < mischief->percent[fault];
}

/* The octets from start on, length of them. SYN and FIN take a number of their own before and
 * behind the data, PSH belongs to its end. */
static struct tcp_segment part(const struct tcp_segment *whole, size_t start, size_t length)
{
	struct tcp_segment piece = *whole;
	size_t skip = start;
	size_t left = length;
	int i;

	for (i = 0; i < 2; i++) {
		size_t skipped = skip < whole->data[i].length ? skip : whole->data[i].length;
		size_t rest = whole->data[i].length - skipped;

		piece.data[i].octets = whole->data[i].octets + skipped;
		piece.data[i].length = left < rest ? left : rest;
		skip -= skipped;
		left -= piece.data[i].length;
	}
	piece.length = length;
	piece.seq += (uint32_t)start;
	if (start + length < whole->length)
		piece.flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
	return piece;
}

/* The same header, wrong. */
static void change(struct stack_mischief *mischief, struct tcp_segment *segment)
{
	bool opens = segment->flags & TCP_SYN;

	if (mischief->percent[TINY_WINDOW] && !(segment->flags & TCP_RST))
		segment->window = opens ? TINY_SYN : TINY;
	if (mischief->percent[NO_OPTIONS]) {
		segment->has_mss = segment->has_scale = segment->has_timestamps = false;
		segment->sack_permitted = false;
		segment->sack_count = 0;
	}
	if (befalls(mischief, WRONG_ACK) && !opens && segment->flags & TCP_ACK)
		segment->ack += WRONG_BY;
}

static void send_reset(const struct tcp_segment *segment, mischief_send *send, void *context)
{
	const struct tcp_segment reset = {
		.seq = segment->seq, .ack = segment->ack, .flags = TCP_RST | TCP_ACK
	};

	send(context, &reset, false);
}

/* In two pieces: which goes first, and whether they share octets. */
static void send_pieces(struct stack_mischief *mischief, const struct tcp_segment *segment,
	bool backwards, bool overlap, mischief_send *send, void *context)
{
	size_t cut = 1 + (size_t)draw(mischief, segment->length - 1);
	size_t shared = overlap ? (size_t)draw(mischief, cut) + 1 : 0;
	struct tcp_segment first = part(segment, 0, cut);
	struct tcp_segment second = part(segment, cut - shared, segment->length - cut + shared);

	send(context, backwards ? &second : &first, false);
	send(context, backwards ? &first : &second, false);
}

void mischief_commit(struct stack_mischief *mischief, const struct tcp_segment *segment,
	mischief_send *send, void *context)
{
	struct tcp_segment changed = *segment;
	bool opens = segment->flags & TCP_SYN;
	bool divisible = segment->length > 1 && !opens;
	bool drop = befalls(mischief, DROP);
	bool again = befalls(mischief, DUPLICATE);
	bool backwards = befalls(mischief, REORDER);
	bool corrupt = befalls(mischief, CORRUPT);
	bool split = befalls(mischief, SPLIT);
	bool overlap = befalls(mischief, OVERLAP);
	bool reset = befalls(mischief, RESET);

	change(mischief, &changed);
	/* In the middle: of a conversation that has begun. */
	if (reset && !opens && segment->length)
		send_reset(segment, send, context);
	if (drop)
		return;
	if (divisible && (backwards || split || overlap))
		send_pieces(mischief, &changed, backwards, overlap, send, context);
	else
		send(context, &changed, corrupt);
	if (again)
		send(context, &changed, corrupt);
}

struct mischief_fate mischief_fate(struct stack_mischief *mischief)
{
	struct mischief_fate fate;

	fate.drop = befalls(mischief, DROP);
	fate.duplicate = befalls(mischief, DUPLICATE);
	fate.late = befalls(mischief, REORDER);
	fate.corrupt = befalls(mischief, CORRUPT);
	return fate;
}

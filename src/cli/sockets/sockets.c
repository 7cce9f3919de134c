/* The stack of commands that speak over sockets: its opening and its end. */
#include "cli/sockets/sockets.h"

#include "base/clock.h"
#include "frame/build.h"
#include "stack/mischief.h"
#include "stack/wrap.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define MILLISECOND_NS 1000000U
#define WAIT_MS	       2 /* between two looks whether all have ended: nothing tells of it */
#define BACKLOG	       4096

/* For guards of ports, which are opened as they are needed; some kernels want CAP_NET_ADMIN for a
 * filter. */
#define KEEP (1ULL << CAP_NET_RAW | 1ULL << CAP_NET_ADMIN | 1ULL << CAP_NET_BIND_SERVICE)

/* Prints a frame as capture does. */
static void trace(void *context, const struct stack_trace *frame)
{
	const struct sockets_options *sockets = context;
	struct buffer out = { 0 };
	struct frame_view view;
	struct arena arena;

	arena_init(&arena);
	frame_dissect(&arena, &wire_eth, frame->octets, frame->length, DISSECT_FCS_ABSENT, &view);
	buffer_printf(&out, "%s ", frame->out ? ">" : "<");
	render_line(&view, cli_style(sockets->common), &out);
	fprintf(stderr, "%s\n", buffer_text(&out));
	buffer_fini(&out);
	arena_fini(&arena);
}

static int parse_mac(const char *text, uint8_t ret[6], struct err *err)
{
	unsigned int octets[6];
	char rest;
	int i;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &octets[0], &octets[1], &octets[2],
		    &octets[3], &octets[4], &octets[5], &rest) != 6)
		return err_input(
			err, NULL, "--source-mac %s: wants six octets, 02:00:00:00:00:01", text);
	if (octets[0] & 1)
		return err_input(err, NULL, "--source-mac %s: a group's address cannot send", text);
	for (i = 0; i < 6; i++)
		ret[i] = (uint8_t)octets[i];
	return 0;
}

/* How many addresses there are from one to the other, both counted; 0: too many, or backwards. */
static unsigned int count_of(const struct stack_address *first, const struct stack_address *last)
{
	unsigned int end = first->length - 1U;

	/* All but the last octet the same: the stack takes no others. */
	if (!first->length || first->length != last->length ||
		memcmp(first->octets, last->octets, end) != 0 ||
		last->octets[end] < first->octets[end])
		return 0;
	return last->octets[end] - first->octets[end] + 1U;
}

/* "10.0.0.11", or "10.0.0.11..10.0.0.18". */
static int read_source(struct sockets_options *sockets, struct err *err)
{
	struct arena *arena = &sockets->common->arena;
	const char *dots = strstr(sockets->source_ip, "..");
	struct stack_address last = { 0 };
	int rc;

	sockets->source_count = 1;
	if (!dots)
		return sockets_resolve(sockets, sockets->source_ip, "0", &sockets->source, err);
	rc = sockets_resolve(sockets,
		arena_strndup(arena, sockets->source_ip, (size_t)(dots - sockets->source_ip)), "0",
		&sockets->source, err);
	if (rc == 0)
		rc = sockets_resolve(sockets, dots + 2, "0", &last, err);
	if (rc < 0)
		return rc;
	sockets->source_count = count_of(&sockets->source, &last);
	if (!sockets->source_count)
		return err_input(err, NULL,
			"--source-ip %s: its addresses count up, and differ in the last octet "
			"alone",
			sockets->source_ip);
	return 0;
}

static int open_user(struct sockets_options *sockets, struct stack **ret, struct err *err)
{
	struct arena *arena = &sockets->common->arena;
	struct stack_config config = {
		.interface = sockets->common->interface,
		.record = sockets->write,
		.offload_off = sockets->no_offload,
		.trace = sockets->trace ? trace : NULL,
		.trace_context = sockets,
	};
	int rc = 0;

	if (sockets->source_ip) {
		rc = read_source(sockets, err);
		config.source = &sockets->source;
		config.source_count = sockets->source_count;
	}
	if (rc == 0 && sockets->source_mac) {
		uint8_t *mac = arena_alloc(arena, 6);

		rc = parse_mac(sockets->source_mac, mac, err);
		config.source_mac = mac;
	}
	if (rc == 0 && sockets->template)
		rc = sockets_open_template(sockets, &config, err);
	if (rc == 0 && sockets->misbehave) {
		rc = mischief_new(&sockets->mischief, sockets->misbehave, sockets->kind,
			sockets->common->seed, err);
		if (rc < 0)
			err_locate(err, NULL, "--misbehave");
		config.mischief = sockets->mischief;
	}
	if (rc == 0)
		rc = stack_open(ret, &config, err);
	if (rc == 0)
		rc = cli_drop_privileges(KEEP | sockets->keep, err);
	return rc;
}

/* What the stack borrowed. */
static void close_rest(struct sockets_options *sockets)
{
	stack_close(sockets->outer, NULL);
	stack_wrap_free(sockets->wrap);
	mischief_free(sockets->mischief);
	sockets->outer = NULL;
	sockets->wrap = NULL;
	sockets->mischief = NULL;
}

int sockets_open(struct sockets_options *sockets, struct stack **ret, struct err *err)
{
	const struct stack_config config = { .interface = sockets->common->interface };
	int rc;

	if (sockets->kernel)
		return stack_kernel_open(ret, &config, err);
	rc = open_user(sockets, ret, err);
	if (rc < 0)
		close_rest(sockets);
	return rc;
}

int sockets_listen(const struct sockets_options *sockets, struct stack *stack, const char *host,
	const char *port, struct socket **ret, struct stack_address *ret_local, struct err *err)
{
	struct stack_address local;
	int rc = sockets_resolve(sockets, host, port, &local, err);

	if (rc == 0)
		rc = socket_open(ret, stack, sockets->kind, err);
	if (rc == 0)
		rc = socket_bind(*ret, &local, err);
	if (rc == 0 && sockets->kind == SOCKET_TCP)
		rc = socket_listen(*ret, BACKLOG, err);
	if (rc == 0)
		socket_local(*ret, ret_local);
	return rc;
}

/* How long nothing may be acknowledged, or where all is, the end not come. */
static uint64_t patience_for(
	const struct sockets_options *sockets, size_t left, unsigned int wait_ms)
{
	if (!left || cli_stop)
		return (uint64_t)wait_ms * MILLISECOND_NS;
	return sockets->patience_ns ? sockets->patience_ns : UINT64_MAX;
}

static int wait_for_end(
	struct sockets_options *sockets, struct stack *stack, unsigned int wait_ms, struct err *err)
{
	uint64_t moved_at = clock_system.now(NULL), lost_before, lost = 0;
	size_t left = stack_unacknowledged(stack, &lost_before);
	int rc = stack_ending(stack) ? stack_wait(stack, 0, err) : 0;

	while (rc >= 0 && stack_ending(stack) &&
		clock_system.now(NULL) - moved_at < patience_for(sockets, left, wait_ms)) {
		size_t before = left;

		rc = stack_wait(stack, WAIT_MS, err);
		left = stack_unacknowledged(stack, &lost);
		if (left != before)
			moved_at = clock_system.now(NULL);
	}
	left += (size_t)(lost > lost_before ? lost - lost_before : 0);
	if (rc < 0 || !left || cli_stop)
		return rc;
	return err_result(err, "the last %zu octets were not acknowledged", left);
}

int sockets_close(
	struct sockets_options *sockets, struct stack *stack, unsigned int wait_ms, struct err *err)
{
	int rc = stack ? wait_for_end(sockets, stack, wait_ms, err) : 0;

	if (stack_close(stack, rc < 0 ? NULL : err) < 0)
		rc = -EIO;
	close_rest(sockets);
	return rc < 0 ? rc : 0;
}

void sockets_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

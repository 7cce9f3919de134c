/* Rules at work in the kernel. */
#include "respond/turn.h"

#include "base/err.h"
#include "link/interface.h"
#include "link/xdp_check.h"
#include "link/xdp_receive.h"
#include "respond/ebpf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct turn {
	struct xdp_receive receive;
	uint64_t count;	    /* answers at most; 0: any number */
	unsigned int asked; /* rules that were, */
	unsigned int rules; /* and that are answered by */
	const char *why;    /* the next rule is not among them; the responder's */
	struct err generic;
};

/* Whoever has another program there, or lacks a capability, gains nothing by the other way. */
static bool is_final(int r)
{
	return r == -EBUSY || r == -EPERM || r == -EACCES;
}

/*
 * A veth that is told XDP_TX queues the frame for its other end, and wakes that only where it runs
 * an XDP program; with GRO alone the frame waits for another one. Redirected to, it wakes it.
 */
static unsigned int redirect_of(const struct interface *interface, bool native)
{
	return native && !strcmp(interface->driver, "veth") ? (unsigned int)interface->index : 0;
}

static int attach(struct turn *turn, const struct interface *interface,
	const struct responder *responder, bool native, struct err *err)
{
	struct buffer code = { 0 };
	int r;

	turn->rules = respond_ebpf(responder, turn->asked, redirect_of(interface, native),
		turn->count > 0, &code, &turn->why);
	if (!turn->rules)
		r = err_system(err, EOPNOTSUPP,
			"the kernel cannot answer by the first rule (%s); choose --backend packet",
			turn->why ? turn->why : "there is none");
	else
		r = xdp_receive_load(&turn->receive, &code, err);
	buffer_fini(&code);
	return r ? r : xdp_receive_attach(&turn->receive, interface, native, err);
}

static int attach_either(struct turn *turn, const struct interface *interface,
	const struct responder *responder, struct err *err)
{
	int r = xdp_check_interface(interface, &turn->generic);

	if (!r)
		r = attach(turn, interface, responder, true, &turn->generic);
	if (!r || is_final(r)) {
		if (r)
			*err = turn->generic;
		return r;
	}
	return attach(turn, interface, responder, false, err);
}

/* How many answers may still be given. */
static int64_t *left_of(const struct turn *turn)
{
	return (int64_t *)turn->receive.memory.octets + turn->asked;
}

bool turn_take(struct turn *turn)
{
	return !turn->count || __atomic_fetch_sub(left_of(turn), 1, __ATOMIC_RELAXED) > 0;
}

int turn_open(struct turn **ret, const struct interface *interface,
	const struct responder *responder, unsigned int rules, uint64_t count, struct err *err)
{
	struct turn *turn = calloc(1, sizeof(*turn));
	int r;

	if (!turn)
		return err_system(err, ENOMEM, "cannot answer on %s", interface->name);
	turn->count = count;
	turn->asked = rules;
	r = xdp_receive_open(&turn->receive, RESPOND_EBPF_SIZE(rules), err);
	if (!r) {
		*left_of(turn) = (int64_t)(count < INT64_MAX ? count : INT64_MAX);
		r = attach_either(turn, interface, responder, err);
	}
	if (r) {
		xdp_hint_privileges("--backend xdp", -r, err);
		turn_close(turn);
		return r;
	}
	*ret = turn;
	return 0;
}

void turn_close(struct turn *turn)
{
	if (!turn)
		return;
	xdp_receive_close(&turn->receive);
	free(turn);
}

unsigned int turn_rules(const struct turn *turn, const char **ret_why)
{
	*ret_why = turn->why;
	return turn->rules;
}

const char *turn_generic(const struct turn *turn)
{
	return turn->receive.native ? NULL : turn->generic.text;
}

uint64_t turn_answers(const struct turn *turn, unsigned int rule)
{
	const uint64_t *answers = turn->receive.memory.octets;

	return rule < turn->rules ? __atomic_load_n(&answers[rule], __ATOMIC_RELAXED) : 0;
}

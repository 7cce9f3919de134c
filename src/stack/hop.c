/* Next hops: from the neighbour table, else asked for by ARP and neighbour discovery of our own,
 * while others go on. */
#include "stack/ground.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

#define TRIES	   3
#define TRY_NS	   1000000000ULL  /* RFC 1122 2.3.2.1: no more than one a second */
#define SILENT_NS  1000000000ULL  /* before it is asked anew */
#define CONFIRM_NS 30000000000ULL /* RFC 4861 10: REACHABLE_TIME */
#define SETTLED	   UINT64_MAX	  /* never to be confirmed */

static struct hop **bucket(struct user_stack *stack, const uint8_t *address, size_t length)
{
	uint64_t words[2] = { 0 };

	memcpy(words, address, length);
	return &stack->hops.buckets[random_mix(words[0] ^ random_mix(words[1])) % HOP_BUCKETS];
}

static struct hop *hop_find(
	struct user_stack *stack, int interface, const uint8_t *address, size_t length)
{
	struct hop *hop = *bucket(stack, address, length);

	while (hop && (hop->interface != interface || hop->address_length != length ||
			      memcmp(hop->address, address, length) != 0))
		hop = hop->next;
	return hop;
}

/* The last in the line of those that are asked. */
static void line_up(struct hops *hops, struct hop *hop)
{
	hop->asking_next = NULL;
	hop->asking_link = hops->asking_end;
	*hops->asking_end = hop;
	hops->asking_end = &hop->asking_next;
	hops->asking_count++;
}

static void leave_line(struct hops *hops, struct hop *hop)
{
	if (!hop->asking_link)
		return;
	*hop->asking_link = hop->asking_next;
	if (hop->asking_next)
		hop->asking_next->asking_link = hop->asking_link;
	else
		hops->asking_end = hop->asking_link;
	hop->asking_link = NULL;
	hops->asking_count--;
}

static void become(struct user_stack *stack, struct hop *hop, enum hop_state state, uint64_t after)
{
	leave_line(&stack->hops, hop);
	hop->state = state;
	hop->at = stack->now + after;
}

static void ask_as(struct user_stack *stack, const struct hop *hop, const uint8_t *address)
{
	const struct interface *interface = ground_interface(stack, hop->interface, NULL);
	uint8_t frame[RESOLUTION_FRAME_MAX];
	struct resolution_self self = { .address_length = hop->address_length, .address = address };

	if (!interface)
		return;
	self.mac = ground_mac(stack, interface);
	ground_send_resolution(stack, hop->interface, frame,
		resolution_write_question(&self, hop->address, frame));
}

static void ask(struct user_stack *stack, struct hop *hop)
{
	ask_as(stack, hop, hop->self);
}

static void hop_free(struct user_stack *stack, struct hop *hop)
{
	struct hop **at = bucket(stack, hop->address, hop->address_length);

	while (*at != hop)
		at = &(*at)->next;
	*at = hop->next;
	leave_line(&stack->hops, hop);
	ground_discard(stack, hop, true);
	free(hop);
}

/* Whose question is the oldest is given up, as if it had not been asked: a sweep over a network, or
 * a flood from its addresses, costs no more than this. */
static void give_up_oldest(struct user_stack *stack)
{
	struct hop *hop = stack->hops.asking;

	become(stack, hop, HOP_SILENT, 0);
	ground_discard(stack, hop, true);
	if (!hop->references)
		hop_free(stack, hop);
}

static void try_once(struct user_stack *stack, struct hop *hop)
{
	become(stack, hop, HOP_ASKING, TRY_NS);
	line_up(&stack->hops, hop);
	hop->tries++;
	ask(stack, hop);
}

static void know(struct user_stack *stack, struct hop *hop, const uint8_t mac[6])
{
	memcpy(hop->mac, mac, sizeof(hop->mac));
	become(stack, hop, HOP_KNOWN, CONFIRM_NS);
	ground_release(stack, hop);
}

/* What the kernel knows, else a question. */
static void find_out(struct user_stack *stack, struct hop *hop)
{
	const struct interface *interface = ground_interface(stack, hop->interface, NULL);
	uint8_t mac[6];

	/* What the kernel knows is of the link without outer layers. */
	if (interface && !stack->config.wrap &&
		!stack->outside->ops->neighbour(
			stack->outside, interface, hop->address, hop->address_length, mac)) {
		know(stack, hop, mac);
		return;
	}
	if (hop->state == HOP_KNOWN) { /* used as it is until somebody says otherwise */
		hop->at = stack->now + CONFIRM_NS;
		ask(stack, hop);
		return;
	}
	if (stack->hops.asking_count == HOPS_ASKING_MAX)
		give_up_oldest(stack);
	hop->tries = 0;
	try_once(stack, hop);
}

void hop_use(struct user_stack *stack, struct hop *hop)
{
	if (hop->state != HOP_ASKING && stack->now >= hop->at)
		find_out(stack, hop);
}

struct hop *hop_get(struct user_stack *stack, const struct interface *interface,
	const uint8_t *address, size_t length, const uint8_t *self)
{
	struct hop *hop = hop_find(stack, interface->index, address, length);
	struct hop **to = bucket(stack, address, length);

	if (hop) {
		hop->references++;
		return hop;
	}
	hop = calloc(1, sizeof(*hop));
	if (!hop)
		return NULL;
	hop->references = 1;
	hop->address_length = (uint8_t)length;
	memcpy(hop->address, address, length);
	memcpy(hop->self, self, length);
	hop->interface = interface->index;
	hop->pending_end = &hop->pending;
	hop->state = HOP_SILENT; /* until the first use */
	hop->next = *to;
	*to = hop;
	return hop;
}

/* Of an address that it did not ask for a host learns from who asks there: RFC 826, RFC 4861 7.2.3.
 */
void hop_introduce(struct user_stack *stack, struct hop *hop, const uint8_t *address)
{
	unsigned int index = own_index(stack, address);
	uint8_t bit = (uint8_t)(1U << index % 8);

	if (hop->introduced[index / 8] & bit)
		return;
	hop->introduced[index / 8] |= bit;
	hop_use(stack, hop);
	if (hop->state == HOP_KNOWN || memcmp(hop->self, address, hop->address_length) != 0)
		ask_as(stack, hop, address);
}

void hop_settle(struct user_stack *stack, struct hop *hop)
{
	become(stack, hop, HOP_KNOWN, 0);
	hop->at = SETTLED;
}

/* One that packets wait for stays, though their flow has gone: they are to leave. */
void hop_put(struct user_stack *stack, struct hop *hop)
{
	if (hop && !--hop->references && !hop->pending)
		hop_free(stack, hop);
}

/* NULL: of nobody we send to. */
static struct hop *told_of(struct user_stack *stack, int interface, const struct resolution *told)
{
	if (!told->has_mac || told->probe)
		return NULL;
	return hop_find(
		stack, interface, told->answer ? told->target : told->sender, told->address_length);
}

bool hop_is_told(struct user_stack *stack, int interface, const struct resolution *told)
{
	return told_of(stack, interface, told) != NULL;
}

void hop_learn(struct user_stack *stack, int interface, const struct resolution *told)
{
	struct hop *hop = told_of(stack, interface, told);

	if (!hop)
		return;
	if (hop->at != SETTLED)
		know(stack, hop, told->mac);
	if (!hop->references)
		hop_free(stack, hop);
}

static void try_again(struct user_stack *stack, struct hop *hop)
{
	if (hop->tries < TRIES) {
		try_once(stack, hop);
		return;
	}
	become(stack, hop, HOP_SILENT, SILENT_NS);
	stack->silent = (struct stack_address){ .length = hop->address_length };
	memcpy(stack->silent.octets, hop->address, hop->address_length);
	hop->references++; /* who is told may let go of it */
	ground_discard(stack, hop, false);
	hop_put(stack, hop);
}

void hops_init(struct hops *hops)
{
	hops->asking_end = &hops->asking;
}

void hops_run(struct user_stack *stack)
{
	while (stack->hops.asking && stack->now >= stack->hops.asking->at)
		try_again(stack, stack->hops.asking);
}

uint64_t hops_deadline(const struct user_stack *stack)
{
	return stack->hops.asking ? stack->hops.asking->at : UINT64_MAX;
}

void hops_free(struct user_stack *stack)
{
	for (size_t i = 0; i < HOP_BUCKETS; i++)
		while (stack->hops.buckets[i])
			hop_free(stack, stack->hops.buckets[i]);
}

/* Interfaces that are there, or a lab that is made for the script. */
#include "exchange/live.h"

#include "base/clock.h"
#include "base/err.h"
#include "exchange/facts.h"
#include "exchange/service.h"
#include "link/backends.h"
#include "link/capture.h"
#include "link/interface.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS 1000000000U

struct port {
	struct interface interface;
	struct link *link;
	struct capture *capture;
	bool lab;
	uint8_t mac[6];
	struct patch_frame frame; /* that is sent, one at a time */
	struct patch_program program;
};

struct exchange_live {
	struct port ports[SCRIPT_PORTS_MAX];
	unsigned int port_count;
	unsigned int turn; /* the port that is looked at first */
	struct lab *lab;
	struct services *services;
};

static uint64_t live_now(void *context)
{
	(void)context;
	return clock_system.now(clock_system.context);
}

static int live_send(void *context, unsigned int index, const uint8_t *octets, uint32_t length,
	bool own_fcs, struct err *err)
{
	struct exchange_live *live = context;
	struct port *port = &live->ports[index];
	struct link_stats before, after;
	int r;

	port->frame = (struct patch_frame){
		.name = "frame", .octets = octets, .length = length, .own_fcs = own_fcs, .weight = 1
	};
	patch_program_init(&port->program, &port->frame, 1);
	link_stats(port->link, &before);
	r = link_run(port->link, &port->program, 0, 1, err);
	link_stats(port->link, &after);
	if (r || after.failed == before.failed)
		return r;
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && after.errors[i].error; i++)
		if (after.errors[i].count != before.errors[i].count ||
			after.errors[i].error != before.errors[i].error)
			return err_system(err, after.errors[i].error,
				"%s does not take a frame of %" PRIu32 " octets",
				port->interface.name, length);
	return 0;
}

/* ---- receiving ---- */

/* The kernel's stamp is by the wall clock, which may be set while a script runs: a frame cannot
 * have come later than now. */
static uint64_t arrival(const struct capture_frame *frame)
{
	uint64_t now = live_now(NULL);
	uint64_t wall = clock_wall();
	uint64_t age = wall > frame->time_ns ? wall - frame->time_ns : 0;

	return age < now ? now - age : now;
}

static int take(struct exchange_live *live, struct exchange_frame *ret, struct err *err)
{
	for (unsigned int i = 0; i < live->port_count; i++) {
		unsigned int index = (live->turn + i) % live->port_count;
		struct capture_frame frame;
		int r = capture_next(live->ports[index].capture, &frame, 0, err);

		if (r < 0)
			return r;
		if (!r)
			continue;
		live->turn = index + 1;
		*ret = (struct exchange_frame){
			.octets = frame.octets,
			.length = frame.captured,
			.port = index,
			.time_ns = arrival(&frame),
		};
		return 1;
	}
	return 0;
}

/* Until a frame may be there, or somebody speaks to a service. */
static int wait_until(struct exchange_live *live, uint64_t deadline, struct err *err)
{
	struct pollfd fds[SCRIPT_PORTS_MAX + SERVICES_FDS_MAX];
	unsigned int count = 0;
	uint64_t now = live_now(NULL);
	uint64_t left = deadline > now ? deadline - now : 0;
	const struct timespec time = { .tv_sec = (time_t)(left / SECOND_NS),
		.tv_nsec = (long)(left % SECOND_NS) };

	for (; count < live->port_count; count++)
		fds[count] = (struct pollfd){ .fd = capture_fd(live->ports[count].capture),
			.events = POLLIN };
	if (live->services)
		count = services_poll(live->services, fds, count, sizeof(fds) / sizeof(fds[0]));
	if (ppoll(fds, count, &time, NULL) < 0)
		return errno == EINTR ? -EINTR : err_system(err, errno, "cannot wait for frames");
	if (live->services)
		services_run(live->services);
	return 0;
}

static int live_receive(
	void *context, uint64_t deadline, struct exchange_frame *ret, struct err *err)
{
	struct exchange_live *live = context;

	for (;;) {
		bool last = live_now(NULL) >= deadline;
		int r;

		if (live->services)
			services_run(live->services);
		r = take(live, ret, err);
		if (r || last)
			return r;
		r = wait_until(live, deadline, err);
		if (r)
			return r == -EINTR ? 0 : r;
	}
}

static const uint8_t *live_mac(void *context, unsigned int port)
{
	struct exchange_live *live = context;

	return live->ports[port].lab ? live->ports[port].mac : NULL;
}

/* ---- open ---- */

static int port_open(struct port *port, const char *name, struct err *err)
{
	const struct capture_config capture = {
		.interface = name,
		.direction = CAPTURE_IN,
		.promiscuous = true,
		.immediate = true,
	};
	struct link_config config;
	int r = interface_read(name, &port->interface, err);

	if (!r)
		r = capture_open(&port->capture, &capture, err);
	if (!r && capture_link(port->capture) != CAPTURE_ETHERNET)
		r = err_system(err, EPROTONOSUPPORT, "%s: frames of link type %s, not Ethernet",
			name, capture_link_name(port->capture));
	if (r)
		return r;
	config = link_config_plain(&port->interface);
	return link_packet_open(&port->link, &config, NULL, err);
}

static int lab_make(struct exchange_live *live, const struct script *script, struct err *err)
{
	struct lab_config config;
	int r;

	if (!facts_lab(script, &config))
		return 0;
	r = lab_open(&live->lab, &config, err);
	if (!r)
		r = lab_enter_peer(live->lab, err);
	if (!r)
		r = services_open(&live->services, &script->peer, err);
	if (!r)
		r = lab_enter_near(live->lab, err);
	return r;
}

/* Interfaces that are there come first: a lab is in another namespace. */
static int ports_open(
	struct exchange_live *live, const struct script *script, bool lab, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; i < script->port_count && !r; i++) {
		const struct script_port *port = &script->ports[i];
		char name[IFNAMSIZ];

		if (lab != !port->interface)
			continue;
		live->ports[i].lab = lab;
		if (lab) {
			snprintf(name, sizeof(name), "lab%u", port->lab);
			facts_mac(facts_of_labs[port->lab].mac, live->ports[i].mac);
		}
		r = port_open(&live->ports[i], lab ? name : port->interface, err);
	}
	return r;
}

int exchange_live_open(struct exchange_live **ret, const struct script *script,
	bool (*stopped)(void *context), struct exchange_world *ret_world, struct err *err)
{
	struct exchange_live *live = calloc(1, sizeof(*live));
	int r;

	if (!live)
		return err_system(err, ENOMEM, "cannot open the script's interfaces");
	live->port_count = script->port_count;
	r = ports_open(live, script, false, err);
	if (!r)
		r = lab_make(live, script, err);
	if (!r)
		r = ports_open(live, script, true, err);
	if (r) {
		exchange_live_close(live);
		return r;
	}
	*ret = live;
	*ret_world = (struct exchange_world){
		.context = live,
		.now = live_now,
		.send = live_send,
		.receive = live_receive,
		.stopped = stopped,
		.mac = live_mac,
	};
	return 0;
}

void exchange_live_close(struct exchange_live *live)
{
	if (!live)
		return;
	for (unsigned int i = 0; i < live->port_count; i++) {
		(void)link_close(live->ports[i].link, NULL);
		capture_close(live->ports[i].capture);
	}
	services_close(live->services);
	lab_close(live->lab);
	free(live);
}

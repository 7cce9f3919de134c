/* probe.h: what the parts of the command probe share: what was asked, what is to be sent, and what
 * is told of what comes back. */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include "cli/send/send.h"
#include "link/pcapfile.h"
#include "probe/probe.h"

struct page;

struct probe_options {
	struct send_options send; /* templates, count, rate, file: a probe is sent as any frame */
	uint64_t timeout_ns;
	unsigned int retries;
	uint64_t at_once; /* 0: not said */
	bool until_answered;
	bool summary;	    /* no line a probe */
	const char *report; /* a page of HTML */
	struct page *page;
	int stamps; /* enum stamp_source; -1: the best that there are */
};

#define PROBE_STAMPS 4U /* rows of enum stamp_source */
extern const char *const probe_stamp_names[PROBE_STAMPS];
extern const struct choice probe_choices[];

extern const struct argp probe_argp; /* its input is a struct probe_options */

/* What the frames are for, as their varying fields say. */
enum probe_shape {
	PROBE_REPEAT, /* the same target, over and over */
	PROBE_SWEEP,  /* each frame another one */
	PROBE_TRACE,  /* one target, from hop to hop: the TTL counts up */
};

struct probe_plan {
	struct send_plan frames;
	enum probe_shape shape;
	uint64_t count; /* 0: without end */
	uint64_t at_once;
	struct pace_config pace;
	enum stamp_source stamps;
};

/* Frames, how many and how fast. */
int probe_plan(struct probe_options *options, const struct interface *interface,
	struct probe_plan *ret, struct err *err);

/* The TTL of a trace's probe. */
unsigned int probe_hop(const struct probe_plan *plan, uint64_t number);

/* ---- whom a probe asks ---- */

struct probe_target {
	struct buffer text;   /* "10.0.0.2", "10.0.0.2:80", "ttl 3" */
	struct buffer varies; /* "seq=3": other fields that vary and are worth a word; or nothing */
	enum {
		PROBE_NO_PORT,
		PROBE_SYN, /* an answer tells whether a TCP port is open, */
		PROBE_UDP, /* or one of UDP */
	} port;
};

/* Makes frames again, to tell whom they ask. Caller's storage; borrows the plan. */
struct probe_targets {
	const struct probe_plan *plan;
	struct patch_runner runner;
	struct arena arena; /* of one frame */
	struct probe_target target;
};

int probe_targets_init(
	struct probe_targets *targets, const struct probe_plan *plan, struct err *err);
void probe_targets_fini(struct probe_targets *targets);

/* Valid until the next call. */
const struct probe_target *probe_target_of(struct probe_targets *targets, uint64_t number);

/* "open", "closed", "filtered": what the answer, or with NULL that there is none, says of the port;
 * NULL where nothing. */
const char *probe_port_state(
	const struct probe_target *target, const struct answer_verdict *verdict);

/* ---- what is told ---- */

struct probe_page;

/* The lines of a run. */
struct probe_tell {
	const struct probe_options *options;
	const struct probe_plan *plan;
	struct probe_targets targets;
	struct pcapfile *file; /* NULL without -w */
	struct probe_page *page;
	struct buffer out;
	bool unprinted;	    /* standard output takes no more, and nothing more is told */
	bool begun;	    /* the document of --json, */
	uint64_t replies;   /* and so many stand in it */
	struct buffer near; /* of the document, or of the report for people */
	uint64_t nears;	    /* that stand there */
	struct buffer lost;
	uint64_t losts;
};

int probe_tell_init(struct probe_tell *tell, const struct probe_options *options,
	const struct probe_plan *plan, struct err *err);
int probe_tell_fini(struct probe_tell *tell, struct err *err);
void probe_tell_events(struct probe_tell *tell, struct probe_events *ret);

/* The document's beginning, unless it is there. */
void probe_tell_begin(struct probe_tell *tell);

/* What came of it all. */
struct probe_outcome {
	struct probe_report report;
	struct probe_live_stats live;
	const struct err *failure; /* NULL where the run came to its end */
};

int probe_tell_report(struct probe_tell *tell, const struct probe_outcome *outcome);

/* "0.052 ms" */
void probe_put_time(struct buffer *out, uint64_t ns);

#endif

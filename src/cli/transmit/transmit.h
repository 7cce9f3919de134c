/*
 * transmit.h: what commands that send frames share: the options of how they leave, the links that
 * are opened for them, the run, and what is told of it.
 */
#ifndef CLI_TRANSMIT_H
#define CLI_TRANSMIT_H

#include "base/histogram.h"
#include "base/timeline.h"
#include "cli/cli.h"
#include "cli/live.h"
#include "flow/send.h"
#include "link/backends.h"

/* ---- options: --backend, --threads, --queue, --priority, --qdisc-bypass, --realtime ---- */

struct transmit_options {
	const struct link_backend *backend; /* NULL: auto, or file */
	bool to_file;			    /* --backend file */
	unsigned int threads;
	int queue, priority; /* -1: not said */
	bool qdisc_bypass;
	bool realtime; /* SCHED_FIFO */
};

extern const struct argp transmit_argp; /* its input is a struct transmit_options */

void transmit_options_init(struct transmit_options *transmit);

/* For ARGP_KEY_INIT: gives the options to the child. */
void transmit_child(struct argp_state *state, const struct argp_child *children,
	struct transmit_options *transmit);

/* For ARGP_KEY_END: a usage error where they do not go with each other, or with an interface (NULL:
 * there is none) and a record. */
void transmit_check(struct argp_state *state, const struct transmit_options *transmit,
	const char *interface, const char *write);

/* A usage error where a run without end would go into a file, and fill the disk. */
void transmit_check_end(struct argp_state *state, const struct transmit_options *transmit,
	const char *interface, const char *write, bool endless);

/* "--rate" and "--gap" of the words of people; usage errors end the program. */
struct text_ramp transmit_ramp(struct argp_state *state, const char *option, const char *text);
void transmit_gap(struct argp_state *state, const char *text, struct pace_config *pace);

/* ---- links ---- */

#define TRANSMIT_WAYS_MAX 8

struct transmit_way {
	const char *name;
	struct link *links[SEND_THREADS_MAX];
};

/* Why auto has but one way to choose from. */
enum transmit_narrow {
	TRANSMIT_FREE,	/* it has more */
	TRANSMIT_ASKED, /* --backend named it */
	TRANSMIT_SHORT, /* the run is too short, or too slow, for a choice to pay */
	TRANSMIT_ALONE, /* the others cannot do what is asked */
};

/* Caller's storage: what is asked is set, then transmit_open; transmit_close at the end. */
struct transmit {
	const struct transmit_options *options;
	const struct interface *interface; /* NULL: into the file `write` only */
	/* Frames of the program whose number has sides[number] set leave by this one; NULL: none
	 * does. */
	const struct interface *second;
	const uint8_t *sides;
	const char *write; /* the record of what was sent; NULL for none */
	bool own_fcs;	   /* the file's frames end in their FCS */
	const struct patch_program *program;
	unsigned int need; /* enum link_can, besides what -w and a rate need */
	struct send_config config;
	/* Told, beside the user, how far sending is; NULL: nobody. */
	void (*watch)(void *context, const struct link_stats *stats, uint64_t elapsed_ns,
		struct live *live);
	void *watch_context;

	struct transmit_way ways[TRANSMIT_WAYS_MAX];
	struct send_way tried[TRANSMIT_WAYS_MAX];
	unsigned int way_count;
	enum transmit_narrow narrow;
};

/* Whether frames have a time: by a rate, an interval or gaps of their own. */
bool transmit_is_paced(const struct transmit *transmit);

/* Frames a second that are asked for, at most; 0 for as fast as it goes. */
double transmit_asked_rate(const struct pace_config *pace);

/* The name of the backend that is asked for, or that auto begins with. */
const char *transmit_first_choice(const struct transmit *transmit);

/* Opens all links that the run may take, which needs privileges; nothing is sent. What a backend
 * that was asked for cannot do is said here. */
int transmit_open(struct transmit *transmit, struct err *err);
int transmit_close(struct transmit *transmit, struct err *err);

/* ---- the run ---- */

struct transmit_outcome {
	struct send_report report;
	const char *backend;
	struct buffer why; /* of the backend; empty where there was no choice */
	struct histogram gaps;
	struct timeline frames, octets; /* that left */
	bool counters_known;		/* of the interface; with a second one the sums of both */
	struct interface_counters before, after;
	bool held;		   /* a queue held frames for longer than the end waits */
	const struct err *failure; /* NULL where the run came to its end */
};

void transmit_outcome_fini(struct transmit_outcome *outcome);

/* Reads the interface's counters before the first frame. */
void transmit_begin(const struct transmit *transmit, struct transmit_outcome *outcome);

/* Runs, with progress shown as common asks. */
int transmit_run(struct transmit *transmit, const struct common *common,
	struct transmit_outcome *outcome, struct err *err);

/*
 * Closes the links and waits until the interface has counted what was sent. rc and *err are the
 * run's, and are turned into what they mean for the user; the last word is returned. outcome's
 * failure is err where it is negative.
 */
int transmit_end(
	struct transmit *transmit, int rc, struct transmit_outcome *outcome, struct err *err);

/* Whether the interface takes Ethernet frames now: of its kind, up, with a carrier. */
int transmit_interface_check(const struct interface *interface, struct err *err);

/* ---- what is told ---- */

/* Frames that were asked for and did not leave. */
uint64_t transmit_failed(const struct transmit_outcome *outcome);

/* Frames that the link took and the interface has not counted, where that can be told; else 0. */
uint64_t transmit_uncounted(const struct transmit_outcome *outcome);

/* EXIT_DONE where every frame that was asked for left. The failure itself is the caller's. */
int transmit_judge(const struct transmit_outcome *outcome);

/* Appends the lines of a report for people, or puts its keys. */
void transmit_put_report(struct buffer *out, const struct transmit *transmit,
	const struct transmit_outcome *outcome);
void transmit_set_report(
	struct json *json, const struct transmit *transmit, const struct transmit_outcome *outcome);

/* How often each error refused a frame: {"ENOBUFS":3}. */
struct json *transmit_errors_json(const struct link_stats *stats);

/* ---- progress ---- */

/* The struct send_config's progress: a live view on a terminal, objects with --jsonl. */
struct progress {
	const struct common *common;
	uint64_t count;		       /* frames of the run; 0 without end */
	uint64_t duration_ns;	       /* 0: none */
	struct live live;	       /* others may add tracks */
	uint64_t object_at_ns;	       /* when the next object is due */
	uint64_t seen_frames, seen_ns; /* when it was last told */
};

void progress_init(struct progress *progress, const struct common *common, uint64_t count,
	uint64_t duration_ns);
void progress_show(void *context, const struct link_stats *stats, uint64_t elapsed_ns);
void progress_clear(struct progress *progress);

#endif

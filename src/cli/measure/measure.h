/* measure.h: what the parts of the command measure share. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "cli/send/send.h"
#include "measure/check.h"
#include "measure/figures.h"
#include "measure/receiver.h"

struct page;

enum measure_mode {
	MEASURE_BOTH,	 /* sender and receiver in one */
	MEASURE_SEND,	 /* the sender alone */
	MEASURE_RECEIVE, /* the receiver alone */
	MEASURE_MERGE,	 /* the reports of the two are put together */
	MEASURE_RFC2544,
};

struct measure_options {
	struct send_options send; /* templates, how many, how fast, by what; common is in it */
	enum measure_mode mode;
	const char *tx, *tx_netns; /* tx is send.common.interface, too */
	const char *rx, *rx_netns;
	const struct measure_engine_ops *engine; /* NULL: auto */
	uint64_t wait_ns;
	bool waited; /* --wait was said */
	double allowed_loss;
	unsigned int sample;
	unsigned int streams; /* of a receiver without templates */
	bool same_clock;
	uint32_t said; /* see measure_note_use */
	/* rfc2544 */
	const char *benchmark; /* "throughput", ... */
	const char *sizes;
	uint64_t trial_ns;
	bool tried;	   /* --trial was said */
	double resolution; /* a share of the rate */
	struct text_rate max_rate;
	const char *report; /* a page of HTML */
	struct page *page;
};

extern const struct argp measure_argp; /* its input is a struct measure_options */
extern const struct choice measure_choices[];

int cmd_measure(int argc, char **argv);

/* ---- a run ---- */

/* One measurement, from the opening to its figures. Zeroed, and options set, before. */
struct measure_run {
	struct measure_options *options;
	struct interface interface; /* to send on */
	struct send_plan plan;
	struct transmit transmit;
	struct transmit_outcome outcome;
	struct measure_check *check;
	struct measure_receiver *receiver;
	struct measure_result result;
	const struct measure_engine_ops *engine; /* that receives */
	const char *engine_why; /* NULL: it was asked for; else static or the arena's */
	uint64_t *sent;		/* of each stream; the arena's */
	uint64_t *most;		/* of each stream, what is asked for at most; the arena's */
	const char **names;	/* of each stream; the arena's */
	struct measure_figures figures;
	uint64_t seconds_ns;		 /* how long it took */
	uint64_t seen_received, seen_ns; /* when it was last shown, */
	uint64_t least_ns;		 /* and the shortest latency that was: between clocks */
	bool received;			 /* there are figures of a receiver */
	int home;			 /* the namespace that it was started in; -1: this one */
	struct err err;			 /* of the sender */
	struct err failure;		 /* of the receiver */
};

/* Reads the templates, in the sender's namespace; the caller is in its own again after it. */
int measure_run_plan(struct measure_run *run, struct err *err);

/* Opens what sends and what receives; the caller is in the sender's namespace then. */
int measure_run_open(struct measure_run *run, struct err *err);

/* Opens the engine that was asked for, or the one that keeps up with what is sent; for the rest the
 * receiver is as config says. */
int measure_engine_choose(
	struct measure_run *run, struct measure_receiver_config *config, struct err *err);

/* Runs, and makes the figures. Returns the sender's or the receiver's error, where one could not go
 * on; the figures tell how far it came. */
int measure_run_go(struct measure_run *run);

/* Shows what has come so far, beside what is sent; context is the struct measure_run. */
void measure_watch(
	void *context, const struct link_stats *stats, uint64_t elapsed_ns, struct live *live);

/* Shows it until the receiver is done, where nothing is sent. */
void measure_watch_alone(struct measure_run *run);

/* Closes all that is open; the caller is in its own namespace again. */
void measure_run_close(struct measure_run *run);

/* ---- what is told ---- */

/* The boot of this machine, as the kernel names it; "" where it does not. */
const char *measure_boot_id(struct arena *arena);

/* EXIT_DONE where all came as it should; the errors, too, are the caller's to tell. */
int measure_judge(const struct measure_options *options, const struct measure_figures *figures);

void measure_put_figures(struct buffer *out, const struct measure_options *options,
	const struct measure_figures *figures);

/* Streams whose latencies a page draws, and a report holds, apart: of more none is. */
#define MEASURE_CURVES_MAX 8U

/* {"count","mean","min",..,"max"}; null where nothing was measured. */
struct json *measure_row_json(const struct measure_row *row);

/* The same with "cells", those of the histogram that are not empty; it may be NULL. */
struct json *measure_detailed_json(
	const struct measure_row *row, const struct histogram *histogram);
struct json *measure_cells_json(const struct histogram *histogram);
struct json *measure_resolution_json(void); /* of cells */

void measure_read_row(const struct json *json, struct measure_row *row);

/*
 * The histogram that "cells" stand for, whose row this is: its numbers are so much less than those
 * of the cells. 1; 0 where there are no cells: *ret is untouched; -EINVAL where they are none, or
 * not of the row.
 */
int measure_read_cells(const struct json *cells, const struct measure_row *row, uint64_t least,
	struct histogram *ret);

void measure_set_figures(struct json *json, const struct measure_figures *figures);

/* The report, as --json, --jsonl and -q want it. */
int measure_report_print(const struct measure_run *run);

/* What a report of measure_set_figures says; all of it is the arena's. Details are NULL where an
 * older version wrote it, without histograms. -EINVAL with *err where it is none. */
int measure_read_figures(struct arena *arena, const struct json *json, const char *file,
	struct measure_figures *ret, struct err *err);

/* measure --merge A B, measure rfc2544: exit statuses. */
int measure_merge(struct measure_options *options);
int measure_rfc2544(struct measure_options *options);

#endif

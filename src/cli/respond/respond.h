/* respond.h: what the parts of the command respond share. */
#ifndef CLI_RESPOND_H
#define CLI_RESPOND_H

#include "cli/cli.h"
#include "respond/loop.h"

struct turn;

enum respond_backend { RESPOND_AUTO, RESPOND_PACKET, RESPOND_XDP };

struct respond_options {
	struct common common;
	enum respond_echo echo;
	enum respond_backend backend;
	uint64_t count, duration_ns, timeout_ns;
	double rate; /* answers a second; 0: no limit */
	bool rated, unlimited;
	const char *write;
	bool dry_run;
};

extern const struct choice respond_choices[];
extern const struct argp respond_argp; /* its input is a struct respond_options */

/* A run of the command. */
struct responding {
	struct respond_options *options;
	struct interface interface;
	struct respond_rule *rules;
	unsigned int rule_count;
	struct responder *responder;
	struct capture *capture;
	struct link *link;
	struct turn *turn; /* answers in the kernel; NULL: none do */

	struct respond_counts counts;
	uint64_t *per_rule;   /* answers, those in the kernel too */
	uint64_t turned;      /* of them, in the kernel */
	uint64_t turned_lost; /* and the interface has not counted them as sent */
	uint64_t tx_before;   /* frames that it had, */
	struct link_stats sent;
	struct capture_stats captured;
	const struct render_style *style;
	struct arena scratch; /* of one frame that is printed */
	struct buffer out;
	bool unprinted; /* standard output takes no more */
};

/* report.c */
void respond_put_plan(const struct responding *r, struct buffer *out); /* --dry-run, -v */
void respond_put_turn(const struct responding *r, struct buffer *out);
void respond_put_report(const struct responding *r, struct buffer *out);
struct json *respond_plan_json(const struct responding *r);
struct json *respond_report_json(const struct responding *r);
void respond_put_seen(struct responding *r, const struct respond_seen *seen);
uint64_t respond_answers(const struct responding *r); /* that were sent */

#endif

/* send.h: what the parts of the command send share: what was asked, what is to be sent, and what
 * came of it. */
#ifndef CLI_SEND_H
#define CLI_SEND_H

#include "cli/cli.h"
#include "cli/fuzz.h"
#include "cli/transmit/transmit.h"
#include "flow/fcs.h"
#include "flow/verify.h"
#include "frame/compile.h"

struct send_options {
	struct common common;
	struct fuzz_options fuzz;
	uint64_t count; /* frames, where counted; 0 is endless */
	bool counted;
	struct pace_config pace;
	bool rated, gapped;
	uint64_t duration_ns;
	struct transmit_options transmit;
	enum fcs_request fcs;
	const char *write; /* a capture file */
	const char *rx;	   /* the interface to verify on */
	const char *rx_netns;
	bool verify, dry_run;
	bool elsewhere; /* another host sends: what its interface knows is not known here */
	bool sign;	/* each frame ends its payload in a signature, see frame/sign.h, */
	unsigned int stamp_every; /* of which one in so many reads the clock */
	uint32_t frame_size;	  /* of all frames, FCS counted; 0: as the templates say */
};

extern const struct argp send_argp; /* its input is a struct send_options */

/* How many frames, how fast, how long: the keys of options that send, measure and probe have alike,
 * beside 'n', 'r' and 'd'. Each lists those it takes, with a help of its own. */
enum send_pace_key {
	SEND_KEY_INTERVAL = 0x1000, /* above the commands' own keys */
	SEND_KEY_GAP,
	SEND_KEY_FCS,
	SEND_KEY_DRY_RUN,
};

/* Takes such an option as a command's parser does: ARGP_ERR_UNKNOWN where it is none. */
error_t send_take_pace(int key, char *arg, struct argp_state *state, struct send_options *send);

/* What of them does not go together is a usage error. */
void send_check_pace(struct argp_state *state, const struct send_options *send);

#define SEND_FCS_REQUESTS 4
extern const char *const send_fcs_requests[SEND_FCS_REQUESTS]; /* by enum fcs_request */

/* Words of --gap, for completion: burst:32 stands for any burst:N. */
#define SEND_GAPS 3
extern const char *const send_gaps[SEND_GAPS];

/* The frames of all templates, as they are to leave. All of it is the arena's. */
struct send_plan {
	const struct interface *interface; /* to send on; NULL: into a file only */
	struct patch_program program;
	const struct patch_frame *frames;
	struct frame_compiled compiled;
	const enum fcs_way *ways; /* of frame i */
	struct frame_view *views; /* of frame i, as it is at its first turn */
	uint64_t asked;		  /* frames; 0 without end */
	uint64_t duration_ns;	  /* 0: none */
	struct fcs_device device;
	struct fcs_summary fcs;
	bool own_fcs;	       /* every frame carries an FCS of ours in place of the device's */
	bool placeholders;     /* some field stands for a fact that is not known */
	bool random;	       /* some is random or shuffled: the report says the seed */
	const uint32_t *grown; /* of frame i, octets that its payload grew by; NULL: not signed */
};

/* Reads and builds, with the facts of the interface (NULL: placeholders); sends nothing but what
 * $hop.mac asks for (not even that with --dry-run). */
int send_plan(struct send_options *options, const struct interface *interface,
	struct send_plan *ret, struct err *err);

/* What a frame may have on the interface, and what to do about a longer one; true where it is
 * longer. */
bool send_oversize(
	const struct interface *interface, const struct patch_frame *frame, struct err *err);

/* What --fuzz did to the frames that were handed over. */
struct send_mutations {
	uint64_t frames; /* that were mutated */
	uint64_t kinds[MUTATE_KINDS];
};

/* What came of it. */
struct send_outcome {
	struct transmit_outcome transmit;
	const struct send_mutations *mutations; /* NULL without --fuzz */
	struct verify_result *verified;		/* NULL without --verify, or where it failed */
};

/* The report, as --json, --jsonl and -q want it. */
int send_report_print(const struct send_options *options, const struct send_plan *plan,
	const struct transmit *transmit, const struct send_outcome *outcome);

/*
 * The frames of a run with --fuzz: a program of SEND_CHUNK frames that send_fuzz_prepare (the
 * struct send_config's prepare) makes anew as the run goes. send_fuzz_count counts what was done to
 * those before index `over` of the run.
 */
struct send_fuzz;
int send_fuzz_open(struct send_fuzz **ret, const struct send_options *options,
	const struct send_plan *plan, struct err *err);
void send_fuzz_close(struct send_fuzz *fuzz);
const struct patch_program *send_fuzz_program(const struct send_fuzz *fuzz);
int send_fuzz_prepare(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err);
const struct send_mutations *send_fuzz_count(struct send_fuzz *fuzz, uint64_t over);

/* Captures on the interface that --rx names, in the namespace it names. */
int send_receiver_open(struct capture **ret, const struct send_options *options, struct err *err);

/* Sends each frame once and fills outcome with what came back. */
int send_verify(struct send_options *options, const struct send_plan *plan, struct link *link,
	struct capture *capture, struct send_outcome *outcome, struct err *err);

/* Whether every frame arrived, and differs only in what the link explains. */
bool send_verify_holds(const struct send_plan *plan, const struct verify_result *results);

#endif

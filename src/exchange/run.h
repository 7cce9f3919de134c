/*
 * run.h: plays a script: sends its frames, waits for those that are to come, and keeps all that
 * happened. Time, sending and receiving come from outside, so that a test can make its own.
 *
 * Frames that arrive wait in a queue for each interface. expect takes the first of them that fits,
 * and those before it are passed over; expect-none looks at all that come until its time is over,
 * and takes none. A frame's time is when it arrived: one that came in time and was read late is in
 * time.
 */
#ifndef EXCHANGE_RUN_H
#define EXCHANGE_RUN_H

#include "match/pattern.h"
#include "template/script.h"

struct arena;
struct err;

struct exchange_frame {
	const uint8_t *octets; /* valid until the next receive */
	uint32_t length;
	unsigned int port;
	uint64_t time_ns; /* by the world's clock */
};

/* Where a script is played. */
struct exchange_world {
	void *context;
	/* Nanoseconds that never go back. */
	uint64_t (*now)(void *context);
	/* own_fcs: the last four octets are the FCS. */
	int (*send)(void *context, unsigned int port, const uint8_t *octets, uint32_t length,
		bool own_fcs, struct err *err);
	/* 1: the next frame that arrived on any port; 0: none did until the deadline, or a signal
	 * ended the wait. Negative errno with *err: it cannot go on. */
	int (*receive)(
		void *context, uint64_t deadline, struct exchange_frame *ret, struct err *err);
	bool (*stopped)(void *context); /* the user wants it to end */
	/* Answers who asks on the port for any address but its own (ARP, ND), as this MAC. NULL:
	 * somebody else does. */
	const uint8_t *(*mac)(void *context, unsigned int port);
};

enum exchange_kind { EXCHANGE_SENT, EXCHANGE_ARRIVED };

/* What came of a frame. */
enum exchange_fate {
	EXCHANGE_WAITING,  /* nothing looked at it */
	EXCHANGE_TAKEN,	   /* it was expected */
	EXCHANGE_PASSED,   /* it was not what was expected */
	EXCHANGE_UNWANTED, /* it is what made the step fail */
	EXCHANGE_ANSWER,   /* sent to who asked for an address */
};

struct exchange_event {
	enum exchange_kind kind;
	enum exchange_fate fate;
	const struct script_step *step; /* that sent it, took it or failed over it; may be NULL */
	unsigned int port;
	uint64_t time_ns; /* since the script began */
	const uint8_t *octets;
	uint32_t length;
};

enum exchange_verdict {
	EXCHANGE_PASS,
	EXCHANGE_MISSED,     /* nothing that fits came in time */
	EXCHANGE_FORBIDDEN,  /* what expect-none forbids came */
	EXCHANGE_EARLY,	     /* what is expected came before not-before */
	EXCHANGE_UNEXPECTED, /* strict: something came that nothing expects */
	EXCHANGE_UNSENT,     /* a frame cannot be made with the values that its names have */
	EXCHANGE_STOPPED,    /* the user ended it */
};

struct exchange_result {
	enum exchange_verdict verdict;
	const struct script_step *failed; /* NULL: none, or strict at the end */
	unsigned int turn; /* of the innermost repeat that it stands in, from 1; 0: none */
	uint64_t begun_ns, ended_ns; /* of the step that failed, since the script began */
	uint64_t ns;		     /* all of it took */
	struct err err;		     /* of UNSENT: why */
	const struct exchange_event *events;
	unsigned int event_count;
	/* The frame that came nearest to what was expected, or that is not to come: -1 is none. */
	int nearest;
	struct frame_view nearest_view;
	struct pattern_comparison comparison;
	struct pattern_value *values; /* of the script's names; exchange_result_fini frees them */
	unsigned int value_count;
};

#define EXCHANGE_FRAMES_MAX (1U << 20) /* of a script, and their octets: a flood ends it */
#define EXCHANGE_OCTETS_MAX (256U << 20)

/*
 * 0: *ret says what came of it; its memory is the arena's but for values. Negative errno with *err:
 * the system refused. *ret can be freed then as well.
 */
int exchange_run(struct arena *arena, const struct script *script,
	const struct exchange_world *world, uint64_t seed, struct exchange_result *ret,
	struct err *err);

void exchange_result_fini(struct exchange_result *result);

/* Builds every frame that the script sends, zeros for what its names will be: -EINVAL with *err
 * where one cannot be built. */
int exchange_check(const struct script *script, uint64_t seed, struct err *err);

#endif

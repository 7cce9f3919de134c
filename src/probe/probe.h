/*
 * probe.h: sends the frames of a program as probes, gives each answer to its own probe, sends again
 * what nobody answered, and counts what came of it.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "base/clock.h"
#include "base/histogram.h"
#include "flow/pace.h"
#include "match/answer.h"
#include "probe/wire.h"

#include <signal.h>

struct err;

/* A frame that came in, and the probe that it is for. */
struct probe_answer {
	uint64_t number;   /* of the probe, from 0: that frame of the program's run */
	uint32_t sendings; /* of it, so far */
	bool timed;	   /* there is a round trip time; of a probe that was sent again nobody */
	uint64_t rtt_ns;   /* knows which sending is answered (Karn), and there is none */
	bool duplicate, late; /* it had its answer; it was given up */
	const struct answer_verdict *verdict;
	const uint8_t *octets; /* the frame's, valid during the call; of a datagram in fragments, */
	uint32_t length;       /* all of it, and the time of the last one that came */
	uint64_t time_ns;      /* since 1970, or by the device's clock */
};

/* What happens, as it happens. Each may be NULL. Negative with *err ends the run. */
struct probe_events {
	int (*sent)(void *context, const struct probe_sent *sent, struct err *err);
	int (*answer)(void *context, const struct probe_answer *answer, struct err *err);
	int (*near)(void *context, const struct probe_answer *answer, struct err *err);
	int (*lost)(void *context, uint64_t number, struct err *err);
	void *context;
};

enum probe_until {
	PROBE_UNTIL_SENT,     /* all are sent, and answered or given up */
	PROBE_UNTIL_ANSWERED, /* one is answered */
	PROBE_UNTIL_REACHED,  /* one is answered by other than ICMP's "time exceeded": a trace */
};

struct probe_report;

struct probe_config {
	const struct patch_program *program;
	const struct probe_wire *wire;
	uint64_t count; /* frames; 0 without end. A datagram in fragments, which is one probe, is
			   sent whole all the same, without a pause */
	struct pace_config pace;
	uint64_t timeout_ns;  /* of each sending, at least 1 */
	unsigned int retries; /* sendings of a probe that nobody answers, beside the first */
	uint64_t at_once; /* probes that are waited for at once; 0: as many as there is room for */
	enum probe_until until;
	const volatile sig_atomic_t *stop; /* a signal handler sets it; may be NULL */
	const struct clock *clock;
	const struct probe_events *events;
	/* Called about every 100 ms; may be NULL. */
	void (*progress)(void *context, const struct probe_report *report, uint64_t elapsed_ns);
	void *context;
};

struct probe_report {
	uint64_t probes;  /* that were sent: = answers + lost + waiting */
	uint64_t frames;  /* = probes + parts + again */
	uint64_t parts;	  /* of a datagram in fragments, all but the one that answers quote */
	uint64_t again;	  /* for want of an answer */
	uint64_t refused; /* by the interface: never sent, and not among probes */
	uint64_t answers; /* probes that were answered, */
	uint64_t errors;  /* of them by ICMP errors */
	uint64_t lost;
	uint64_t waiting; /* when the run ended, by a signal or because it had what it wanted */
	uint64_t duplicates, late, near; /* frames */
	uint64_t lacking;		 /* datagrams that came in fragments, and not all of them */
	uint64_t untimed;		 /* answers without a round trip time */
	uint64_t alike; /* probes of which answers cannot tell one from one before it */
	uint64_t unanswerable;
	uint64_t received; /* frames that were looked at */
	uint64_t elapsed_ns;
	double cost;  /* octets of memory a probe */
	bool stopped; /* by the signal */
	bool reached; /* a trace came to the host that it asked for */
	struct histogram rtt;
};

/* Always fills *ret. 0, or negative with *err where the run could not go on. */
int probe_run(const struct probe_config *config, struct probe_report *ret, struct err *err);

#endif

/* script.h: reads exchange scripts (YAML): what is sent, and what is to come of it. */
#ifndef TEMPLATE_SCRIPT_H
#define TEMPLATE_SCRIPT_H

#include "template/template.h"

enum script_kind {
	SCRIPT_SEND,
	SCRIPT_EXPECT,
	SCRIPT_EXPECT_NONE,
	SCRIPT_WAIT,
	SCRIPT_REPEAT,
};

struct script_step {
	enum script_kind kind;
	const char *name; /* for people; NULL: it has none */
	struct position at;
	unsigned int number; /* from 1, in the order of the text */
	unsigned int port;
	/* What is sent, in turn; or the one pattern that is waited for (match/pattern.h). Names
	 * that a frame gave a value are SPEC_TAKEN. */
	struct frame_spec *frames;
	unsigned int frame_count;
	uint64_t ns;		/* within; of WAIT how long */
	uint64_t not_before_ns; /* of EXPECT */
	unsigned int times;	/* of REPEAT */
	struct script_step *steps;
	unsigned int step_count;
	unsigned int first_name, end_name; /* of REPEAT: names that begin in its steps, which each
					      turn forgets at its start */
};

/* An interface of the script. */
struct script_port {
	const char *name;      /* as on: says it; "" where the script has but one */
	const char *interface; /* NULL: of a lab that is made for the script */
	unsigned int mtu;      /* of the lab's; 0: as it comes */
	unsigned int lab;      /* counted from 0 among the lab's */
	struct position at;
};

#define SCRIPT_PORTS_MAX 3 /* as many networks are there for documentation: RFC 5737 */

/* What listens at the other end of a lab. */
enum script_service {
	SCRIPT_TCP,	 /* reads, and closes when the other end has: discard, RFC 863 */
	SCRIPT_UDP,	 /* reads */
	SCRIPT_TCP_ECHO, /* gives back what it reads: echo, RFC 862 */
	SCRIPT_UDP_ECHO,
	SCRIPT_SERVICES,
};

struct script_ports {
	const uint16_t *ports;
	unsigned int count;
};

struct script_peer {
	bool forwarding;
	struct script_ports services[SCRIPT_SERVICES];
};

struct script {
	const char *file;
	const char *name;
	const char *about; /* NULL: it has none */
	const struct script_port *ports;
	unsigned int port_count;
	struct script_peer peer;
	bool strict; /* what is not expected is a failure */
	bool quiet;  /* arp: off: nobody answers who asks for our addresses */
	struct script_step *steps;
	unsigned int step_count;
	unsigned int step_total;  /* those within others counted */
	const char *const *names; /* of values that frames give */
	unsigned int name_count;
};

struct script_options {
	/* What answers for $if.*, $hop.mac and $peer.* on a port. */
	int (*resolver)(void *context, const struct script_port *port, struct resolver *ret,
		struct err *err);
	void *context;
	const struct finder *finder; /* as in struct template_options */
	const struct template_define *defines;
	size_t define_count;
	uint64_t seed;
	const char *interface; /* of a script that says none, or one that is no lab; NULL: none */
};

/* As template_read: everything in *ret is the arena's, and what is wrong is -EINVAL with *err at
 * FILE:LINE:COLUMN. */
int script_read(struct arena *arena, const char *file, const uint8_t *text, size_t length,
	const struct script_options *options, struct script *ret, struct err *err);

/* The same for a file's name; "-" is standard input. A file that cannot be read is ERR_SYSTEM. */
int script_read_file(struct arena *arena, const char *file, const struct script_options *options,
	struct script *ret, struct err *err);

/* name and about alone, for listings; the name is the file's where it has none. */
int script_read_about(struct arena *arena, const char *file, struct script *ret, struct err *err);

/* "send", "expect", ... */
const char *script_kind_name(enum script_kind kind);

#endif

/* script_reader.h: what the files that read a script share; nobody else includes it. */
#ifndef TEMPLATE_SCRIPT_READER_H
#define TEMPLATE_SCRIPT_READER_H

#include "template/reader.h"
#include "template/script.h"

struct script_reader {
	struct reader reader;
	struct template_options options[SCRIPT_PORTS_MAX]; /* by port */
	struct script *script;
	uint64_t within_ns; /* of a step that says none */
	unsigned int steps; /* so far */
};

/* yes, on, true; no, off, false. */
int script_bool_read(struct script_reader *s, const char *key, const struct node *node, bool *ret,
	struct err *err);
int script_duration_read(struct script_reader *s, const char *key, const struct node *node,
	uint64_t *ret_ns, struct err *err);

/* interface:, interfaces: (either may be NULL) and peer: (script_port.c). */
int script_ports_read(struct script_reader *s, const struct node *interface,
	const struct node *interfaces, const struct script_options *options, struct err *err);
int script_peer_read(struct script_reader *s, const struct node *node, struct err *err);

/* A list of steps (script_step.c). */
int script_steps_read(struct script_reader *s, const struct node *node, struct script_step **ret,
	unsigned int *ret_count, struct err *err);

#endif

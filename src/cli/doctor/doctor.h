/* doctor.h: what the command doctor finds, line by line. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/cli.h"

enum doctor_level { LEVEL_OK, LEVEL_NOTE, LEVEL_PROBLEM };

/* One line of the report. */
struct doctor_finding {
	struct doctor_finding *next;
	enum doctor_level level;
	const char *about;
	const char *text;
	const char *remedy; /* NULL where there is nothing to mend */
};

struct doctor {
	struct common common;
	struct doctor_finding *first, **last;
	unsigned int problems;
};

/* Adds a line to the report; about and remedy are borrowed, or of the arena of doctor->common. */
void doctor_find(struct doctor *doctor, enum doctor_level level, const char *about,
	const char *remedy, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What this program may do on this machine. */
void doctor_privileges(struct doctor *doctor);

/* All that is to be said of one interface. */
void doctor_interface(struct doctor *doctor, const struct interface *interface);

#endif

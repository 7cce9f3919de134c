/* What the doctor finds, line by line. */
#include "cli/doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void doctor_find(struct doctor *doctor, enum doctor_level level, const char *about,
	const char *remedy, const char *format, ...)
{
	struct doctor_finding *finding = arena_alloc(&doctor->common.arena, sizeof(*finding));
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	finding->level = level;
	finding->about = about;
	finding->text = arena_strndup(&doctor->common.arena, text, strlen(text));
	finding->remedy = remedy;
	*doctor->last = finding;
	doctor->last = &finding->next;
	doctor->problems += level == LEVEL_PROBLEM;
}

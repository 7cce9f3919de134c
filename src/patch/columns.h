/* columns.h: makes many turns of one image at once. */
#ifndef PATCH_COLUMNS_H
#define PATCH_COLUMNS_H

#include "patch/runner.h"

#define PATCH_COLUMN 64U /* turns at once */

/* Whether the program's frames can be made so: one frame, of one shape. */
bool patch_columns_suit(const struct patch_program *program);

/* Octets of working memory, for a program that suits. */
size_t patch_columns_size(const struct patch_program *program);

/* Makes turns first to first + count - 1, at most PATCH_COLUMN, of a program that suits. */
void patch_columns_make(const struct patch_program *program, uint64_t *memory, uint64_t first,
	struct patch_slot *slots, unsigned int count);

#endif

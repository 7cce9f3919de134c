/* Builds what the command show prints: each frame once, or the first ones of a run. */
#include "cli/show/show.h"

#include <errno.h>
#include <string.h>

struct builder {
	struct arena *arena;
	struct shown_list *list;
	const struct show_range *range;
	const char **unique;		  /* names of the program's frames */
	const struct frame_view **before; /* of each, as it was last; NULL: not yet */
	struct patch_runner runner;
};

static int compile(struct builder *b, uint64_t seed, struct err *err)
{
	struct shown_list *list = b->list;
	struct frame_spec *specs;
	unsigned int count = 0;
	unsigned int at = 0;

	for (size_t i = 0; i < list->template_count; i++)
		count += list->templates[i].count;
	specs = arena_alloc(b->arena, count * sizeof(*specs));
	b->unique = arena_alloc(b->arena, count * sizeof(*b->unique));
	b->before = arena_alloc(b->arena, count * sizeof(const struct frame_view *));
	for (size_t i = 0; i < list->template_count; i++) {
		const struct template *template = &list->templates[i];

		for (unsigned int j = 0; j < template->count; j++, at++) {
			specs[at] = template->frames[j];
			b->unique[at] = template->frames[j].name;
			if (template->count > 1)
				b->unique[at] = arena_printf(b->arena, "%s-%s", template->name,
					template->frames[j].name);
		}
	}
	return frame_compile(b->arena, specs, count, NULL, seed, &list->compiled, err);
}

static int build_one(struct builder *b, uint64_t index, struct shown *ret, struct err *err)
{
	const struct patch_program *program = &b->list->compiled.program;
	struct patch_slot *slot = &b->runner.slots[0];
	unsigned int number;
	int error;

	patch_runner_make(&b->runner, index, slot);
	number = (unsigned int)(slot->frame - program->frames);
	error = frame_compiled_view(b->arena, &b->list->compiled, index, slot, &ret->view, err);
	if (error)
		return error;
	ret->name = slot->frame->name;
	ret->unique = b->unique[number];
	ret->placeholder = cli_has_placeholder(&ret->view);
	if (b->range->fuzz) {
		const struct spec_fcs *fcs = &b->list->compiled.frames[number].spec->fcs;

		frame_mutate(b->arena, b->range->fuzz, &ret->view, fcs, index, &ret->mutated);
		ret->view = ret->mutated.view;
		return 0;
	}
	if (b->range->count && b->before[number])
		frame_mark_changed(&ret->view, b->before[number]);
	b->before[number] = &ret->view;
	return 0;
}

static int build_frames(struct builder *b, struct err *err)
{
	const struct patch_program *program = &b->list->compiled.program;
	uint64_t count = b->range->count;
	size_t frames = count ? count : program->count;
	int error = 0;

	b->list->frames = arena_alloc(b->arena, frames * sizeof(*b->list->frames));
	b->list->count = frames;
	for (size_t i = 0; !error && i < frames; i++)
		error = build_one(b,
			count ? b->range->first + i : patch_program_first(program, (unsigned int)i),
			&b->list->frames[i], err);
	return error;
}

int show_build(struct common *common, struct shown_list *list, const struct show_range *range,
	struct err *err)
{
	struct builder b = { .arena = &common->arena, .list = list, .range = range };
	int error;

	if (range->count > SHOW_FRAMES_MAX)
		return err_input(err, NULL,
			"-n %llu: at most %d frames are shown; `pktsmith convert -n' writes any "
			"number",
			(unsigned long long)range->count, SHOW_FRAMES_MAX);
	error = compile(&b, common->seed, err);
	if (error)
		return error;
	if (patch_runner_init(&b.runner, &list->compiled.program, 1))
		return err_system(err, ENOMEM, "cannot make the frames");
	error = build_frames(&b, err);
	patch_runner_fini(&b.runner);
	return error;
}

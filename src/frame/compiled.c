/* What stands where in the frames that a program makes. */
#include "frame/compile.h"

#include "base/arena.h"
#include "frame/internal.h"
#include "frame/plan.h"

/* ---- views ---- */

static unsigned int image_number(const struct patch_frame *frame, uint64_t turn)
{
	return (unsigned int)(patch_varying_image(frame->varying, turn) - frame->varying->images);
}

static void mark_varying(
	struct arena *arena, const struct vary_plan *plan, const struct frame_view *view)
{
	const struct view_field **rows =
		arena_alloc(arena, (plan->fields.count + 1) * sizeof(*rows));

	vary_locate(plan->spec, view, rows);
	for (unsigned int i = 0; i < plan->fields.count; i++)
		if (rows[i] && plan->parts[i].source >= 0)
			/* The rows are those of a view that we made. */
			((struct view_field *)(uintptr_t)rows[i])->varies = true;
}

int frame_compiled_view(struct arena *arena, const struct frame_compiled *compiled, uint64_t index,
	const struct patch_slot *slot, struct frame_view *ret, struct err *err)
{
	uint64_t turn;
	const struct patch_frame *frame = patch_program_turn(&compiled->program, index, &turn);
	const struct compiled_frame *of = &compiled->frames[frame - compiled->program.frames];
	struct frame_spec settled;
	struct frame_view view;
	int status;

	if (!frame->varying) {
		*ret = of->view;
		return 0;
	}
	vary_plan_image(arena, of->plan, image_number(frame, turn), &settled);
	status = frame_build_settled(arena, &settled, &view, err);
	if (status)
		return status;
	view.octets = arena_copy(arena, slot->octets, view.length);
	frame_put_fcs(&of->spec->fcs, &view);
	view_check(&view);
	mark_varying(arena, of->plan, &view);
	if (of->payload_varies)
		view.layers[vary_payload_layer(of->spec)].header.fields[0].varies = true;
	*ret = view;
	return 0;
}

/* ---- changes ---- */

static void mark_record(const struct frame_view *view, struct view_record *record,
	const struct frame_view *before, const struct view_record *other)
{
	for (unsigned int i = 0; i < record->count; i++) {
		struct view_field *row = &record->fields[i];
		const struct view_field *was = view_field_find(other, row->field->name);
		struct wire_value a, b;

		if (!was || was->field->kind != row->field->kind || was->count != row->count) {
			row->changed = true;
			continue;
		}
		for (unsigned int j = 0; j < row->count; j++)
			mark_record(view, &row->items[j], before, &was->items[j]);
		if (row->field->kind == WIRE_LIST)
			continue;
		a = view_value(view, row);
		b = view_value(before, was);
		row->changed = !wire_value_equal(row->field, &a, &b);
	}
}

void frame_mark_changed(struct frame_view *view, const struct frame_view *before)
{
	for (unsigned int i = 0; i < view->count; i++) {
		struct view_layer *layer = &view->layers[i];

		if (i < before->count && before->layers[i].protocol == layer->protocol)
			mark_record(view, &layer->header, before, &before->layers[i].header);
	}
}

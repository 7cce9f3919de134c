/* Builds a frame, of one that varies the first. */
#include "frame/build.h"

#include "frame/internal.h"
#include "frame/plan.h"

int frame_build(
	struct arena *arena, const struct frame_spec *spec, struct frame_view *ret, struct err *err)
{
	struct frame_spec settled;
	struct vary_plan plan;
	int status = vary_plan(arena, spec, &plan, err);

	if (status)
		return status;
	if (!vary_plan_varies(&plan))
		return frame_build_settled(arena, spec, ret, err);
	vary_plan_settle(arena, &plan, plan.first, plan.size_first, &settled);
	return frame_build_settled(arena, &settled, ret, err);
}

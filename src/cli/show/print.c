/* Prints the frames of the command show, in each of its formats. */
#include "cli/show/show.h"
#include "patch/ebpf.h"

#include <string.h>

/* The frame's octets, its FCS after them where asked for; one is there unless `fcs: none`. */
static void put_frame(const struct shown *frame, bool with_fcs, struct buffer *out)
{
	buffer_put(out, frame->view.octets, frame->view.length);
	if (with_fcs && frame->view.fcs != VIEW_FCS_NONE)
		buffer_put(out, frame->view.fcs_octets, FCS_LENGTH);
}

static void put_frame_hex(const struct shown *frame, bool with_fcs, struct buffer *out)
{
	struct buffer octets = { 0 };

	put_frame(frame, with_fcs, &octets);
	render_hex(octets.data, octets.length, out);
	buffer_fini(&octets);
}

static void put_hex(struct show *show, const struct shown_list *list, struct buffer *out)
{
	for (size_t i = 0; i < list->count; i++)
		put_frame_hex(&list->frames[i], show->common.with_fcs, out);
}

static void put_raw(struct show *show, const struct shown_list *list, struct buffer *out)
{
	for (size_t i = 0; i < list->count; i++)
		put_frame(&list->frames[i], show->common.with_fcs, out);
}

static struct json *frame_json(const struct show *show, const struct shown *frame)
{
	struct json *json = render_frame_json(frame->name, &frame->view);
	struct json *mutations;

	if (!show->fuzz.on)
		return json;
	mutations = json_array();
	for (unsigned int i = 0; i < frame->mutated.count; i++) {
		const struct mutation *mutation = &frame->mutated.mutations[i];
		struct json *one = json_object();

		json_set(one, "kind", json_text(mutate_kind_names[mutation->kind]));
		json_set(one, "text", json_text(mutation->text));
		json_add(mutations, one);
	}
	json_set(json, "mutations", mutations);
	return json;
}

static void put_json(struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct json *document;
	struct json *frames;
	size_t i;

	if (show->common.jsonl) {
		for (i = 0; i < list->count; i++)
			json_print(json_typed("frame", frame_json(show, &list->frames[i])), false,
				out);
		return;
	}
	document = json_object();
	frames = json_array();
	for (i = 0; i < list->count; i++)
		json_add(frames, frame_json(show, &list->frames[i]));
	json_set(document, "frames", frames);
	json_print(document, true, out);
}

/* Parts a frame from the one before it. */
static void put_rule(size_t index, const struct render_style *style, struct buffer *out)
{
	static const char rule[] =
		"------------------------------------------------------------------------";

	if (index)
		buffer_printf(out, "\n%s%s%s\n\n", style->dim, rule, style->reset);
}

/* What --fuzz did to it, a line each. */
static void put_mutations(
	const struct shown *frame, const struct render_style *style, struct buffer *out)
{
	for (unsigned int i = 0; i < frame->mutated.count; i++)
		buffer_printf(out, "%s%smutated%s %s\n", i ? "" : "\n", style->bad, style->reset,
			frame->mutated.mutations[i].text);
}

static void put_tree(struct show *show, const struct shown_list *list, struct buffer *out)
{
	const struct render_style *style = cli_style(&show->common);
	bool placeholder = false;
	size_t i;

	for (i = 0; i < list->count; i++) {
		put_rule(i, style, out);
		render_tree(list->frames[i].name, &list->frames[i].view, style, out);
		put_mutations(&list->frames[i], style, out);
		placeholder |= list->frames[i].placeholder;
	}
	if (placeholder && !show->common.quiet)
		buffer_printf(out,
			"\n%sA placeholder stands for what an interface knows; -i IF puts that "
			"in.%s\n",
			style->dim, style->reset);
}

static void put_rfc(struct show *show, const struct shown_list *list, struct buffer *out)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		put_rule(i, &render_plain, out);
		render_rfc(list->frames[i].unique, &list->frames[i].view, show->common.verbose > 0,
			out);
	}
}

static void put_svg(struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct render_named *frames =
		arena_alloc(&show->common.arena, list->count * sizeof(*frames));
	size_t i;

	for (i = 0; i < list->count; i++)
		frames[i] = (struct render_named){ list->frames[i].unique, &list->frames[i].view };
	render_svg(frames, list->count, out);
}

static bool is_taken(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* An identifier that none of names[count] is: a number tells it from its namesakes. */
static const char *identifier(
	struct arena *arena, const char *const *names, size_t count, const char *name)
{
	struct buffer text = { 0 };
	const char *first;
	const char *unique;
	unsigned int number = 1;

	render_c_name(name ? name : "frame", &text);
	first = arena_strndup(arena, buffer_text(&text), text.length);
	buffer_fini(&text);
	for (unique = first; is_taken(names, count, unique);)
		unique = arena_printf(arena, "%s_%u", first, ++number);
	return unique;
}

static void put_c(struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct arena *arena = &show->common.arena;
	const char **names = arena_alloc(arena, list->count * sizeof(*names));
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (i)
			buffer_printf(out, "\n");
		names[i] = identifier(arena, names, i, list->frames[i].unique);
		render_c(names[i], &list->frames[i].view, show->common.with_fcs, out);
	}
}

static void put_expressions(struct show *show, const struct shown_list *list, struct buffer *out)
{
	(void)show;
	for (size_t i = 0; i < list->template_count; i++) {
		for (unsigned int j = 0; j < list->templates[i].count; j++) {
			if (template_is_rest(&list->templates[i], j))
				continue;
			expression_write(&list->templates[i].frames[j], out);
			buffer_printf(out, "\n");
		}
	}
}

static void put_yaml(struct show *show, const struct shown_list *list, struct buffer *out)
{
	(void)show;
	template_write(&list->templates[0], out);
}

static void put_program(struct show *show, const struct shown_list *list, struct buffer *out)
{
	(void)show;
	patch_program_describe(&list->compiled.program, out);
}

static int put_ebpf(const struct shown_list *list, struct buffer *out, struct err *err)
{
	struct patch_ebpf ebpf;
	int rc = patch_ebpf_compile(&ebpf, &list->compiled.program, PATCH_EBPF_PASS, err);

	if (rc < 0)
		return rc;
	patch_ebpf_describe(&ebpf, out);
	patch_ebpf_fini(&ebpf);
	return 0;
}

/* ebpf alone may fail. */
static void (*const putters[])(
	struct show *show, const struct shown_list *list, struct buffer *out) = {
	[SHOW_TREE] = put_tree,
	[SHOW_HEX] = put_hex,
	[SHOW_RAW] = put_raw,
	[SHOW_JSON] = put_json,
	[SHOW_YAML] = put_yaml,
	[SHOW_C] = put_c,
	[SHOW_RFC] = put_rfc,
	[SHOW_SVG] = put_svg,
	[SHOW_EXPRESSION] = put_expressions,
	[SHOW_PROGRAM] = put_program,
};

int show_print(
	struct show *show, const struct shown_list *list, struct buffer *out, struct err *err)
{
	if (show->format == SHOW_EBPF)
		return put_ebpf(list, out, err);
	putters[show->format](show, list, out);
	return 0;
}

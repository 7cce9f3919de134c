/* pktsmith list: the installed templates, one line each. */
#include "cli/cli.h"
#include "template/script.h"

#include <string.h>

enum { KEY_TESTS = 0x100 };

struct list {
	struct common common;
	bool tests; /* the scripts of `pktsmith test`, not templates */
	char **words;
	size_t word_count;
};

/* An installed template and what it says of itself. */
struct listed {
	const struct installed *file;
	const char *about;
	bool unreadable;
};

static const struct argp_child children[] = {
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;

	(void)arg;
	switch (key) {
	case KEY_TESTS:
		list->tests = true;
		return 0;
	case ARGP_KEY_INIT:
		common_children(state, 2, &list->common);
		return 0;
	case ARGP_KEY_ARGS:
		list->words = state->argv + state->next;
		list->word_count = (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_rows[] = {
	{ "tests", KEY_TESTS, NULL, 0, "list the scripts of `pktsmith test' instead", 0 },
	{ 0 },
};

const struct argp cmd_list_argp = {
	.options = option_rows,
	.parser = parse,
	.args_doc = "[WORD...]",
	.doc = "List the installed templates; with WORDs those that have all of them in their "
	       "folder, "
	       "name or description."
	       "\vThey are looked for in $PKTSMITH_FRAMES (directories with colons between), "
	       "./frames, "
	       "beside the program, and " PKTSMITH_FRAMES
	       "; scripts in $PKTSMITH_TESTS, beside the "
	       "program, and " PKTSMITH_TESTS ".",
	.children = children,
};

/* A file that cannot be read is listed with what is wrong with it: it may be what is looked for. */
static struct listed listed_read(
	const struct list *list, struct arena *arena, const struct installed *file)
{
	struct listed row = { .file = file, .about = "" };
	struct template template = { 0 };
	struct script script = { 0 };
	struct err err = { 0 };
	const char *about;
	int r;

	if (list->tests)
		r = script_read_about(arena, file->path, &script, &err);
	else
		r = template_read_about(arena, file->path, &template, &err);
	about = list->tests ? script.about : template.about;
	if (r) {
		row.unreadable = true;
		row.about = arena_strndup(arena, err.text, strlen(err.text));
	} else if (about) {
		row.about = about;
	}
	return row;
}

static bool has_word(const struct listed *row, const char *word)
{
	return strcasestr(row->file->folder, word) || strcasestr(row->file->name, word) ||
	       strcasestr(row->about, word);
}

static bool wanted(const struct list *list, const struct listed *row)
{
	size_t i;

	for (i = 0; i < list->word_count; i++)
		if (!has_word(row, list->words[i]))
			return false;
	return true;
}

static void put_rows(
	const struct list *list, const struct listed *rows, size_t count, struct buffer *out)
{
	const struct render_style *style = cli_style(&list->common);
	const char *folder = NULL;
	size_t width = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(rows[i].file->name) > width)
			width = strlen(rows[i].file->name);
	for (i = 0; i < count; i++) {
		if (!folder || strcmp(folder, rows[i].file->folder) != 0) {
			folder = rows[i].file->folder;
			if (*folder)
				buffer_printf(out, "%s%s%s%s\n", i ? "\n" : "", style->layer,
					folder, style->reset);
		}
		buffer_printf(out, "  %s%-*s%s  %s%s%s\n", style->field, (int)width,
			rows[i].file->name, style->reset, rows[i].unreadable ? style->bad : "",
			rows[i].about, rows[i].unreadable ? style->reset : "");
	}
}

static struct json *row_json(const struct listed *row)
{
	struct json *json = json_object();

	json_set(json, "name", json_text(row->file->name));
	json_set(json, "folder", json_text(row->file->folder));
	json_set(json, "path", json_text(row->file->path));
	json_set(json, row->unreadable ? "error" : "about", json_text(row->about));
	return json;
}

static void put_json(
	const struct list *list, const struct listed *rows, size_t count, struct buffer *out)
{
	struct json *document;
	struct json *templates;
	size_t i;

	if (list->common.jsonl) {
		for (i = 0; i < count; i++)
			json_print(
				json_typed(list->tests ? "test" : "template", row_json(&rows[i])),
				false, out);
		return;
	}
	document = json_object();
	templates = json_array();
	for (i = 0; i < count; i++)
		json_add(templates, row_json(&rows[i]));
	json_set(document, list->tests ? "tests" : "templates", templates);
	json_print(document, true, out);
}

static int list_templates(struct list *list, struct buffer *out, struct err *err)
{
	struct arena *arena = &list->common.arena;
	const struct installed *files;
	struct listed *rows;
	size_t file_count;
	size_t count = 0;
	size_t i;

	files = list->tests ? cli_installed_scripts(arena, &file_count)
			    : cli_installed(arena, &file_count);
	rows = arena_alloc(arena, (file_count + 1) * sizeof(*rows));
	for (i = 0; i < file_count; i++) {
		rows[count] = listed_read(list, arena, &files[i]);
		count += wanted(list, &rows[count]);
	}
	/* For a program none is a list like any other, and the status tells the rest. */
	if (list->common.json || list->common.jsonl)
		put_json(list, rows, count, out);
	else
		put_rows(list, rows, count, out);
	if (!count && file_count)
		return err_result(err, "no installed %s has these words",
			list->tests ? "script" : "template");
	if (!count && list->tests)
		return err_result(err,
			"no scripts are installed: looked in $PKTSMITH_TESTS, beside "
			"the program and " PKTSMITH_TESTS);
	if (!count)
		return err_result(err, "no templates are installed: looked in $PKTSMITH_FRAMES, "
				       "./frames, beside the "
				       "program and " PKTSMITH_FRAMES);
	return 0;
}

int cmd_list(int argc, char **argv)
{
	struct list list = { 0 };
	struct buffer out = { 0 };
	struct err err = { 0 };
	int error, status;

	common_init(&list.common);
	argp_parse(&cmd_list_argp, argc, argv, 0, NULL, &list);
	error = list_templates(&list, &out, &err);
	status = cli_print(&out);
	if (error && !status)
		status = cli_fail(&err);
	buffer_fini(&out);
	common_fini(&list.common);
	return status;
}

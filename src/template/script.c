/* Reads a script: its top level, and the file it is in. */
#include "template/script_reader.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

#define WITHIN_NS 1000000000U

enum part {
	PART_NAME,
	PART_ABOUT,
	PART_VARS,
	PART_INTERFACE,
	PART_INTERFACES,
	PART_PEER,
	PART_WITHIN,
	PART_STRICT,
	PART_ARP,
	PART_STEPS,
	PART_COUNT
};

static const char *const names[PART_COUNT] = { "name", "about", "vars", "interface", "interfaces",
	"peer", "within", "strict", "arp", "steps" };
static const struct top_form form = {
	.keys = KEYS(names, "key", "a script"),
	.has = "steps:",
	.example = "steps: [...]",
};

/* ---- words ---- */

int script_bool_read(struct script_reader *s, const char *key, const struct node *node, bool *ret,
	struct err *err)
{
	static const char *const words[] = { "no", "off", "false", "yes", "on", "true" };
	const struct path path = { .name = key };
	const char *text;
	int status;

	if (!node)
		return 0;
	status = scalar_read_line(&s->reader, &path, node, &text, err);
	if (status)
		return status;
	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(text, words[i])) {
			*ret = i >= 3;
			return 0;
		}
	}
	return path_error(err, &node->at, &path, "\"%s\" is neither on nor off", text);
}

int script_duration_read(struct script_reader *s, const char *key, const struct node *node,
	uint64_t *ret_ns, struct err *err)
{
	const struct path path = { .name = key };
	const char *text;
	int status;

	if (!node)
		return 0;
	status = scalar_read_line(&s->reader, &path, node, &text, err);
	if (status)
		return status;
	return text_duration(text, ret_ns, err) ? path_locate(err, &node->at, &path) : 0;
}

/* ---- the top level ---- */

/* "tests/ping.yaml": ping. */
static const char *base_name(struct arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	const char *dot = strrchr(name, '.');

	return arena_strndup(arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static int text_read(struct reader *reader, const uint8_t *text, size_t length,
	const struct node **parts, struct script *ret, struct err *err)
{
	const struct node_source source = {
		.file = reader->file, .text = text, .length = length, .places = true
	};
	int status = top_members_read(reader, &form, &source, parts, err);

	if (status)
		return status;
	if (!parts[PART_STEPS])
		return err_input(err, &(struct position){ .file = reader->file },
			"no steps: a script has steps:");
	ret->file = reader->file;
	ret->name = base_name(reader->arena, reader->file);
	return top_names_read(
		reader, parts[PART_NAME], parts[PART_ABOUT], &ret->name, &ret->about, err);
}

static void names_store(const struct captures *captures, struct arena *arena, struct script *ret)
{
	const char **rows = arena_alloc(arena, captures->count * sizeof(*rows));

	for (unsigned int i = 0; i < captures->count; i++)
		rows[i] = captures->rows[i].name;
	ret->names = rows;
	ret->name_count = captures->count;
}

static int script_parts_read(struct script_reader *s, const struct node *const *parts,
	const struct script_options *options, struct err *err)
{
	struct script *script = s->script;
	bool arp = true;
	int status = script_duration_read(s, "within", parts[PART_WITHIN], &s->within_ns, err);

	if (!status)
		status = script_bool_read(s, "strict", parts[PART_STRICT], &script->strict, err);
	if (!status)
		status = script_bool_read(s, "arp", parts[PART_ARP], &arp, err);
	script->quiet = !arp;
	if (!status)
		status = script_ports_read(
			s, parts[PART_INTERFACE], parts[PART_INTERFACES], options, err);
	if (!status && parts[PART_PEER])
		status = script_peer_read(s, parts[PART_PEER], err);
	if (!status)
		status = script_steps_read(
			s, parts[PART_STEPS], &script->steps, &script->step_count, err);
	script->step_total = s->steps;
	return status;
}

int script_read(struct arena *arena, const char *file, const uint8_t *text, size_t length,
	const struct script_options *options, struct script *ret, struct err *err)
{
	const struct template_options plain = {
		.resolver = &resolver_placeholder,
		.finder = options->finder,
		.defines = options->defines,
		.define_count = options->define_count,
		.seed = options->seed,
	};
	struct scope scope = { .file = arena_strndup(arena, file, strlen(file)) };
	struct captures captures = { 0 };
	struct script script = { 0 };
	struct script_reader s = {
		.reader = { .arena = arena,
			.options = &plain,
			.file = scope.file,
			.scopes = &scope,
			.captures = &captures,
			.has_peer = true },
		.script = &script,
		.within_ns = WITHIN_NS,
	};
	const struct node *parts[PART_COUNT];
	int status = text_read(&s.reader, text, length, parts, &script, err);

	for (unsigned int i = 0; i < SCRIPT_PORTS_MAX; i++)
		s.options[i] = plain;
	if (!status)
		status = variables_read(&s.reader, &scope, parts[PART_VARS], err);
	if (!status)
		status = variables_check_values(&s.reader, err);
	if (!status)
		status = script_parts_read(&s, parts, options, err);
	if (!status)
		status = variables_check(&s.reader, err);
	if (status)
		return status;
	names_store(&captures, arena, &script);
	*ret = script;
	return 0;
}

/* ---- files ---- */

int script_read_file(struct arena *arena, const char *file, const struct script_options *options,
	struct script *ret, struct err *err)
{
	struct buffer text = { 0 };
	int status = file_slurp(file, &text, err);

	if (!status)
		status = script_read(arena, file_label(file), (const uint8_t *)buffer_text(&text),
			text.length, options, ret, err);
	buffer_fini(&text);
	return status;
}

int script_read_about(struct arena *arena, const char *file, struct script *ret, struct err *err)
{
	struct reader reader = { .arena = arena };
	const struct node *parts[PART_COUNT];
	struct buffer text = { 0 };
	struct script script = { 0 };
	int status = file_slurp(file, &text, err);

	reader.file = arena_strndup(arena, file_label(file), strlen(file_label(file)));
	if (!status)
		status = text_read(&reader, (const uint8_t *)buffer_text(&text), text.length, parts,
			&script, err);
	buffer_fini(&text);
	if (!status)
		*ret = script;
	return status;
}

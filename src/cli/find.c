/* Finds templates: by path, or by name among those installed. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_DEPTH_MAX 4

static const char *const endings[] = { ".yaml", ".yml" };

/* The length of name without .yaml or .yml; 0 where it does not end so. */
static size_t base_length(const char *name)
{
	size_t length = strlen(name);
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && !strcmp(name + length - ending, endings[i]))
			return length - ending;
	}
	return 0;
}

/* ---- the directories that are searched ---- */

struct search {
	struct arena *arena;
	struct installed *rows;
	size_t count;
	size_t capacity;
};

static void search_add(struct search *search, const struct installed *row)
{
	size_t i;

	for (i = 0; i < search->count; i++)
		if (!strcmp(search->rows[i].name, row->name) &&
			!strcmp(search->rows[i].folder, row->folder))
			return;
	if (search->count == search->capacity) {
		size_t capacity = search->capacity ? 2 * search->capacity : 64;
		struct installed *rows = arena_alloc(search->arena, capacity * sizeof(*rows));

		if (search->count)
			memcpy(rows, search->rows, search->count * sizeof(*rows));
		search->rows = rows;
		search->capacity = capacity;
	}
	search->rows[search->count++] = *row;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static void search_folder(struct search *search, const char *path, const char *folder, int depth)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;
		size_t base = base_length(name);
		const char *full;

		if (name[0] == '.')
			continue;
		full = arena_printf(search->arena, "%s/%s", path, name);
		if (base) {
			search_add(
				search, &(struct installed){ .path = full,
						.folder = folder,
						.name = arena_strndup(search->arena, name, base) });
			continue;
		}
		if (depth < FOLDER_DEPTH_MAX && is_directory(full))
			search_folder(search, full,
				*folder ? arena_printf(search->arena, "%s/%s", folder, name)
					: arena_strndup(search->arena, name, strlen(name)),
				depth + 1);
	}
	closedir(dir);
}

/* What is looked for, and where. */
struct kind {
	const char *what; /* for messages */
	const char *list; /* the command that lists them */
	const char *environment;
	const char *here;  /* below the working directory, and the program's own folder */
	const char *share; /* below share/pktsmith beside the program */
	const char *installed;
};

static const struct kind templates = { "template", "pktsmith list", "PKTSMITH_FRAMES", "frames",
	"frames", PKTSMITH_FRAMES };
static const struct kind scripts = { "script", "pktsmith list --tests", "PKTSMITH_TESTS",
	"tests/exchange", "tests", PKTSMITH_TESTS };

static void search_directories(struct search *search, const struct kind *kind)
{
	const char *list = getenv(kind->environment);
	char exe[4096];
	ssize_t length;

	while (list && *list) {
		size_t part = strcspn(list, ":");

		if (part)
			search_folder(search, arena_strndup(search->arena, list, part), "", 0);
		list += part + (list[part] == ':');
	}
	search_folder(search, kind->here, "", 0);
	length = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (length > 0) {
		exe[length] = '\0';
		*strrchr(exe, '/') = '\0';
		search_folder(
			search, arena_printf(search->arena, "%s/../%s", exe, kind->here), "", 0);
		search_folder(search,
			arena_printf(search->arena, "%s/../share/pktsmith/%s", exe, kind->share),
			"", 0);
	}
	search_folder(search, kind->installed, "", 0);
}

static int compare_rows(const void *a, const void *b)
{
	const struct installed *x = a;
	const struct installed *y = b;
	int order = strcmp(x->folder, y->folder);

	return order ? order : strcmp(x->name, y->name);
}

static struct installed *installed_of(
	struct arena *arena, const struct kind *kind, size_t *ret_count)
{
	struct search search = { .arena = arena };

	search_directories(&search, kind);
	if (search.count)
		qsort(search.rows, search.count, sizeof(*search.rows), compare_rows);
	*ret_count = search.count;
	return search.rows;
}

struct installed *cli_installed(struct arena *arena, size_t *ret_count)
{
	return installed_of(arena, &templates, ret_count);
}

struct installed *cli_installed_scripts(struct arena *arena, size_t *ret_count)
{
	return installed_of(arena, &scripts, ret_count);
}

/* ---- one of them ---- */

static int not_found(struct arena *arena, const struct kind *kind, const char *name,
	const struct installed *rows, size_t count, struct err *err)
{
	const char **names = arena_alloc(arena, (count + 1) * sizeof(*names));
	const char *near;
	size_t i;

	for (i = 0; i < count; i++)
		names[i] = rows[i].name;
	near = text_nearest(name, names, count);
	err_input(err, NULL, "no %s and no installed %s \"%s\"",
		is_directory(name) ? "file (but a directory)" : "file", kind->what, name);
	if (near)
		err_hint(err, "; did you mean \"%s\"?", near);
	else
		err_hint(err, "; `%s' shows what there is", kind->list);
	return -ENOENT;
}

static int find_installed(struct arena *arena, const struct kind *kind, const char *name,
	const char **ret, struct err *err)
{
	const struct installed *found = NULL;
	const struct installed *rows;
	size_t count;
	size_t i;

	rows = installed_of(arena, kind, &count);
	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		if (found)
			return err_input(err, NULL, "two %ss are named \"%s\": give %s or %s",
				kind->what, name, found->path, rows[i].path);
		found = &rows[i];
	}
	if (!found)
		return not_found(arena, kind, name, rows, count, err);
	*ret = found->path;
	return 0;
}

static int find(struct arena *arena, const struct kind *kind, const char *argument,
	const char **ret, struct err *err)
{
	int error;

	if (!strcmp(argument, "-") || strchr(argument, '/') || base_length(argument) ||
		(!access(argument, F_OK) && !is_directory(argument))) {
		*ret = argument;
		return 0;
	}
	error = find_installed(arena, kind, argument, ret, err);
	/* A name that nothing has is the same to who gave it as a path that is not there; in a
	 * template's include it is that template's error. */
	if (error == -ENOENT)
		err->kind = ERR_SYSTEM;
	return error;
}

int cli_find_template(struct arena *arena, const char *argument, const char **ret, struct err *err)
{
	return find(arena, &templates, argument, ret, err);
}

int cli_find_script(struct arena *arena, const char *argument, const char **ret, struct err *err)
{
	return find(arena, &scripts, argument, ret, err);
}

static int find_named(
	void *context, struct arena *arena, const char *name, const char **ret, struct err *err)
{
	(void)context;
	return find_installed(arena, &templates, name, ret, err);
}

const struct finder cli_finder = { .find = find_named };

/* The page of HTML of --report: its file, where and when, its parts. */
#include "cli/page.h"

#include "cli/numbers.h"
#include "frame/build.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define DATE_MAX 64

/* argv[0] is "pktsmith COMMAND": two words. */
void page_init(struct page *page, int argc, char **argv)
{
	const char *blank = strchr(argv[0], ' ');
	char **words;
	size_t count = 0;

	*page = (struct page){ 0 };
	arena_init(&page->arena);
	words = arena_alloc(&page->arena, ((size_t)argc + 2) * sizeof(*words));
	if (blank) {
		words[count++] = arena_strndup(&page->arena, argv[0], (size_t)(blank - argv[0]));
		words[count++] = arena_strndup(&page->arena, blank + 1, strlen(blank + 1));
	} else {
		words[count++] = argv[0];
	}
	for (int i = 1; i < argc; i++)
		words[count++] = argv[i];
	page->words = words;
}

void page_fini(struct page *page)
{
	if (page->open)
		newfile_fini(&page->file);
	arena_fini(&page->arena);
}

void page_check(struct argp_state *state, const char *path, const char *write, bool json)
{
	if (!path || strcmp(path, "-") != 0)
		return;
	if (write && !strcmp(write, "-"))
		argp_error(state, "--report - and -w - both want standard output");
	if (json)
		argp_error(state, "--report - and --json both want standard output");
}

/* ---- where and when ---- */

void page_put_environment(struct page *page, const char *name, const char *value)
{
	struct report *report = &page->report;

	if (report->environment_count == PAGE_ENVIRONMENT)
		return;
	page->environment[report->environment_count++] =
		(struct report_figure){ .name = name, .value = value };
}

static void put_date(struct page *page)
{
	time_t now = (time_t)(clock_wall() / 1000000000);
	char text[DATE_MAX];
	struct tm local;

	if (localtime_r(&now, &local) &&
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z", &local))
		page_put_environment(page, "date", arena_strndup(&page->arena, text, strlen(text)));
}

/* "model name : ..." of the first processor; NULL where the kernel has no such line. */
static const char *processor(struct page *page)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	const char *found = NULL;
	char line[256];

	while (file && !found && fgets(line, sizeof(line), file)) {
		char *colon = strstr(line, ": ");

		if (strncmp(line, "model name", 10) != 0 || !colon)
			continue;
		colon[strcspn(colon, "\n")] = '\0';
		found = arena_strndup(&page->arena, colon + 2, strlen(colon + 2));
	}
	if (file)
		fclose(file);
	return found;
}

static void put_system(struct page *page)
{
	const char *model = processor(page);
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	struct utsname system;

	if (!uname(&system)) {
		page_put_environment(page, "host",
			arena_strndup(&page->arena, system.nodename, strlen(system.nodename)));
		page_put_environment(page, "kernel",
			arena_printf(&page->arena, "%s %s %s", system.sysname, system.release,
				system.machine));
	}
	if (model)
		page_put_environment(page, "processors",
			arena_printf(&page->arena, "%ld \u00d7 %s", count, model));
	page_put_environment(page, "program", "pktsmith " PKTSMITH_VERSION);
}

void page_put_interface(struct page *page, const char *what, const struct interface *interface)
{
	struct buffer text = { 0 };
	const uint8_t *mac = interface->mac;

	buffer_printf(&text, "%s", interface->name);
	if (*interface->driver)
		buffer_printf(&text, ", driver %s", interface->driver);
	buffer_printf(&text, ", MTU %u", interface->mtu);
	if (interface->has_mac)
		buffer_printf(&text, ", %02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
			mac[3], mac[4], mac[5]);
	page_put_environment(page, what, page_keep(page, &text));
}

/* ---- the file ---- */

int page_open(struct page *page, const char *path, const char *kind, struct err *err)
{
	int rc;

	if (!path)
		return 0;
	rc = newfile_init(&page->file, path, err);
	if (rc < 0)
		return rc;
	page->open = true;
	page->report = (struct report){
		.kind = kind,
		.command = page->words,
		.environment = page->environment,
		.figures = page->figures,
		.charts = page->charts,
		.tables = page->tables,
	};
	put_date(page);
	put_system(page);
	return 0;
}

/* A file is renamed in a directory that may be somebody else's. */
uint64_t page_privileges(const struct page *page)
{
	return page->open ? 1ULL << CAP_DAC_OVERRIDE : 0;
}

bool page_takes_stdout(const struct page *page)
{
	return page->open && !page->file.path;
}

int page_write(struct page *page, struct err *err)
{
	struct buffer out = { 0 };
	int rc;

	if (!page->open)
		return 0;
	render_report_html(&page->report, &out);
	rc = newfile_put(&page->file, &out, err);
	if (rc == 0)
		rc = newfile_finish(&page->file, err);
	buffer_fini(&out);
	return rc;
}

/* ---- its parts ---- */

void page_put_figure(
	struct page *page, bool main, const char *name, const char *value, const char *note)
{
	struct report *report = &page->report;

	if (report->figure_count == PAGE_FIGURES)
		return;
	page->figures[report->figure_count++] =
		(struct report_figure){ .name = name, .value = value, .note = note, .main = main };
}

struct chart *page_chart(struct page *page)
{
	struct report *report = &page->report;

	if (report->chart_count < PAGE_CHARTS)
		report->chart_count++;
	return &page->charts[report->chart_count - 1];
}

struct report_table *page_table(struct page *page)
{
	struct report *report = &page->report;

	if (report->table_count < PAGE_TABLES)
		report->table_count++;
	return &page->tables[report->table_count - 1];
}

const char *page_keep(struct page *page, struct buffer *text)
{
	const char *kept = arena_strndup(&page->arena, buffer_text(text), text->length);

	buffer_fini(text);
	return kept;
}

const char *page_count(struct page *page, uint64_t count)
{
	struct buffer text = { 0 };

	numbers_put(&text, count);
	return page_keep(page, &text);
}

const char *page_time(struct page *page, double ns)
{
	struct buffer text = { 0 };

	chart_put_value(&text, CHART_NS, NULL, ns);
	return page_keep(page, &text);
}

const char *page_scaled(struct page *page, double value, const char *unit)
{
	struct buffer text = { 0 };

	numbers_put_scaled(&text, value, unit);
	return page_keep(page, &text);
}

const char *page_share(struct page *page, uint64_t part, uint64_t all)
{
	return all ? arena_printf(&page->arena, "%.4g %%", 100 * (double)part / (double)all) : NULL;
}

void page_put_frames(struct page *page, const struct patch_program *program)
{
	struct frame_view *views = arena_alloc(&page->arena, REPORT_FRAMES_MAX * sizeof(*views));
	struct render_named *named = arena_alloc(&page->arena, REPORT_FRAMES_MAX * sizeof(*named));

	for (unsigned int i = 0; i < program->count && i < REPORT_FRAMES_MAX; i++) {
		const struct patch_frame *frame = &program->frames[i];

		frame_dissect(&page->arena, &wire_eth, frame->octets, frame->length,
			frame->own_fcs ? DISSECT_FCS_PRESENT : DISSECT_FCS_ABSENT, &views[i]);
		named[i] = (struct render_named){
			frame->name ? frame->name : arena_printf(&page->arena, "frame %u", i + 1),
			&views[i]
		};
	}
	page->report.frames = named;
	page->report.frame_count = program->count;
}

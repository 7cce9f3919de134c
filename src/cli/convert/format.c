/* What convert's two files are, and whether one can become the other. */
#include "cli/convert/convert.h"
#include "link/savefile.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const convert_names[CONVERT_FORMATS] = {
	[CONVERT_YAML] = "yaml",
	[CONVERT_PCAP] = "pcap",
	[CONVERT_PCAPNG] = "pcapng",
	[CONVERT_HEX] = "hex",
	[CONVERT_RAW] = "raw",
};

/* clang-format off */
static const struct {
	const char *ending;
	enum convert_format format;
} endings[] = {
	{ ".yaml",   CONVERT_YAML },
	{ ".yml",    CONVERT_YAML },
	{ ".pcap",   CONVERT_PCAP },
	{ ".cap",    CONVERT_PCAP },
	{ ".pcapng", CONVERT_PCAPNG },
	{ ".hex",    CONVERT_HEX },
	{ ".raw",    CONVERT_RAW },
	{ ".bin",    CONVERT_RAW },
};
/* clang-format on */

static bool ends_in(const char *name, const char *ending)
{
	size_t length = strlen(name), of = strlen(ending);

	return length > of && !strcasecmp(name + length - of, ending);
}

/* By the name's ending; CONVERT_FORMATS where it tells nothing. */
static enum convert_format format_of(const char *name)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_in(name, endings[i].ending))
			return endings[i].format;
	return CONVERT_FORMATS;
}

/* A capture by its first octets, packed or not, else CONVERT_FORMATS. Which kind of capture it is
 * does not matter to the reader. */
static enum convert_format format_within(const char *path)
{
	struct stat st;
	uint8_t start[SAVEFILE_MAGIC_LENGTH];
	enum convert_format format = CONVERT_FORMATS;
	FILE *file;

	/* Of a pipe they would be gone. */
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return format;
	file = fopen(path, "re");
	if (!file)
		return format;
	if (fread(start, sizeof(start), 1, file) == 1 && savefile_knows(start))
		format = CONVERT_PCAP;
	fclose(file);
	return format;
}

static int unknown_format(const char *name, const char *option, struct err *err)
{
	if (!strcmp(name, "-"))
		return err_input(err, NULL, "`-' does not tell what it is; say %s FORMAT", option);
	return err_input(err, NULL,
		"%s: the ending tells no format (.yaml, .pcap, .pcapng, .hex, .raw, ...); say %s "
		"FORMAT",
		name, option);
}

static int choose_formats(struct convert *convert, struct err *err)
{
	if (convert->from == CONVERT_FORMATS)
		convert->from = format_of(convert->in);
	if (convert->from == CONVERT_FORMATS)
		convert->from = format_within(convert->in);
	/* A bare word that is no file is the name of an installed template. */
	if (convert->from == CONVERT_FORMATS && strcmp(convert->in, "-") != 0 &&
		!strchr(convert->in, '/') && access(convert->in, F_OK))
		convert->from = CONVERT_YAML;
	if (convert->from == CONVERT_FORMATS)
		return unknown_format(convert->in, "--from", err);
	if (convert->to == CONVERT_FORMATS)
		convert->to = format_of(convert->out);
	if (convert->to == CONVERT_FORMATS &&
		(ends_in(convert->out, ".gz") || ends_in(convert->out, ".zst")))
		return err_input(err, NULL,
			"%s: packed captures are read, not written; write a .pcap, and pack that",
			convert->out);
	if (convert->to == CONVERT_FORMATS)
		return unknown_format(convert->out, "--to", err);
	return 0;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* What is said of templates alone. */
static int check_template_options(const struct convert *convert, struct err *err)
{
	const struct common *common = &convert->common;

	if (convert->from == CONVERT_YAML && convert->to == CONVERT_YAML)
		return err_input(err, NULL,
			"IN and OUT are both templates; `pktsmith show --format yaml' writes one "
			"with its values filled in");
	if (convert->from != CONVERT_YAML &&
		(common->define_count || common->set_count || common->interface || convert->count ||
			common->seed))
		return err_input(err, NULL,
			"-D, -s, -i, -n and --seed are for templates, and %s is %s", convert->in,
			convert_names[convert->from]);
	if (convert->split && (convert->to != CONVERT_YAML || !strcmp(convert->out, "-")))
		return err_input(
			err, NULL, "--split writes templates: OUT is a name such as out.yaml");
	return 0;
}

int convert_check(struct convert *convert, struct err *err)
{
	int error = choose_formats(convert, err);

	if (!error)
		error = check_template_options(convert, err);
	if (error)
		return error;
	if (same_file(convert->in, convert->out))
		return err_input(err, NULL, "IN and OUT are the same file: %s", convert->in);
	if (convert->to != CONVERT_HEX && convert->to != CONVERT_YAML &&
		!strcmp(convert->out, "-") && isatty(STDOUT_FILENO))
		return err_input(err, NULL, "%s is not for a terminal; give OUT a name",
			convert_names[convert->to]);
	return 0;
}

/* convert.h: where frames come from and where they go; for cmd_convert.c and its files. */
#ifndef CLI_CONVERT_H
#define CLI_CONVERT_H

#include "cli/cli.h"
#include "wire/crc32.h"

enum convert_format {
	CONVERT_YAML, /* a template */
	CONVERT_PCAP,
	CONVERT_PCAPNG,
	CONVERT_HEX,
	CONVERT_RAW,
	CONVERT_FORMATS,
};

extern const char *const convert_names[CONVERT_FORMATS]; /* "yaml", "pcap", ... */

struct convert {
	struct common common;
	const char *in, *out;
	enum convert_format from, to;
	bool in_fcs;	/* the input's frames end with their FCS */
	bool split;	/* a template a frame */
	uint64_t count; /* of a template's run; 0: each of its frames once */
};

/* Fills in from and to where no option gave them; -EINVAL with *err where the two files, or the
 * options, do not go together. */
int convert_check(struct convert *convert, struct err *err);

/* A frame on its way; its octets are valid until the source's next call. */
struct convert_frame {
	const char *name; /* NULL where it has none */
	const uint8_t *octets;
	uint32_t length;  /* octets here, without FCS */
	uint32_t missing; /* octets that a snap length cut off */
	bool has_fcs;
	uint8_t fcs[FCS_LENGTH];
	uint64_t time_ns;
};

/* ---- sources ---- */

struct convert_source;

/* Opens convert->in. */
int convert_source_open(struct convert_source **ret, struct convert *convert, struct err *err);

/* 1: *ret is filled; 0: no more; -errno with *err. */
int convert_source_next(struct convert_source *source, struct convert_frame *ret, struct err *err);

/* True when a frame so far had a value that stands for an interface's, or one that varies. */
bool convert_source_placeholder(const struct convert_source *source);
bool convert_source_varies(const struct convert_source *source);
void convert_source_close(struct convert_source *source);

/* Reads the frames of a hex file one by one; for the source and its tests. */
struct hexfile;

int hexfile_open(struct hexfile **ret, const char *path, struct err *err);
/* As convert_source_next; *ret is valid until the next call. */
int hexfile_next(struct hexfile *file, const uint8_t **ret, size_t *ret_length, struct err *err);
void hexfile_close(struct hexfile *file);

/* ---- the output ---- */

/* The name of the template of a frame, counted from 1, of --split: "out.yaml" is "out-12.yaml". To
 * be freed. */
char *convert_split_name(const char *path, uint64_t number);

struct convert_sink;

/* Writes beside convert->out; nothing is there under its name before convert_sink_finish. */
int convert_sink_open(struct convert_sink **ret, struct convert *convert, struct err *err);
int convert_sink_put(struct convert_sink *sink, const struct convert_frame *frame, struct err *err);

/* Completes the output and gives it its name. */
int convert_sink_finish(struct convert_sink *sink, struct err *err);

/* Frees sink; what was not finished is removed. NULL is harmless. */
void convert_sink_close(struct convert_sink *sink);

/* ---- files that appear whole ---- */

/* A file that is written under another name beside its own, and renamed. */
struct newfile {
	char *path;	 /* to be; NULL for standard output */
	char *temporary; /* where it is written; NULL where path is written as it is: a device, a
			    pipe */
};

/* Caller's storage. "-" is standard output. newfile_write_path says where to write. */
int newfile_init(struct newfile *file, const char *path, struct err *err);
const char *newfile_write_path(const struct newfile *file);
int newfile_put(const struct newfile *file, const struct buffer *content, struct err *err);
int newfile_finish(struct newfile *file, struct err *err);
void newfile_fini(struct newfile *file); /* removes what was not finished */

#endif

/* replay.h: what the parts of the command replay share. */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/transmit/transmit.h"
#include "flow/fcs.h"
#include "flow/replay.h"

struct replay_options {
	struct common common;
	struct transmit_options transmit;
	const char *file;
	struct replay_config config;
	const char
		*server_interface; /* frames that --client does not take leave by it; NULL: none */
	const char *client;	   /* pcap-filter(7) */
	const char **maps;
	size_t map_count;
	uint64_t count; /* frames, over all passes, where counted */
	bool counted;
	struct pace_config pace;
	bool rated, gapped;
	uint64_t duration_ns;
	const char *write;  /* a capture file */
	const char *report; /* a page of HTML */
	bool stream, dry_run;
};

extern const struct argp replay_argp; /* its input is a struct replay_options */

/* What came of it, in the page. */
struct page;
void replay_page(struct page *page, const struct replay_options *options,
	const struct replay_counts *counts, const struct transmit *transmit,
	const struct transmit_outcome *outcome);

/* The rules of --set and --map, the arena's, into options->config. */
int replay_rules_read(struct replay_options *options, struct err *err);

#endif

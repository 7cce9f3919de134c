/* options.h: the keys of the options of the command measure, and which go with what. */
#ifndef CLI_MEASURE_OPTIONS_H
#define CLI_MEASURE_OPTIONS_H

#include "cli/measure/measure.h"

enum measure_key {
	KEY_TX = 0x100,
	KEY_RX,
	KEY_TX_NETNS,
	KEY_RX_NETNS,
	KEY_ENGINE,
	KEY_WAIT,
	KEY_ALLOW_LOSS,
	KEY_SAMPLE,
	KEY_STREAMS,
	KEY_SAME_CLOCK,
	KEY_SEND,
	KEY_RECEIVE,
	KEY_MERGE,
	KEY_SIZES,
	KEY_TRIAL,
	KEY_RESOLUTION,
	KEY_MAX_RATE,
	KEY_REPORT,
};

/* Notes that the option was said; one that is of use always is not noted. */
void measure_note_use(struct measure_options *o, int key);

/* What would be passed over in silence is a usage error. */
void measure_check_uses(struct argp_state *state, const struct measure_options *o);

#endif

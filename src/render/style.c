/* The two styles: with escape sequences and without. */
#include "render/render.h"

const struct render_style render_plain = {
	.layer = "",
	.field = "",
	.value = "",
	.dim = "",
	.good = "",
	.bad = "",
	.strong = "",
	.reset = "",
	.layers = { "", "", "", "", "", "", "", "" },
};

/* Colours of the terminal's own palette, so that they suit dark and light ones. */
const struct render_style render_colored = {
	.layer = "\033[1;34m",
	.field = "",
	.value = "\033[36m",
	.dim = "\033[2m",
	.good = "\033[32m",
	.bad = "\033[1;31m",
	.strong = "\033[1m",
	.reset = "\033[0m",
	.layers = {
		[0] = "\033[34m",
		[1] = "\033[32m",
		[2] = "\033[33m",
		[3] = "\033[35m",
		[4] = "\033[36m",
		[COLOR_PAYLOAD] = "",
		[COLOR_PADDING] = "\033[2m",
		[COLOR_FCS] = "",
	},
	.octets = true,
};

/* The two styles: with escape sequences and without. */
#include "render/render.h"

const struct render_style render_plain = {
	.layer = "", .field = "", .value = "", .dim = "", .good = "", .bad = "", .reset = ""
};

/* Colours of the terminal's own palette, so that they suit dark and light ones. */
const struct render_style render_colored = {
	.layer = "\033[1;34m",
	.field = "",
	.value = "\033[36m",
	.dim = "\033[2m",
	.good = "\033[32m",
	.bad = "\033[1;31m",
	.reset = "\033[0m",
};

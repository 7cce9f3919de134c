/* color.h: which of the palette's colours a layer has, the same on a terminal and in a picture. */
#ifndef RENDER_COLOR_H
#define RENDER_COLOR_H

#include "frame/view.h"

enum color {
	COLOR_LAYERS = 5, /* 0 to 4: headers, in turn, so that neighbours differ */
	COLOR_PAYLOAD = COLOR_LAYERS,
	COLOR_PADDING,
	COLOR_FCS,
	COLOR_COUNT,
};

/* Of the layer with this index. */
unsigned int color_of_layer(const struct frame_view *view, unsigned int index);

#endif

/* tally.h: sums and differences of what links count. */
#ifndef FLOW_TALLY_H
#define FLOW_TALLY_H

#include "link/link.h"

/* What the link did since it counted `before`: a link may have run before. */
void tally_since(const struct link *link, const struct link_stats *before, struct link_stats *ret);

void tally_add(struct link_stats *into, const struct link_stats *from);

#endif

/* Which trials the benchmarks of RFC 2544 make. */
#include "measure/rfc2544.h"

/* An offer that falls short by more is the sender's limit. */
#define OFFERED_MIN 0.99

/* IEEE 802.3: preamble and start, and the gap after. */
#define MEDIUM_OCTETS 20U

#define TENTHS 10U

const uint32_t rfc2544_sizes[RFC2544_SIZES] = { 64, 128, 256, 512, 1024, 1280, 1518 };

void rfc2544_search_begin(struct rfc2544_search *search, double most, double resolution)
{
	*search = (struct rfc2544_search){ .most = most, .resolution = resolution };
}

bool rfc2544_search_next(const struct rfc2544_search *search, double *ret)
{
	if (search->over)
		return false;
	*ret = search->high > 0 ? (search->low + search->high) / 2 : search->most;
	return true;
}

void rfc2544_search_tell(struct rfc2544_search *search, double asked, double offered, bool passed)
{
	search->trials++;
	if (passed && offered < asked * OFFERED_MIN) {
		/* More than it can offer need not be asked. */
		if (offered > search->low)
			search->low = offered;
		search->limited = true;
		search->over = true;
		return;
	}
	if (passed)
		search->low = asked;
	else
		search->high = asked;
	search->over = passed && search->high <= 0;
	if (search->high > 0 && search->high - search->low <= search->resolution * search->most)
		search->over = true;
}

void rfc2544_steps_begin(struct rfc2544_steps *steps)
{
	*steps = (struct rfc2544_steps){ .tenths = TENTHS };
}

void rfc2544_steps_tell(struct rfc2544_steps *steps, bool clean)
{
	if (clean && steps->clean)
		steps->tenths = 0;
	else
		steps->tenths--;
	steps->clean = clean;
}

double rfc2544_frames(double bits_per_second, uint32_t size)
{
	return bits_per_second / (8.0 * (size + MEDIUM_OCTETS));
}

/* Round trips, for --json. */
#include "base/histogram.h"
#include "cli/cli.h"

struct json *cli_times_json(const struct histogram *times)
{
	struct json *json = json_object();

	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++) {
		const struct histogram_share *row = &histogram_shares[i];

		if (!row->fine)
			json_set(json, row->name,
				times->count ? json_number(histogram_quantile(times, row->share))
					     : json_null());
	}
	return json;
}

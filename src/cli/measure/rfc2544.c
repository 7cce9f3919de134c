/* measure rfc2544 */
#include "cli/measure/measure.h"

int measure_rfc2544(struct measure_options *options)
{
	(void)options;
	return EXIT_REFUSED;
}

/* What ICMP and ICMPv6 errors are called: IANA's parameters. */
#include "match/answer_claim.h"

struct error_row {
	uint8_t type;
	int code; /* -1: any other */
	const char *name;
};

/* clang-format off */
static const struct error_row errors[] = {
	{ 3, 0, "network unreachable" },
	{ 3, 1, "host unreachable" },
	{ 3, 2, "protocol unreachable" },
	{ 3, 3, "port unreachable" },
	{ 3, 4, "fragmentation needed" },
	{ 3, 5, "source route failed" },
	{ 3, 6, "network unknown" },
	{ 3, 7, "host unknown" },
	{ 3, 9, "network prohibited" },
	{ 3, 10, "host prohibited" },
	{ 3, 11, "network unreachable for this service" },
	{ 3, 12, "host unreachable for this service" },
	{ 3, 13, "administratively prohibited" },
	{ 3, -1, "unreachable" },
	{ 4, -1, "source quench" },
	{ 5, -1, "redirect" },
	{ 11, 0, "time exceeded" },
	{ 11, 1, "reassembly time exceeded" },
	{ 11, -1, "time exceeded" },
	{ 12, -1, "parameter problem" },
};

static const struct error_row errors_ipv6[] = {
	{ 1, 0, "no route" },
	{ 1, 1, "administratively prohibited" },
	{ 1, 2, "beyond the scope of the source address" },
	{ 1, 3, "address unreachable" },
	{ 1, 4, "port unreachable" },
	{ 1, 5, "source address refused" },
	{ 1, 6, "route rejected" },
	{ 1, -1, "unreachable" },
	{ 2, -1, "packet too big" },
	{ 3, 0, "time exceeded" },
	{ 3, 1, "reassembly time exceeded" },
	{ 3, -1, "time exceeded" },
	{ 4, 1, "unrecognized next header" },
	{ 4, 2, "unrecognized option" },
	{ 4, -1, "parameter problem" },
};
/* clang-format on */

const char *answer_error_name(bool is_ipv6, uint8_t type, uint8_t code)
{
	const struct error_row *rows = is_ipv6 ? errors_ipv6 : errors;
	size_t count = is_ipv6 ? sizeof(errors_ipv6) / sizeof(errors_ipv6[0])
			       : sizeof(errors) / sizeof(errors[0]);

	for (size_t i = 0; i < count; i++)
		if (rows[i].type == type && (rows[i].code == code || rows[i].code < 0))
			return rows[i].name;
	return "error";
}

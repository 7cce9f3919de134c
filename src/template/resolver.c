/* Stands in for an interface where there is none: documentation addresses, marked as such. */
#include "template/template.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *text;
} facts[] = {
	{ "if.mac", "02:00:00:00:00:01" },
	{ "if.ipv4", "192.0.2.1" },
	{ "if.ipv6", "2001:db8::1" },
	{ "if.mtu", "1500" },
	{ "hop.mac", "02:00:00:00:00:02" },
};

static int resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	(void)context;
	(void)destination;
	(void)length;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (strcmp(facts[i].name, name) != 0)
			continue;
		snprintf(text, size, "%s", facts[i].text);
		*placeholder = true;
		return 0;
	}
	return err_input(err, NULL, "$%s is not known without an interface", name);
}

const struct resolver resolver_placeholder = { .resolve = resolve };

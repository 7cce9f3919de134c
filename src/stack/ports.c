/* The ports that the kernel gives to who asks for none in particular: for who chooses one itself.
 */
#include "stack/outside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RANGE	 "/proc/sys/net/ipv4/ip_local_port_range" /* of IPv6, too */
#define RESERVED "/proc/sys/net/ipv4/ip_local_reserved_ports"

static void mark(uint8_t *ports, unsigned int first, unsigned int last, bool to)
{
	for (; first <= last && first <= UINT16_MAX; first++) {
		uint8_t bit = (uint8_t)(1U << first % 8);

		ports[first / 8] = (uint8_t)(to ? ports[first / 8] | bit : ports[first / 8] & ~bit);
	}
}

/* "8080,9148-9150"; an empty line where there are none. */
static void take_reserved(uint8_t *ports)
{
	FILE *file = fopen(RESERVED, "re");
	unsigned int first, last;

	while (file && fscanf(file, "%u", &first) == 1) {
		last = first;
		if (fscanf(file, "-%u", &last) < 0)
			last = first;
		mark(ports, first, last, false);
		if (fgetc(file) != ',')
			break;
	}
	if (file)
		fclose(file);
}

int ports_read(uint8_t ret[OUTSIDE_PORTS / 8])
{
	FILE *file = fopen(RANGE, "re");
	unsigned int first, last;
	int read;

	if (!file)
		return -errno;
	read = fscanf(file, "%u %u", &first, &last);
	fclose(file);
	if (read != 2)
		return -EINVAL;
	memset(ret, 0, OUTSIDE_PORTS / 8);
	mark(ret, first, last, true);
	take_reserved(ret);
	return 0;
}

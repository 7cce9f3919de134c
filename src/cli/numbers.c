/* Numbers as people read them. */
#include "cli/numbers.h"

#include "base/buffer.h"

#include <stdbool.h>
#include <stdio.h>

/* A shorter run is told in microseconds. */
#define SHORT_NS 10000000U

double numbers_seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

double numbers_per_second(uint64_t amount, uint64_t ns)
{
	return ns ? (double)amount * 1e9 / (double)ns : 0;
}

/* "1,234,567". */
void numbers_put(struct buffer *out, uint64_t value)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);

	for (int i = 0; i < length; i++)
		buffer_printf(out, "%s%c", i && (length - i) % 3 == 0 ? "," : "", digits[i]);
}

void numbers_put_count(struct buffer *out, uint64_t count, const char *noun)
{
	numbers_put(out, count);
	buffer_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

/* "4.80 Mbit/s", "0.50 frames/s", "12 frames/s". */
void numbers_put_scaled(struct buffer *out, double value, const char *unit)
{
	static const char *const prefixes[] = { "", "k", "M", "G", "T" };
	unsigned int i = 0;
	bool fine;

	while (value >= 1000 && i + 1 < sizeof(prefixes) / sizeof(prefixes[0])) {
		value /= 1000;
		i++;
	}
	fine = i || (value < 10 && value > (double)(unsigned int)value);
	buffer_printf(out, "%.*f %s%s", fine ? 2 : 0, value, prefixes[i], unit);
}

/* "12.3 us". */
void numbers_put_time(struct buffer *out, double ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	unsigned int i = 0;

	for (; ns >= 1000 && i < 3; i++)
		ns /= 1000;
	buffer_printf(out, "%.*f %s", ns < 10 ? 3 : ns < 100 ? 2 : ns < 1000 ? 1 : 0, ns, units[i]);
}

void numbers_put_elapsed(struct buffer *out, uint64_t ns)
{
	if (ns < SHORT_NS)
		buffer_printf(out, "in %.0f us", (double)ns / 1000);
	else
		buffer_printf(out, "in %.3f s", numbers_seconds(ns));
}

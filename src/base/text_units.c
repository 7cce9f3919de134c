/* Durations, sizes and rates as people write them. */
#include "base/text.h"

#include "base/err.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* "12.5": 125 with one decimal. */
struct decimal {
	uint64_t digits;
	unsigned int decimals;
};

/* Appends length decimal digits to the number; false where it leaves 64 bits. */
static bool digits_add(struct decimal *decimal, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (__builtin_mul_overflow(decimal->digits, 10, &decimal->digits) ||
			__builtin_add_overflow(
				decimal->digits, (uint64_t)(text[i] - '0'), &decimal->digits))
			return false;
	return true;
}

#define DIGITS "0123456789"

/* Returns what follows the number, NULL where text does not begin with one of at most 18 decimals.
 */
static const char *decimal_parse(const char *text, struct decimal *ret)
{
	size_t whole = strspn(text, DIGITS);
	const char *end = text + whole;
	size_t decimals;

	*ret = (struct decimal){ 0 };
	if (!whole || !digits_add(ret, text, whole))
		return NULL;
	if (*end != '.')
		return end;
	end++;
	decimals = strspn(end, DIGITS);
	if (!decimals || decimals > 18 || !digits_add(ret, end, decimals))
		return NULL;
	ret->decimals = (unsigned int)decimals;
	return end + decimals;
}

/* *ret = decimal * scale; false where that is no whole number of 64 bits. */
static bool decimal_scale(const struct decimal *decimal, uint64_t scale, uint64_t *ret)
{
	unsigned __int128 product = (unsigned __int128)decimal->digits * scale;

	for (unsigned int i = 0; i < decimal->decimals; i++) {
		if (product % 10)
			return false;
		product /= 10;
	}
	if (product > UINT64_MAX)
		return false;
	*ret = (uint64_t)product;
	return true;
}

struct unit {
	const char *name;
	uint64_t scale;
};

static const struct unit *unit_find(const struct unit *units, const char *name)
{
	for (; units->name; units++)
		if (!strcmp(units->name, name))
			return units;
	return NULL;
}

int text_duration(const char *text, uint64_t *ret_ns, struct err *err)
{
	static const struct unit units[] = {
		{ "", 1000000000 },
		{ "s", 1000000000 },
		{ "ms", 1000000 },
		{ "us", 1000 },
		{ "ns", 1 },
		{ "m", 60000000000 },
		{ "h", 3600000000000 },
		{ NULL, 0 },
	};
	struct decimal decimal;
	const char *suffix = decimal_parse(text, &decimal);
	const struct unit *unit = suffix ? unit_find(units, suffix) : NULL;

	if (!unit)
		return err_input(err, NULL,
			"\"%s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h", text);
	if (!decimal_scale(&decimal, unit->scale, ret_ns))
		return err_input(err, NULL,
			"%s is not a whole number of nanoseconds below 2^64 (584 years)", text);
	return 0;
}

int text_size(const char *text, uint64_t *ret, struct err *err)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "k", 1000 },
		{ "K", 1000 },
		{ "M", 1000000 },
		{ "G", 1000000000 },
		{ "T", 1000000000000 },
		{ "Ki", 1ULL << 10 },
		{ "Mi", 1ULL << 20 },
		{ "Gi", 1ULL << 30 },
		{ "Ti", 1ULL << 40 },
		{ NULL, 0 },
	};
	struct decimal decimal;
	const char *suffix = decimal_parse(text, &decimal);
	const struct unit *unit = NULL;
	char name[4] = "";
	size_t length = suffix ? strlen(suffix) : sizeof(name);

	if (length && length <= sizeof(name) && suffix && suffix[length - 1] == 'B')
		length--;
	if (length < sizeof(name)) {
		memcpy(name, suffix, length);
		unit = unit_find(units, name);
	}
	if (!unit)
		return err_input(
			err, NULL, "\"%s\" is not a size: such as 100, 64k, 100MB, 1GiB", text);
	if (!decimal_scale(&decimal, unit->scale, ret))
		return err_input(err, NULL, "%s is not a whole number of octets below 2^64", text);
	return 0;
}

/* Passes over k, M, G or T and returns what it multiplies by. */
static double prefix_skip(const char **text)
{
	static const char prefixes[] = "kMGT";
	const char *found = **text ? strchr(prefixes, **text) : NULL;
	double scale = 1;

	if (!found)
		return 1;
	(*text)++;
	for (; found >= prefixes; found--)
		scale *= 1000;
	return scale;
}

int text_rate(const char *text, struct text_rate *ret, struct err *err)
{
	static const struct {
		const char *name;
		enum text_rate_unit unit;
	} units[] = {
		{ "pps", TEXT_RATE_FRAMES },
		{ "/s", TEXT_RATE_FRAMES },
		{ "bps", TEXT_RATE_BITS },
		{ "bps-wire", TEXT_RATE_WIRE_BITS },
	};
	struct decimal decimal;
	const char *p;
	double value;

	if (!strcmp(text, "max")) {
		*ret = (struct text_rate){ .unit = TEXT_RATE_MAX };
		return 0;
	}
	p = decimal_parse(text, &decimal);
	if (!p)
		goto bad;
	value = (double)decimal.digits * prefix_skip(&p);
	for (unsigned int i = 0; i < decimal.decimals; i++)
		value /= 10;
	if (!*p)
		return err_input(err, NULL,
			"\"%s\" has no unit: frames a second such as 10kpps, bits a second such as "
			"100Mbps, or max",
			text);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(p, units[i].name) != 0)
			continue;
		if (!decimal.digits)
			return err_input(
				err, NULL, "a rate of %s sends nothing: more than 0, or max", text);
		*ret = (struct text_rate){ .unit = units[i].unit, .value = value };
		return 0;
	}
bad:
	return err_input(err, NULL,
		"\"%s\" is not a rate: such as 10kpps, 1000/s, 100Mbps, 1Gbps-wire, max", text);
}

/* text[0 .. length) as a rate. */
static int part_rate(const char *text, size_t length, struct text_rate *ret, struct err *err)
{
	char part[64];

	if (length >= sizeof(part))
		return err_input(
			err, NULL, "a rate is no longer than %zu characters", sizeof(part) - 1);
	memcpy(part, text, length);
	part[length] = '\0';
	return text_rate(part, ret, err);
}

int text_ramp(const char *text, struct text_ramp *ret, struct err *err)
{
	const char *dots = strstr(text, "..");
	const char *slash = strrchr(text, '/'); /* the last: a rate may be "1000/s" */
	struct text_ramp ramp = { 0 };
	int r;

	if (!dots) {
		r = text_rate(text, &ramp.from, err);
		ramp.to = ramp.from;
		if (!r)
			*ret = ramp;
		return r;
	}
	if (!slash || slash < dots || !strcmp(slash, "/s"))
		return err_input(err, NULL, "a ramp says how long it takes, as in %s/10s", text);
	r = part_rate(text, (size_t)(dots - text), &ramp.from, err);
	if (!r)
		r = part_rate(dots + 2, (size_t)(slash - dots) - 2, &ramp.to, err);
	if (!r)
		r = text_duration(slash + 1, &ramp.ns, err);
	if (r)
		return r;
	if (ramp.from.unit != ramp.to.unit || ramp.from.unit == TEXT_RATE_MAX)
		return err_input(err, NULL,
			"a ramp goes from one rate to another of the same unit, as in "
			"1kpps..100kpps/10s");
	if (!ramp.ns)
		return err_input(err, NULL, "a ramp takes more than no time, as in %.*s/10s",
			(int)(slash - text), text);
	*ret = ramp;
	return 0;
}

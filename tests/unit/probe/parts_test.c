/* Which frames are one datagram: by their octets, as whoever puts them together again sees them. */
#include "probe/parts.h"

#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH 78U

struct bench {
	uint8_t octets[8][LENGTH];
	struct patch_frame frames[8];
	unsigned int count;
	struct patch_program program;
	struct probe_part *parts;
};

static uint8_t *add(struct bench *b)
{
	uint8_t *octets = b->octets[b->count];

	b->frames[b->count++] =
		(struct patch_frame){ .octets = octets, .length = LENGTH, .weight = 1 };
	return octets;
}

static void add_ipv4(struct bench *b, uint16_t id, uint16_t flags_offset)
{
	uint8_t *ip = add(b) + 14;

	bytes_put_be16(ip - 2, 0x0800);
	ip[0] = 0x45;
	bytes_put_be16(ip + 2, LENGTH - 14);
	bytes_put_be16(ip + 4, id);
	bytes_put_be16(ip + 6, flags_offset);
	ip[8] = 64;
	ip[9] = 17;
	bytes_put_be32(ip + 12, 0x0a000001);
	bytes_put_be32(ip + 16, 0x0a000002);
}

/* Behind a header of options for each hop. */
static void add_ipv6(struct bench *b, uint32_t id, uint16_t offset_more)
{
	uint8_t *ip = add(b) + 14;

	bytes_put_be16(ip - 2, 0x86dd);
	ip[0] = 0x60;
	bytes_put_be16(ip + 4, LENGTH - 54);
	ip[6] = 0;
	ip[7] = 64;
	ip[23] = 1;
	ip[39] = 2;
	ip[40] = 44;
	ip[48] = 17;
	bytes_put_be16(ip + 50, offset_more);
	bytes_put_be32(ip + 52, id);
}

static void find(struct bench *b)
{
	patch_program_init(&b->program, b->frames, b->count);
	assert_int_equal(probe_parts_find(&b->program, &b->parts), 0);
}

static void is_part(
	const struct bench *b, uint64_t index, unsigned int before, unsigned int after, int probe)
{
	struct probe_part part = probe_part_at(b->parts, &b->program, index);

	assert_int_equal(part.before, before);
	assert_int_equal(part.after, after);
	assert_int_equal(part.probe, probe);
}

static void whole_datagrams_have_no_parts(void **state)
{
	struct bench b = { 0 };

	(void)state;
	add_ipv4(&b, 1, 0);
	add_ipv4(&b, 1, 0x4000);
	find(&b);
	assert_null(b.parts);
	is_part(&b, 1, 0, 0, 0);
}

static void fragments_of_one_datagram_are_one_probe(void **state)
{
	struct bench b = { 0 };

	(void)state;
	add_ipv4(&b, 7, 0x2000);
	add_ipv4(&b, 7, 0x2006);
	add_ipv4(&b, 7, 0x000c);
	add_ipv4(&b, 7, 0);
	find(&b);
	/* Passes repeat. */
	for (uint64_t pass = 0; pass < 8; pass += 4) {
		is_part(&b, pass, 0, 2, 0);
		is_part(&b, pass + 1, 1, 1, -1);
		is_part(&b, pass + 2, 2, 0, -2);
		is_part(&b, pass + 3, 0, 0, 0);
	}
	free(b.parts);
}

static void the_first_fragment_may_come_last(void **state)
{
	struct bench b = { 0 };

	(void)state;
	add_ipv4(&b, 7, 0x0006);
	add_ipv4(&b, 7, 0x2000);
	add_ipv4(&b, 8, 0x2000);
	add_ipv4(&b, 8, 0x0006);
	find(&b);
	is_part(&b, 0, 0, 1, 1);
	is_part(&b, 1, 1, 0, 0);
	is_part(&b, 2, 0, 1, 0);
	is_part(&b, 3, 1, 0, -1);
	free(b.parts);
}

static void fragments_of_ipv6_are_known_by_their_header(void **state)
{
	struct bench b = { 0 };

	(void)state;
	add_ipv6(&b, 0x12345678, 0x0001);
	add_ipv6(&b, 0x12345678, 0x0008);
	add_ipv6(&b, 0x12345679, 0x0001);
	find(&b);
	is_part(&b, 0, 0, 1, 0);
	is_part(&b, 1, 1, 0, -1);
	is_part(&b, 2, 0, 0, 0);
	free(b.parts);
}

/* What answers the rest alone nobody knows: each is asked for itself. */
static void without_the_first_each_stands_for_itself(void **state)
{
	struct bench b = { 0 };

	(void)state;
	add_ipv4(&b, 7, 0x2006);
	add_ipv4(&b, 7, 0x000c);
	find(&b);
	is_part(&b, 0, 0, 1, 0);
	is_part(&b, 1, 1, 0, 0);
	free(b.parts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_datagrams_have_no_parts),
		cmocka_unit_test(fragments_of_one_datagram_are_one_probe),
		cmocka_unit_test(the_first_fragment_may_come_last),
		cmocka_unit_test(fragments_of_ipv6_are_known_by_their_header),
		cmocka_unit_test(without_the_first_each_stands_for_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

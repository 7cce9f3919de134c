/* reassembly: whole packets of their fragments, in any order, and of nothing else. */
#include "flow/reassembly.h"

#include "base/random.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t source[16] = { 10, 9, 0, 1 }, destination[16] = { 10, 9, 0, 2 };

struct part {
	size_t offset, length;
	bool last;
};

struct scene {
	struct reassembly *reassembly;
	uint8_t address_length;
	uint8_t octets[IP_PAYLOAD_MAX];
	struct reassembly_packet packet;
};

static int scene_setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	assert_int_equal(reassembly_new(&scene->reassembly), 0);
	scene->address_length = 4;
	for (size_t i = 0; i < sizeof(scene->octets); i++)
		scene->octets[i] = (uint8_t)random_at(1, i);
	*state = scene;
	return 0;
}

static int scene_teardown(void **state)
{
	struct scene *scene = *state;

	reassembly_free(scene->reassembly);
	free(scene);
	return 0;
}

static struct ip_header header_of(const struct scene *scene, uint32_t id, const struct part *part)
{
	return (struct ip_header){
		.address_length = scene->address_length,
		.protocol = IPPROTO_UDP,
		.source = source,
		.destination = destination,
		.length = part->length,
		.fragment = true,
		.more = !part->last,
		.id = id,
		.fragment_offset = (uint32_t)part->offset,
	};
}

static int add_at(struct scene *scene, uint32_t id, const struct part *part, uint64_t now)
{
	struct ip_header header = header_of(scene, id, part);

	return reassembly_add(scene->reassembly, &header,
		scene->octets + part->offset % IP_PAYLOAD_MAX, now, &scene->packet);
}

static int add(struct scene *scene, uint32_t id, size_t offset, size_t length, bool last)
{
	const struct part part = { offset, length, last };

	return add_at(scene, id, &part, 0);
}

static void is_whole(const struct scene *scene, size_t length)
{
	assert_int_equal(scene->packet.length, length);
	assert_memory_equal(scene->packet.payload, scene->octets, length);
	assert_memory_equal(scene->packet.source, source, 4);
	assert_memory_equal(scene->packet.destination, destination, 4);
	assert_int_equal(scene->packet.protocol, IPPROTO_UDP);
}

static void fragments_in_order_make_the_packet(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 0, 1480, false), 0);
	assert_int_equal(add(scene, 1, 1480, 1480, false), 0);
	assert_int_equal(add(scene, 1, 2960, 41, true), 1);
	is_whole(scene, 3001);
}

static void fragments_in_any_order_and_size_make_the_packet(void **state)
{
	struct scene *scene = *state;

	for (uint32_t run = 0; run < 300; run++) {
		struct part parts[64];
		size_t total = 1 + random_at(run, 0) % IP_PAYLOAD_MAX, at = 0, count = 0;
		uint64_t root;

		while (at < total) {
			size_t length = (1 + random_at(run, 1 + count) % 400) * 8;

			if (length >= total - at || count == 63)
				length = total - at;
			parts[count++] = (struct part){ at, length, at + length == total };
			at += length;
		}
		root = random_root(count);
		for (size_t i = 0; i < count; i++) {
			uint64_t which = random_permute(run, root, count, i);
			int r = add_at(scene, run, &parts[which], 0);

			assert_int_equal(r, i + 1 == count);
		}
		is_whole(scene, total);
	}
}

static void packets_of_other_identifications_do_not_mix(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 0, 8, false), 0);
	assert_int_equal(add(scene, 2, 8, 8, true), 0);
	assert_int_equal(add(scene, 2, 0, 8, false), 1);
	assert_int_equal(add(scene, 1, 8, 9, true), 1);
	is_whole(scene, 17);
}

static void an_exact_copy_of_a_fragment_changes_nothing(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 0, 16, false), 0);
	assert_int_equal(add(scene, 1, 0, 16, false), 0);
	assert_int_equal(add(scene, 1, 16, 8, true), 1);
	is_whole(scene, 24);
}

/* Teardrop and its kin. */
static void rfc5722_overlapping_fragments_end_the_packet_and_all_that_comes_of_it(void **state)
{
	static const struct part overlaps[] = { { 8, 24, false }, { 16, 8, true }, { 0, 8, false },
		{ 8, 8, true }, { 0, 40, true } };

	for (size_t i = 0; i < sizeof(overlaps) / sizeof(overlaps[0]); i++) {
		struct scene *scene = *state;
		uint32_t id = 100 + (uint32_t)i;

		assert_int_equal(add(scene, id, 0, 24, false), 0);
		scene->octets[overlaps[i].offset] ^= 1; /* other data than before */
		assert_int_equal(add_at(scene, id, &overlaps[i], 0), -EINVAL);
		scene->octets[overlaps[i].offset] ^= 1;
		assert_int_equal(add(scene, id, 24, 8, true), 0);
		assert_int_equal(add(scene, id, 0, 24, false), 0);
	}
}

static void a_packet_beyond_65535_octets_is_given_up(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 65528, 16, true), -EINVAL); /* the ping of death */
	assert_int_equal(add(scene, 2, 65528, 7, true), 0);
}

static void a_middle_fragment_not_in_units_of_8_is_refused(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 0, 13, false), -EINVAL);
}

static void an_empty_fragment_is_refused(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 0, 0, false), -EINVAL);
	assert_int_equal(add(scene, 1, 8, 0, true), -EINVAL);
}

static void two_different_ends_are_refused(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(add(scene, 1, 16, 8, true), 0);
	assert_int_equal(add(scene, 1, 32, 8, true), -EINVAL);
	assert_int_equal(add(scene, 2, 32, 8, false), 0);
	assert_int_equal(add(scene, 2, 16, 8, true), -EINVAL);
}

static void what_never_gets_whole_is_dropped_after_its_time(void **state)
{
	struct scene *scene = *state;
	const struct part first = { 0, 8, false }, last = { 8, 8, true };

	assert_true(reassembly_deadline(scene->reassembly) == UINT64_MAX);
	assert_int_equal(add_at(scene, 1, &first, 5), 0);
	assert_true(reassembly_deadline(scene->reassembly) == 5 + REASSEMBLY_TIME_NS);
	assert_int_equal(reassembly_expire(scene->reassembly, 4 + REASSEMBLY_TIME_NS), 0);
	assert_int_equal(reassembly_expire(scene->reassembly, 5 + REASSEMBLY_TIME_NS), 1);
	assert_int_equal(add_at(scene, 1, &last, 5 + REASSEMBLY_TIME_NS), 0);
}

static void a_flood_of_first_fragments_takes_the_place_of_the_oldest_alone(void **state)
{
	struct scene *scene = *state;
	const struct part first = { 0, 8, false }, last = { 8, 8, true };
	uint32_t id;

	for (id = 0; id < 10 * REASSEMBLY_PACKETS_MAX; id++)
		assert_int_equal(add_at(scene, id, &first, id), 0);
	assert_int_equal(add_at(scene, id - 1, &last, id), 1);
	assert_int_equal(add_at(scene, id - REASSEMBLY_PACKETS_MAX, &last, id), 1);
	assert_int_equal(add_at(scene, 0, &last, id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)
		TEST(fragments_in_order_make_the_packet),
		TEST(fragments_in_any_order_and_size_make_the_packet),
		TEST(packets_of_other_identifications_do_not_mix),
		TEST(an_exact_copy_of_a_fragment_changes_nothing),
		TEST(rfc5722_overlapping_fragments_end_the_packet_and_all_that_comes_of_it),
		TEST(a_packet_beyond_65535_octets_is_given_up),
		TEST(a_middle_fragment_not_in_units_of_8_is_refused),
		TEST(an_empty_fragment_is_refused),
		TEST(two_different_ends_are_refused),
		TEST(what_never_gets_whole_is_dropped_after_its_time),
		TEST(a_flood_of_first_fragments_takes_the_place_of_the_oldest_alone),
	};

	return cmocka_run_group_tests_name("reassembly", tests, NULL, NULL);
}

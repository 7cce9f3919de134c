/* Outstanding probes: whose an answer is, and when they are due. */
#include "echo.h"

#include "probe/outstanding.h"
#include "wire/checksum.h"

#define SECOND_NS 1000000000U

struct world {
	struct arena arena;
	struct outstanding o;
	struct answer_verdict verdict;
	uint8_t reply[ECHO_MAX];
};

static void begin(struct world *w, const char *expression, uint64_t places)
{
	struct err err;

	arena_init(&w->arena);
	if (outstanding_init(&w->o, echo_program(&w->arena, expression), places, &err))
		fail_msg("%s", err.text);
}

static void end(struct world *w)
{
	outstanding_fini(&w->o);
	arena_fini(&w->arena);
}

static struct probe_record *add(struct world *w, uint64_t number)
{
	const uint8_t *octets;
	uint32_t length;

	outstanding_request(&w->o, number, &octets, &length);
	return outstanding_add(&w->o, number, octets, length, (number + 1) * SECOND_NS);
}

/* What the reply to a probe is taken for, with one octet of it changed (0: none). */
static enum answer_kind match(
	struct world *w, uint64_t number, uint32_t changed, uint64_t *ret_number)
{
	struct answer_frame received;
	const uint8_t *octets;
	uint32_t length;

	outstanding_request(&w->o, number, &octets, &length);
	echo_reply(octets, length, w->reply);
	if (changed)
		w->reply[changed] ^= 1;
	answer_read(w->reply, length, &received);
	return outstanding_match(&w->o, &received, ret_number, &w->verdict);
}

static void each_of_many_answers_is_its_own_probe_s(void **state)
{
	enum { COUNT = 60000 };
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, COUNT);
	for (uint64_t i = 0; i < COUNT; i++)
		add(&w, i);
	for (uint64_t i = COUNT; i-- > 0;) {
		uint64_t number = UINT64_MAX;

		assert_int_equal(match(&w, i, 0, &number), ANSWER_REPLY);
		assert_int_equal(number, i);
	}
	assert_int_equal(w.o.alike, 0);
	assert_int_equal(w.o.unanswerable, 0);
	end(&w);
}

static void what_answers_none_is_none(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 10);
	add(&w, 0);
	assert_int_equal(match(&w, 5, 0, &number), ANSWER_NEAR);
	/* Two things differ, of which the first is the address that it comes from. */
	assert_int_equal(match(&w, 5, 27, &number), ANSWER_NONE);
	end(&w);
}

static void a_near_miss_is_the_last_probe_s_that_it_may_be_for(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 10);
	add(&w, 0);
	add(&w, 1);
	assert_int_equal(match(&w, 7, 0, &number), ANSWER_NEAR);
	assert_int_equal(number, 1);
	assert_int_equal(w.verdict.reason, ANSWER_OTHER_SEQ);
	end(&w);
}

static void of_probes_that_are_alike_the_one_that_waited_longest_is_answered(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_SAME, 10);
	for (uint64_t i = 0; i < 4; i++)
		add(&w, i);
	assert_int_equal(w.o.alike, 3);
	outstanding_settle(&w.o, outstanding_find(&w.o, 1), PROBE_LOST);
	for (uint64_t wanted = 0; wanted < 4; wanted++) {
		if (wanted == 1)
			continue;
		assert_int_equal(match(&w, 0, 0, &number), ANSWER_REPLY);
		assert_int_equal(number, wanted);
		outstanding_settle(&w.o, outstanding_find(&w.o, number), PROBE_ANSWERED);
	}
	/* One more is the last one's again. */
	assert_int_equal(match(&w, 0, 0, &number), ANSWER_REPLY);
	assert_int_equal(number, 3);
	end(&w);
}

/* What the error of a router that quotes a probe's first 28 octets is taken for. */
static enum answer_kind match_error(struct world *w, uint64_t number, uint64_t *ret_number)
{
	struct answer_frame received;
	const uint8_t *octets;
	uint32_t length;
	uint8_t *ip = w->reply + 14;

	outstanding_request(&w->o, number, &octets, &length);
	memset(w->reply, 0, sizeof(w->reply));
	memcpy(w->reply, octets, 14);
	ip[0] = 0x45;
	bytes_put_be16(ip + 2, 20 + 8 + 28);
	ip[8] = 64;
	ip[9] = 1;
	bytes_put_be32(ip + 12, 0x0a000009);
	memcpy(ip + 16, octets + 26, 4);
	bytes_put_be16(ip + 10, checksum_finish(checksum_add(0, ip, 20)));
	ip[20] = 11;
	memcpy(ip + 28, octets + 14, 28);
	bytes_put_be16(ip + 22, checksum_finish(checksum_add(0, ip + 20, 36)));
	answer_read(w->reply, 14 + 20 + 8 + 28, &received);
	return outstanding_match(&w->o, &received, ret_number, &w->verdict);
}

/* A reply does not tell them apart, but an error quotes the id. */
static void an_error_is_that_of_the_probe_whose_id_it_quotes(void **state)
{
	static const uint64_t order[] = { 3, 1, 4, 0, 2, 3 };
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w,
		ECHO_LINK "ipv4(src=10.0.0.1,dst=10.0.0.2,id=inc(1..1000))/"
			  "icmp(type=echo-request,id=7,seq=1)",
		64);
	for (uint64_t i = 0; i < 5; i++)
		add(&w, i);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_int_equal(match_error(&w, order[i], &number), ANSWER_ERROR);
		assert_int_equal(number, order[i]);
		outstanding_settle(&w.o, outstanding_find(&w.o, number), PROBE_ANSWERED);
	}
	/* Those whose places are taken leave nothing behind. */
	for (uint64_t i = 5; i < 500; i++) {
		uint64_t due;

		add(&w, i);
		assert_int_equal(match_error(&w, i, &number), ANSWER_ERROR);
		assert_int_equal(number, i);
		outstanding_settle(&w.o, outstanding_find(&w.o, i), PROBE_ANSWERED);
		while (outstanding_take_due(&w.o, UINT64_MAX - 1, &due))
			;
	}
	assert_true(w.o.table.used <= 64 * ANSWER_KEYS);
	end(&w);
}

static void of_those_that_not_even_errors_tell_apart_the_oldest_is_answered(void **state)
{
	static const struct {
		uint64_t error_of, wanted;
	} rows[] = { { 1, 0 }, { 2, 2 }, { 0, 1 }, { 4, 3 }, { 3, 4 }, { 5, 5 }, { 4, 4 } };
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w,
		ECHO_LINK "ipv4(src=10.0.0.1,dst=10.0.0.2,id=list(5,5,9))/"
			  "icmp(type=echo-request,id=7,seq=1)",
		64);
	for (uint64_t i = 0; i < 6; i++)
		add(&w, i);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct probe_record *record;

		assert_int_equal(match_error(&w, rows[i].error_of, &number), ANSWER_ERROR);
		assert_int_equal(number, rows[i].wanted);
		record = outstanding_find(&w.o, number);
		if (record->state == PROBE_WAITING)
			outstanding_settle(&w.o, record, PROBE_ANSWERED);
	}
	assert_int_equal(w.o.waiting, 0);
	end(&w);
}

static void a_place_is_taken_by_a_newer_probe_and_those_alike_go_on_without_it(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_SAME, 64);
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t due;

		assert_true(outstanding_has_room(&w.o, i));
		add(&w, i);
		assert_int_equal(match(&w, 0, 0, &number), ANSWER_REPLY);
		assert_int_equal(number, i);
		outstanding_settle(&w.o, outstanding_find(&w.o, i), PROBE_ANSWERED);
		assert_false(outstanding_take_due(&w.o, UINT64_MAX - 1, &due));
	}
	assert_null(outstanding_find(&w.o, 1000 - 65));
	assert_non_null(outstanding_find(&w.o, 1000 - 64));
	/* One of them stands in the table, with its keys. */
	assert_true(w.o.table.used <= ANSWER_KEYS);
	end(&w);
}

static void a_place_of_one_that_waits_is_not_to_be_had(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 64);
	for (uint64_t i = 0; i < 64; i++)
		add(&w, i);
	assert_false(outstanding_has_room(&w.o, 64));
	assert_true(outstanding_take_due(&w.o, SECOND_NS, &number));
	assert_int_equal(number, 0);
	outstanding_settle(&w.o, outstanding_find(&w.o, 0), PROBE_LOST);
	assert_true(outstanding_has_room(&w.o, 64));
	assert_false(outstanding_has_room(&w.o, 65));
	/* It is known as lost until another has its place. */
	assert_int_equal(match(&w, 0, 0, &number), ANSWER_REPLY);
	assert_int_equal(outstanding_find(&w.o, number)->state, PROBE_LOST);
	add(&w, 64);
	assert_int_not_equal(match(&w, 0, 0, &number), ANSWER_REPLY);
	assert_int_equal(match(&w, 64, 0, &number), ANSWER_REPLY);
	assert_int_equal(number, 64);
	end(&w);
}

static void numbers_that_were_refused_wait_for_nothing(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 64);
	add(&w, 3);
	assert_int_equal(outstanding_find(&w.o, 1)->state, PROBE_UNSENT);
	assert_int_equal(w.o.waiting, 1);
	assert_int_equal(match(&w, 1, 0, &number), ANSWER_NEAR);
	assert_int_equal(number, 3);
	end(&w);
}

static void probes_are_due_in_the_order_in_which_they_were_sent_last(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 10);
	assert_int_equal(outstanding_deadline(&w.o), UINT64_MAX);
	for (uint64_t i = 0; i < 4; i++)
		add(&w, i);
	assert_int_equal(outstanding_deadline(&w.o), SECOND_NS);
	assert_false(outstanding_take_due(&w.o, SECOND_NS - 1, &number));
	assert_true(outstanding_take_due(&w.o, SECOND_NS, &number));
	assert_int_equal(number, 0);
	outstanding_wait(&w.o, outstanding_find(&w.o, 0), 9 * (uint64_t)SECOND_NS);
	outstanding_settle(&w.o, outstanding_find(&w.o, 1), PROBE_ANSWERED);
	for (uint64_t wanted = 2; wanted < 4; wanted++) {
		assert_true(outstanding_take_due(&w.o, 5 * (uint64_t)SECOND_NS, &number));
		assert_int_equal(number, wanted);
		outstanding_settle(&w.o, outstanding_find(&w.o, number), PROBE_LOST);
	}
	assert_int_equal(outstanding_deadline(&w.o), 9 * (uint64_t)SECOND_NS);
	end(&w);
}

static void a_frame_that_nothing_answers_is_counted(void **state)
{
	struct world w;

	(void)state;
	/* An error, which nobody answers (RFC 1122 3.2.2). */
	begin(&w,
		ECHO_LINK "ipv4(src=10.0.0.1,dst=10.0.0.2)/icmp(type=3,code=1)/"
			  "ipv4(src=10.0.0.2,dst=10.0.0.1)/udp(sport=1,dport=2)",
		10);
	add(&w, 0);
	assert_int_equal(w.o.unanswerable, 1);
	assert_int_equal(w.o.waiting, 1);
	end(&w);
}

static void garbage_is_read_without_harm(void **state)
{
	uint64_t number;
	struct world w;

	(void)state;
	begin(&w, ECHO_EACH, 1000);
	for (uint64_t i = 0; i < 1000; i++)
		add(&w, i);
	for (uint64_t i = 0; i < 50000; i++) {
		uint8_t octets[ECHO_MAX];
		uint32_t length = (uint32_t)(random_at(1, i) % ECHO_MAX);
		struct answer_frame received;
		const uint8_t *request;
		uint32_t size;

		outstanding_request(&w.o, i % 1000, &request, &size);
		echo_reply(request, size, octets);
		for (uint64_t j = 0; j < 1 + i % 8; j++)
			octets[random_at(i, j) % size] = (uint8_t)random_at(j, i);
		answer_read(octets, length < size ? length : size, &received);
		outstanding_match(&w.o, &received, &number, &w.verdict);
	}
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(match(&w, i, 0, &number), ANSWER_REPLY);
		assert_int_equal(number, i);
	}
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_many_answers_is_its_own_probe_s),
		cmocka_unit_test(what_answers_none_is_none),
		cmocka_unit_test(a_near_miss_is_the_last_probe_s_that_it_may_be_for),
		cmocka_unit_test(of_probes_that_are_alike_the_one_that_waited_longest_is_answered),
		cmocka_unit_test(an_error_is_that_of_the_probe_whose_id_it_quotes),
		cmocka_unit_test(of_those_that_not_even_errors_tell_apart_the_oldest_is_answered),
		cmocka_unit_test(
			a_place_is_taken_by_a_newer_probe_and_those_alike_go_on_without_it),
		cmocka_unit_test(a_place_of_one_that_waits_is_not_to_be_had),
		cmocka_unit_test(numbers_that_were_refused_wait_for_nothing),
		cmocka_unit_test(probes_are_due_in_the_order_in_which_they_were_sent_last),
		cmocka_unit_test(a_frame_that_nothing_answers_is_counted),
		cmocka_unit_test(garbage_is_read_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

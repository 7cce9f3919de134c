/* wrap_given: what a frame of a template gives of its last header. */
#include "stack/wrap.h"

#include "base/arena.h"
#include "base/err.h"

#include "../../support/spec_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BELOW                                              \
	"eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)" \
	"/ipv4(src=10.20.0.1,dst=10.20.0.2)/"

static int try_upper(
	struct stack_wrap **ret, const char *upper, enum wrap_role role, struct err *err)
{
	enum socket_kind kind = strncmp(upper, "tcp", 3) ? SOCKET_UDP : SOCKET_TCP;
	char text[512] = BELOW;
	struct frame_spec spec;
	struct arena arena;
	int r;

	arena_init(&arena);
	strncat(text, upper, sizeof(text) - sizeof(BELOW));
	support_spec(&arena, text, &spec);
	r = stack_wrap_new(ret, &spec, kind, role, err);
	arena_fini(&arena);
	return r;
}

static struct stack_wrap *wrap_of(const char *upper, enum wrap_role role)
{
	struct stack_wrap *wrap = NULL;
	struct err err = { 0 };

	assert_int_equal(try_upper(&wrap, upper, role, &err), 0);
	return wrap;
}

static void refused(const char *upper, const char *why)
{
	struct stack_wrap *wrap = NULL;
	struct err err = { 0 };

	assert_int_equal(try_upper(&wrap, upper, WRAP_OPENS, &err), -EINVAL);
	assert_null(wrap);
	assert_string_equal(err.text, why);
}

/* A header of these flags, as the engine writes it, then with what the frame gives of it. */
static void put(const struct stack_wrap *wrap, uint8_t flags, uint8_t ret[TCP_HEADER_MAX])
{
	const struct tcp_segment segment = { .seq = 1, .ack = 0x01020304, .flags = flags };

	tcp_segment_write(&segment, 1, 2, ret);
	stack_wrap_tcp(wrap, ret);
}

static unsigned int flags_of(const struct stack_wrap *wrap, uint8_t flags)
{
	uint8_t header[TCP_HEADER_MAX];

	put(wrap, flags, header);
	return (header[12] & 1U) << 8 | header[13];
}

static uint32_t ack_of(const struct stack_wrap *wrap, uint8_t flags)
{
	uint8_t header[TCP_HEADER_MAX];

	put(wrap, flags, header);
	return (uint32_t)header[8] << 24 | (uint32_t)header[9] << 16 | (uint32_t)header[10] << 8 |
	       header[11];
}

static void what_is_left_out_is_the_conversations(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp()", WRAP_OPENS);

	(void)state;
	assert_false(wrap->given.source.given || wrap->given.target.given || wrap->given.has_isn);
	assert_false(wrap->given.tcp.has_window || wrap->given.tcp.has_options);
	assert_false(wrap->given.has_checksum || wrap->given.bad_checksum);
	assert_null(wrap->given.notes);
	assert_int_equal(flags_of(wrap, TCP_ACK | TCP_PSH), TCP_ACK | TCP_PSH);
	assert_int_equal(ack_of(wrap, TCP_SYN), 0x01020304);
	stack_wrap_free(wrap);
}

static void ports_and_the_first_number_are_given(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(sport=40000,dport=80,seq=7)", WRAP_OPENS);

	(void)state;
	assert_true(wrap->given.source.given && wrap->given.target.given);
	assert_int_equal(wrap->given.source.port, 40000);
	assert_int_equal(wrap->given.target.port, 80);
	assert_true(wrap->given.has_isn);
	assert_int_equal(wrap->given.isn, 7);
	assert_null(wrap->given.notes);
	stack_wrap_free(wrap);
}

static void without_syn_the_number_is_that_of_the_first_data(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(seq=0,flags=psh|ack)", WRAP_OPENS);

	(void)state;
	assert_int_equal(wrap->given.isn, 0xffffffff);
	stack_wrap_free(wrap);
}

static void flags_with_syn_are_those_of_the_syn(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(flags=syn|ece|cwr|ae|urg|psh)", WRAP_OPENS);

	(void)state;
	assert_int_equal(flags_of(wrap, TCP_SYN), 0x1ea);
	assert_int_equal(flags_of(wrap, TCP_ACK), TCP_ACK);
	assert_int_equal(flags_of(wrap, TCP_ACK | TCP_PSH), TCP_ACK | TCP_PSH);
	stack_wrap_free(wrap);
}

static void flags_without_syn_are_those_of_all_but_the_syn(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(flags=ack|urg|ae)", WRAP_OPENS);

	(void)state;
	assert_int_equal(flags_of(wrap, TCP_SYN), TCP_SYN);
	assert_int_equal(flags_of(wrap, TCP_SYN | TCP_ACK), TCP_SYN | TCP_ACK);
	assert_int_equal(flags_of(wrap, TCP_ACK | TCP_PSH), 0x100 | TCP_ACK | TCP_URG);
	assert_int_equal(flags_of(wrap, TCP_ACK | TCP_FIN), 0x100 | TCP_ACK | TCP_URG | TCP_FIN);
	assert_int_equal(flags_of(wrap, TCP_RST), TCP_RST);
	stack_wrap_free(wrap);
}

static void flags_that_end_or_never_begin_are_refused(void **state)
{
	(void)state;
	refused("tcp(flags=rst|ack)", "tcp.flags: fin and rst end a conversation: it sends them "
				      "when it ends");
	refused("tcp(flags=fin|psh|urg)", "tcp.flags: fin and rst end a conversation: it sends "
					  "them when it ends");
	refused("tcp(flags=psh)",
		"tcp.flags: each segment of a conversation has syn, ack, or both");
}

static void urgent_pointer_and_reserved_bits_are_in_each_header(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(urgent=513,reserved=5)", WRAP_OPENS);
	uint8_t header[TCP_HEADER_MAX];

	(void)state;
	for (unsigned int flags = 0; flags < 32; flags++) {
		put(wrap, (uint8_t)flags, header);
		assert_int_equal(header[12], 0x5a);
		assert_int_equal(header[13], flags);
		assert_int_equal(header[18] << 8 | header[19], 513);
	}
	stack_wrap_free(wrap);
}

static void a_syn_that_acknowledges_nothing_has_the_number_all_the_same(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(ack=99)", WRAP_OPENS);

	(void)state;
	assert_int_equal(ack_of(wrap, TCP_SYN), 99);
	assert_int_equal(ack_of(wrap, TCP_SYN | TCP_ACK), 0x01020304);
	assert_int_equal(ack_of(wrap, TCP_ACK), 0x01020304);
	assert_null(wrap->given.notes);
	stack_wrap_free(wrap);
}

static void options_are_taken_as_they_stand(void **state)
{
	static const uint8_t wanted[] = { 2, 4, 2, 188, 1, 3, 3, 5, 8, 10, 0, 0, 0, 9, 0, 0, 0, 3,
		253, 3, 171, 0, 0, 0 };
	struct stack_wrap *wrap = wrap_of("tcp(options=[mss(value=700) nop wscale(shift=5) "
					  "timestamps(val=9,ecr=3) option(kind=253,data=ab)])",
		WRAP_OPENS);
	const struct tcp_given *tcp = &wrap->given.tcp;

	(void)state;
	assert_true(tcp->has_options);
	assert_int_equal(tcp->options_length, sizeof(wanted));
	assert_memory_equal(tcp->options, wanted, sizeof(wanted));
	assert_true(tcp->has_tsval);
	assert_int_equal(tcp->tsval, 9);
	assert_int_equal(tcp->tsecr, 3);
	assert_null(wrap->given.notes);
	stack_wrap_free(wrap);
}

static void a_timestamp_that_is_left_out_is_the_clocks(void **state)
{
	struct stack_wrap *wrap = wrap_of("tcp(options=[timestamps()])", WRAP_OPENS);

	(void)state;
	assert_true(wrap->given.tcp.has_options);
	assert_false(wrap->given.tcp.has_tsval);
	stack_wrap_free(wrap);
}

static void a_data_offset_may_be_right(void **state)
{
	(void)state;
	stack_wrap_free(wrap_of("tcp(data-offset=6,options=[mss(value=700)])", WRAP_OPENS));
	refused("tcp(data-offset=5,options=[mss(value=700)])",
		"tcp.data-offset: is each segment's own: a wrong one would be of no use to a "
		"conversation");
}

static void a_checksum_is_given_or_bad(void **state)
{
	struct stack_wrap *wrap = wrap_of("udp(checksum=0)", WRAP_OPENS);
	uint8_t header[TCP_HEADER_MAX];

	(void)state;
	assert_true(wrap->given.has_checksum);
	assert_int_equal(wrap->given.checksum, 0);
	stack_wrap_free(wrap);
	wrap = wrap_of("tcp(checksum=bad)", WRAP_OPENS);
	assert_true(wrap->given.bad_checksum);
	assert_false(wrap->given.has_checksum);
	stack_wrap_free(wrap);
	wrap = wrap_of("tcp(checksum=0x1234)", WRAP_OPENS);
	put(wrap, TCP_ACK, header);
	assert_int_equal(header[16] << 8 | header[17], 0x1234);
	stack_wrap_free(wrap);
}

static void a_length_of_udp_is_given(void **state)
{
	struct stack_wrap *wrap = wrap_of("udp(length=9)", WRAP_OPENS);

	(void)state;
	assert_true(wrap->given.has_length);
	assert_int_equal(wrap->given.length, 9);
	stack_wrap_free(wrap);
}

static void noted(const char *upper, enum wrap_role role, const char *layer, const char *field,
	const char *why)
{
	struct stack_wrap *wrap = wrap_of(upper, role);
	const struct wrap_note *note = wrap->given.notes;

	assert_non_null(note);
	assert_null(note->next);
	assert_string_equal(note->layer, layer);
	if (field)
		assert_string_equal(note->field, field);
	else
		assert_null(note->field);
	assert_string_equal(note->why, why);
	stack_wrap_free(wrap);
}

static void what_is_passed_over_is_noted(void **state)
{
	static const char own[] = "is not kept: a conversation acknowledges what it has received";

	(void)state;
	noted("tcp(ack=9,flags=ack)", WRAP_OPENS, "tcp", "ack", own);
	noted("tcp(ack=9)", WRAP_LISTENS, "tcp", "ack", own);
	noted("tcp(flags=syn|ack)", WRAP_OPENS, "tcp", "flags",
		"has ack, which what opens a connection has not");
	noted("tcp(flags=syn)", WRAP_LISTENS, "tcp", "flags",
		"has no ack, which what answers a syn has");
	noted("tcp(dport=80)", WRAP_LISTENS, "tcp", "dport",
		"is not kept: each peer is answered at its own port");
	noted("tcp()/payload(data=00)", WRAP_OPENS, "payload", NULL,
		"is not kept: a conversation has data of its own");
	noted("tcp(options=[timestamps(ecr=1)])", WRAP_LISTENS, "tcp", "options",
		"has an ecr, which is not kept: what answers a syn has its val");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_out_is_the_conversations),
		cmocka_unit_test(ports_and_the_first_number_are_given),
		cmocka_unit_test(without_syn_the_number_is_that_of_the_first_data),
		cmocka_unit_test(flags_with_syn_are_those_of_the_syn),
		cmocka_unit_test(flags_without_syn_are_those_of_all_but_the_syn),
		cmocka_unit_test(flags_that_end_or_never_begin_are_refused),
		cmocka_unit_test(urgent_pointer_and_reserved_bits_are_in_each_header),
		cmocka_unit_test(a_syn_that_acknowledges_nothing_has_the_number_all_the_same),
		cmocka_unit_test(options_are_taken_as_they_stand),
		cmocka_unit_test(a_timestamp_that_is_left_out_is_the_clocks),
		cmocka_unit_test(a_data_offset_may_be_right),
		cmocka_unit_test(a_checksum_is_given_or_bad),
		cmocka_unit_test(a_length_of_udp_is_given),
		cmocka_unit_test(what_is_passed_over_is_noted),
	};

	return cmocka_run_group_tests_name("stack/wrap_given", tests, NULL, NULL);
}

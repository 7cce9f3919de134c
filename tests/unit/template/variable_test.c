/* Values that come from elsewhere: vars, -D, --set, and the interface's facts. */
#include "reading.h"

#define VARS "vars: {target: 10.0.0.2, text: hello, me: $if.mac}\n"

/* ---- vars and -D ---- */

static void a_name_stands_for_its_value(void **state)
{
	const struct template t = reading_of(
		*state, VARS ETH "  - arp: {tpa: $target, sha: $me}\n  - payload: $text\n");

	assert_value(&t, 1, "tpa", "10.0.0.2");
	assert_value(&t, 1, "sha", "02:00:00:00:00:01");
	assert_memory_equal(reading_value(&t, 2, "data")->value.octets, "hello", 5);
}

static void quoted_text_is_literal(void **state)
{
	const struct template t = reading_of(*state, VARS ETH "  - payload: \"$text\"\n");

	assert_memory_equal(reading_value(&t, 1, "data")->value.octets, "$text", 5);
}

static void a_definition_overrides_and_the_last_one_counts(void **state)
{
	static const struct template_define defines[] = { { "target", "10.0.0.8" },
		{ "target", "10.0.0.9" }, { "text", "a: b" } };
	struct reading *reading = *state;
	struct template t;

	reading->options.defines = defines;
	reading->options.define_count = 3;
	t = reading_of(reading, VARS ETH "  - arp: {tpa: $target}\n  - payload: $text\n");
	assert_value(&t, 1, "tpa", "10.0.0.9");
	assert_memory_equal(reading_value(&t, 2, "data")->value.octets, "a: b", 4);
}

static void a_definition_gives_the_value_that_vars_leaves_open(void **state)
{
	static const struct template_define define = { "target", "" };
	struct reading *reading = *state;
	struct template t;

	reading->options.defines = &define;
	reading->options.define_count = 1;
	t = reading_of(reading, "vars: {target: }\n" ETH "  - payload: $target\n");
	assert_int_equal(reading_value(&t, 1, "data")->state, SPEC_GIVEN);
	assert_int_equal(reading_value(&t, 1, "data")->value.length, 0);
}

static void of_several_templates_each_takes_the_definitions_that_it_has(void **state)
{
	static const struct template_define defines[] = { { "target", "10.0.0.8" },
		{ "other", "1" } };
	struct reading *reading = *state;
	struct template template;
	bool used[2] = { false, false };

	reading->options.defines = defines;
	reading->options.define_count = 2;
	assert_int_equal(reading_try(reading, VARS ETH, &template), -EINVAL);
	reading->options.defines_used = used;
	reading_of(reading, VARS ETH);
	assert_true(used[0]);
	assert_false(used[1]);
}

static void variables_cannot_loop(void **state)
{
	assert_refused(*state, "vars: {a: $b, b: $a}\n" ETH "  - payload: $b\n",
		"dir/t.yaml:1:11: $b stands further down: a value sees the variables before it");
	assert_refused(*state, "vars: {a: $a}\n" ETH "  - payload: $a\n",
		"dir/t.yaml:1:11: $a stands further down: a value sees the variables before it");
}

/* ---- --set ---- */

static struct template set(
	struct reading *reading, const char *text, const char *const *sets, size_t count)
{
	reading->options.sets = sets;
	reading->options.set_count = count;
	return reading_of(reading, text);
}

static void a_set_field_wins_over_the_template_and_its_default(void **state)
{
	static const char *const sets[] = { "ipv4.ttl=3", "ipv4.id=auto", "ipv4.checksum=bad",
		"ipv4.dst=10.0.0.7", "ipv4.ttl=4" };
	const struct template t = set(*state, ETH "  - ipv4: {ttl: 99, id: 5}\n", sets, 5);

	assert_value(&t, 1, "ttl", "4");
	assert_int_equal(reading_value(&t, 1, "id")->state, SPEC_AUTO);
	assert_int_equal(reading_value(&t, 1, "checksum")->state, SPEC_BAD);
	assert_value(&t, 1, "dst", "10.0.0.7");
}

static void an_index_chooses_among_layers_of_one_protocol(void **state)
{
	static const char *const sets[] = { "vlan[2].id=7", "vlan.id=6" };
	const struct template t =
		set(*state, ETH "  - vlan\n  - vlan: {id: 5}\n  - vlan: {id: 5}\n", sets, 2);

	assert_value(&t, 1, "id", "6");
	assert_value(&t, 2, "id", "7");
	assert_value(&t, 3, "id", "5");
}

static void lists_and_octets_are_set_as_a_template_says_them(void **state)
{
	static const char *const sets[] = { "tcp.options=[mss: 1400, nop]",
		"payload={fill: 0x41, size: 3}" };
	const struct template t = set(*state, ETH "  - tcp\n  - payload\n", sets, 2);

	assert_int_equal(reading_value(&t, 1, "options")->count, 2);
	assert_memory_equal(reading_value(&t, 2, "data")->value.octets, "AAA", 3);
}

static void a_set_value_needs_no_quotes(void **state)
{
	static const char *const sets[] = { "payload=a: \"b\", #c", "ipv6.dst=::1" };
	const struct template t = set(*state, ETH "  - ipv6\n  - payload: x\n", sets, 2);

	assert_value(&t, 1, "dst", "::1");
	assert_int_equal(reading_value(&t, 2, "data")->value.length, 10);
	assert_memory_equal(reading_value(&t, 2, "data")->value.octets, "a: \"b\", #c", 10);
}

static void fcs_and_pad_are_set_in_every_frame(void **state)
{
	static const char *const sets[] = { "fcs=bad", "pad=none" };
	const struct template t =
		set(*state, "frames: [{layers: [eth], fcs: none}, {layers: [arp]}]\n", sets, 2);

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(t.frames[i].fcs.mode, SPEC_FCS_BAD);
		assert_int_equal(t.frames[i].pad.mode, SPEC_PAD_NONE);
	}
}

static void a_set_field_goes_into_every_frame_that_has_the_layer(void **state)
{
	static const char *const sets[] = { "eth.type=5" };
	const struct template t = set(
		*state, "frames: [{layers: [arp]}, {layers: [eth]}, {layers: [eth]}]\n", sets, 1);

	for (unsigned int i = 1; i < 3; i++)
		assert_int_equal(t.frames[i].layers[0].header.values[2].value.number, 5);
}

static void variables_and_facts_may_be_set(void **state)
{
	static const char *const sets[] = { "arp.tpa=$target", "arp.spa=$if.ipv4" };
	const struct template t = set(*state, VARS ETH "  - arp\n", sets, 2);

	assert_value(&t, 1, "tpa", "10.0.0.2");
	assert_value(&t, 1, "spa", "192.0.2.1");
}

/* ---- facts ---- */

struct asked {
	char names[256];
	uint8_t destination[16];
	size_t length;
	bool fails;
};

static int answer(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	struct asked *asked = context;

	snprintf(asked->names + strlen(asked->names), sizeof(asked->names) - strlen(asked->names),
		"%s ", name);
	if (asked->fails)
		return err_system(err, ENODEV, "no interface");
	if (!strcmp(name, "hop.mac")) {
		asked->length = length;
		if (length)
			memcpy(asked->destination, destination, length);
	}
	*placeholder = false;
	return resolver_placeholder.resolve(
		NULL, name, destination, length, text, size, &(bool){ false }, err);
}

static struct template ask(struct reading *reading, struct asked *asked, const char *text)
{
	const struct resolver resolver = { .resolve = answer, .context = asked };
	struct template t;

	reading->options.resolver = &resolver;
	t = reading_of(reading, text);
	reading->options.resolver = &resolver_placeholder;
	return t;
}

static void placeholders_are_marked_and_facts_are_not(void **state)
{
	struct asked asked = { 0 };
	struct template t = reading_of(*state, ETH "  - ipv4: {dst: $if.ipv4}\n");

	assert_true(reading_value(&t, 0, "src")->placeholder);
	assert_true(reading_value(&t, 1, "dst")->placeholder);
	t = ask(*state, &asked, ETH "  - ipv4: {dst: $if.ipv4}\n");
	assert_false(reading_value(&t, 0, "src")->placeholder);
	assert_value(&t, 1, "dst", "192.0.2.1");
}

static void the_next_hop_is_that_of_the_outermost_ip_layer(void **state)
{
	struct asked asked = { 0 };
	struct template t = ask(*state, &asked,
		"layers:\n  - eth: {dst: $hop.mac, src: 02:00:00:00:00:09}\n"
		"  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"
		"  - ipv4: {src: 10.0.0.3, dst: 10.0.0.4}\n");

	assert_string_equal(asked.names, "hop.mac ");
	assert_int_equal(asked.length, 4);
	assert_memory_equal(asked.destination, "\x0a\x00\x00\x02", 4);
	assert_value(&t, 0, "dst", "02:00:00:00:00:02");
}

static void the_next_hop_of_arp_is_its_target(void **state)
{
	struct asked asked = { 0 };

	ask(*state, &asked, "layers:\n  - eth: {dst: $hop.mac}\n  - arp: {tpa: 10.0.0.7}\n");
	assert_memory_equal(asked.destination, "\x0a\x00\x00\x07", 4);
}

static void the_next_hop_follows_what_is_set(void **state)
{
	static const char *const sets[] = { "ipv6.dst=2001:db8::7" };
	struct asked asked = { 0 };
	struct reading *reading = *state;

	reading->options.sets = sets;
	reading->options.set_count = 1;
	ask(reading, &asked, "layers:\n  - eth: {dst: $hop.mac}\n  - ipv6: {dst: 2001:db8::1}\n");
	assert_int_equal(asked.length, 16);
	assert_int_equal(asked.destination[15], 7);
}

static void a_frame_without_addresses_has_no_destination(void **state)
{
	struct asked asked = { .length = 99 };

	ask(*state, &asked, "layers:\n  - eth: {dst: $hop.mac, type: 5}\n");
	assert_int_equal(asked.length, 0);
}

/* What is given is not asked for: an interface without an IPv4 address can still send. */
static void facts_that_are_not_used_are_not_asked_for(void **state)
{
	static const char *const sets[] = { "eth.src=02:00:00:00:00:09" };
	struct asked asked = { 0 };
	struct reading *reading = *state;

	reading->options.sets = sets;
	reading->options.set_count = 1;
	ask(reading, &asked, ETH "  - ipv4: {src: 10.0.0.1}\n");
	assert_string_equal(asked.names, "");
}

static void a_fact_that_is_refused_is_located(void **state)
{
	struct asked asked = { .fails = true };
	const struct resolver resolver = { .resolve = answer, .context = &asked };
	struct reading *reading = *state;
	struct template t;

	reading->options.resolver = &resolver;
	assert_int_equal(reading_try(reading, "layers:\n  - eth: {src: $if.mac}\n", &t), -ENODEV);
	assert_int_equal(reading->err.kind, ERR_SYSTEM);
	assert_string_equal(
		reading->err.text, "dir/t.yaml:2:16: eth.src: no interface: No such device");
	assert_int_equal(reading_try(reading, "layers:\n  - eth\n", &t), -ENODEV);
	assert_string_equal(
		reading->err.text, "dir/t.yaml:2:5: eth.src: no interface: No such device");
}

static void the_next_hop_is_a_field_s_value_only(void **state)
{
	assert_refused(*state, ETH "  - payload: {hex: $hop.mac}\n",
		"dir/t.yaml:3:20: payload.hex: $hop.mac can only be a field's value");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(a_name_stands_for_its_value),
		reading_test(quoted_text_is_literal),
		reading_test(a_definition_overrides_and_the_last_one_counts),
		reading_test(a_definition_gives_the_value_that_vars_leaves_open),
		reading_test(of_several_templates_each_takes_the_definitions_that_it_has),
		reading_test(variables_cannot_loop),
		reading_test(a_set_field_wins_over_the_template_and_its_default),
		reading_test(an_index_chooses_among_layers_of_one_protocol),
		reading_test(lists_and_octets_are_set_as_a_template_says_them),
		reading_test(a_set_value_needs_no_quotes),
		reading_test(fcs_and_pad_are_set_in_every_frame),
		reading_test(a_set_field_goes_into_every_frame_that_has_the_layer),
		reading_test(variables_and_facts_may_be_set),
		reading_test(placeholders_are_marked_and_facts_are_not),
		reading_test(the_next_hop_is_that_of_the_outermost_ip_layer),
		reading_test(the_next_hop_of_arp_is_its_target),
		reading_test(the_next_hop_follows_what_is_set),
		reading_test(a_frame_without_addresses_has_no_destination),
		reading_test(facts_that_are_not_used_are_not_asked_for),
		reading_test(a_fact_that_is_refused_is_located),
		reading_test(the_next_hop_is_a_field_s_value_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

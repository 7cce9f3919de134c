/* `- include: NAME` stands for the layers of another template, with that one's variables. */
#include "reading.h"

#include "../../support/file.h"

#define TOP "layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"

static const char *put(const char *name, const char *text)
{
	return support_file(name, text, strlen(text));
}

/* A template of this text, in the folder of the files that the test put. */
static int try_beside(struct reading *reading, const char *text, struct template *ret)
{
	return template_read_file(
		&reading->arena, put("main.yaml", text), &reading->options, ret, &reading->err);
}

static struct template beside(struct reading *reading, const char *text)
{
	struct template template = { 0 };

	if (try_beside(reading, text, &template))
		fail_msg("%s", reading->err.text);
	return template;
}

static void assert_written(const struct template *t, const char *text)
{
	struct buffer out = { 0 };

	template_write(t, &out);
	assert_string_equal(buffer_text(&out), text);
	buffer_fini(&out);
}

static void its_layers_stand_in_its_place(void **state)
{
	struct template t;

	put("outer.yaml", "about: What is around\n" TOP "  - vlan: {id: 5}\nfcs: bad\n");
	put("inner.yaml", "layers: [ipv4: {src: 10.0.0.1, dst: 10.0.0.2}, udp: {dport: 4242}]\n");
	t = beside(*state, "layers:\n  - include: outer.yaml\n  - vlan: {id: 6}\n"
			   "  - include: \"./inner.yaml\"\n  - payload: \"x\"\n");
	assert_written(&t, "name: main\n" TOP "  - vlan: {id: 5}\n  - vlan: {id: 6}\n"
			   "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n  - udp: {dport: 4242}\n"
			   "  - payload: \"x\"\n");
	t = beside(*state, "frames:\n  - layers: [include: outer.yaml]\n"
			   "  - layers: [include: outer.yaml, include: inner.yaml]\n");
	assert_int_equal(t.frames[0].count, 2);
	assert_int_equal(t.frames[1].count, 4);
}

static void its_variables_take_the_including_ones_values(void **state)
{
	static const struct template_define defines[] = { { "ttl", "9" }, { "tos", "46" } };
	struct reading *reading = *state;
	struct template t;

	put("inner.yaml", "vars: {target: 10.0.0.2, ttl: 64, tos: 0, here: 10.0.0.1}\n" TOP
			  "  - ipv4: {src: $here, dst: $target, ttl: $ttl, dscp: $tos}\n");
	put("outer.yaml", "vars: {base: 10.0.0.7, target: $base, ttl: 3}\n"
			  "layers: [include: inner.yaml]\n");
	t = beside(reading, "vars: {base: 10.0.0.9}\nlayers: [include: outer.yaml]\n");
	assert_value(&t, 1, "src", "10.0.0.1");
	assert_value(&t, 1, "dst", "10.0.0.9");
	assert_value(&t, 1, "ttl", "3");
	reading->options.defines = defines;
	reading->options.define_count = 2;
	t = beside(reading, "layers: [include: outer.yaml]\n");
	assert_value(&t, 1, "dst", "10.0.0.7");
	assert_value(&t, 1, "ttl", "9");
	assert_value(&t, 1, "dscp", "ef");
}

static void one_file_included_twice_has_the_variables_of_each(void **state)
{
	struct template t;

	put("tag.yaml", "vars: {id: 1}\nlayers: [vlan: {id: $id}]\n");
	put("five.yaml", "vars: {id: 5}\nlayers: [include: tag.yaml]\n");
	t = beside(*state, TOP "  - include: tag.yaml\n  - include: five.yaml\n"
			       "  - vlan: {id: {same-as: \"vlan[2].id\"}, type: 0x0801}\n");
	assert_value(&t, 1, "id", "1");
	assert_value(&t, 2, "id", "5");
	assert_int_equal(reading_value(&t, 3, "id")->vary->same_layer, 2);
}

/* $hop.mac and same-as are found out when all layers are read. */
static void values_that_wait_keep_their_variables(void **state)
{
	struct template t;

	put("inner.yaml", "vars: {to: $hop.mac, from: 3, who: ipv4.dst}\n"
			  "layers:\n  - eth: {dst: $to}\n  - vlan: {id: {inc: $from..9}}\n"
			  "  - ipv4: {dst: 10.0.0.2, src: {same-as: $who}}\n");
	t = beside(*state, "layers: [include: inner.yaml, udp: {dport: 4242}]\n");
	assert_value(&t, 0, "dst", "02:00:00:00:00:02");
	assert_int_equal(reading_value(&t, 1, "id")->vary->first.number, 3);
	assert_int_equal(reading_value(&t, 2, "src")->vary->same_layer, 2);
}

static void the_command_line_sets_fields_of_it(void **state)
{
	static const char *const sets[] = { "vlan[2].id=7", "vlan.id=$mine" };
	struct reading *reading = *state;
	struct template t;

	put("tag.yaml", "vars: {other: 1}\nlayers: [vlan: {id: $other, type: 0x8100}]\n");
	reading->options.sets = sets;
	reading->options.set_count = 2;
	t = beside(reading,
		"vars: {mine: 12}\n" TOP "  - include: tag.yaml\n  - include: tag.yaml\n"
		"  - payload: \"x\"\n");
	assert_value(&t, 1, "id", "12");
	assert_value(&t, 2, "id", "7");
}

static void a_payload_file_is_beside_the_included_one(void **state)
{
	struct template t;
	char text[512];

	put("data.bin", "octets");
	snprintf(text, sizeof(text), "layers: [include: %s]\n",
		put("inner.yaml", TOP "  - vlan: {type: 0x0801}\n  - payload: {file: data.bin}\n"));
	t = reading_of(*state, text);
	assert_memory_equal(reading_value(&t, 2, "data")->value.octets, "octets", 6);
}

static int find_one(
	void *context, struct arena *arena, const char *name, const char **ret, struct err *err)
{
	const char *const *known = context;

	(void)arena;
	if (strcmp(name, known[0]) != 0)
		return err_input(err, NULL, "no template \"%s\" is installed", name);
	*ret = known[1];
	return 0;
}

static void a_bare_name_is_found_by_who_knows(void **state)
{
	const char *known[] = { "a-vlan", put("inner.yaml", "layers: [vlan: {id: 5}]\n") };
	const struct finder finder = { find_one, known };
	struct reading *reading = *state;
	struct template t;
	const char *text = TOP "  - include: a-vlan\n  - vlan: {type: 0x0801}\n";

	assert_refused(reading, text,
		"dir/t.yaml:3:14: include: no installed template \"a-vlan\": a path has a / or "
		"ends "
		"in .yaml");
	reading->options.finder = &finder;
	t = reading_of(reading, text);
	assert_value(&t, 1, "id", "5");
	assert_refused(reading, TOP "  - include: b-vlan\n",
		"dir/t.yaml:3:14: include: no template \"b-vlan\" is installed");
}

static void an_expression_includes_too(void **state)
{
	static const struct template_define defines[] = { { "id", "9" } };
	struct reading *reading = *state;
	struct template t = { 0 };
	const char *text = arena_printf(&reading->arena,
		"eth(dst=02:00:00:00:00:02)/include(%s)/vlan(type=0x0801)",
		put("tag.yaml", "vars: {id: 1}\nlayers: [vlan: {id: $id}]\n"));

	assert_int_equal(template_read_expressions(
				 &reading->arena, &text, 1, &reading->options, &t, &reading->err),
		0);
	assert_value(&t, 1, "id", "1");
	reading->options.defines = defines;
	reading->options.define_count = 1;
	assert_int_equal(template_read_expressions(
				 &reading->arena, &text, 1, &reading->options, &t, &reading->err),
		0);
	assert_value(&t, 1, "id", "9");
}

static void assert_refused_beside(struct reading *reading, const char *text, const char *end)
{
	struct template t = { .count = 77 };
	size_t length = strlen(end);

	assert_int_equal(try_beside(reading, text, &t), -EINVAL);
	assert_int_equal(t.count, 77);
	if (strlen(reading->err.text) < length ||
		strcmp(reading->err.text + strlen(reading->err.text) - length, end) != 0)
		fail_msg("\"%s\" does not end in \"%s\"", reading->err.text, end);
}

static void what_is_wrong_in_it_is_told_at_its_place(void **state)
{
	put("inner.yaml", "layers:\n  - vlan: {id: 5000}\n");
	assert_refused_beside(*state, TOP "  - include: inner.yaml\n",
		"/inner.yaml:2:16: vlan.id: 5000 does not fit in 12 bits (at most 4095)");
	put("inner.yaml", "layers:\n  - vlan: {id: $mine}\n");
	assert_refused_beside(*state, "vars: {mine: 1}\n" TOP "  - include: inner.yaml\n",
		"/inner.yaml:2:16: no variable \"mine\"; known: if.mac, if.ipv4, if.ipv6, if.mtu, "
		"hop.mac");
}

/* Each layer doubles what is under it: only the number of layers ends this. */
static void templates_that_multiply_are_bounded(void **state)
{
	char name[16];
	char text[512];

	put("0.yaml", "layers: [vlan, vlan, vlan, vlan, vlan, vlan, vlan, vlan]\n");
	for (int i = 1; i <= 7; i++) {
		snprintf(text, sizeof(text),
			"layers: [include: %d.yaml, include: %d.yaml, include: %d.yaml, include: "
			"%d.yaml]\n",
			i - 1, i - 1, i - 1, i - 1);
		snprintf(name, sizeof(name), "%d.yaml", i);
		put(name, text);
	}
	assert_refused_beside(
		*state, "layers: [include: 7.yaml]\n", "too many layers (at most 1024)");
}

static void a_circle_by_another_name_is_found(void **state)
{
	struct reading *reading = *state;

	put("inner.yaml", "layers: [include: ./main.yaml]\n");
	assert_refused_beside(reading, "layers: [include: inner.yaml]\n", "main.yaml");
	assert_non_null(strstr(reading->err.text, " includes itself, by way of "));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(its_layers_stand_in_its_place),
		reading_test(its_variables_take_the_including_ones_values),
		reading_test(one_file_included_twice_has_the_variables_of_each),
		reading_test(values_that_wait_keep_their_variables),
		reading_test(the_command_line_sets_fields_of_it),
		reading_test(a_payload_file_is_beside_the_included_one),
		reading_test(a_bare_name_is_found_by_who_knows),
		reading_test(an_expression_includes_too),
		reading_test(what_is_wrong_in_it_is_told_at_its_place),
		reading_test(templates_that_multiply_are_bounded),
		reading_test(a_circle_by_another_name_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Expressions say what templates say, in a line; what is wrong with one has its column. */
#include "reading.h"

#include "../../support/random.h"
#include "../../support/random_frame.h"

#define ROUNDS 3000

static int expression_try(struct reading *reading, const char *text, struct template *ret)
{
	return template_read_expressions(
		&reading->arena, &text, 1, &reading->options, ret, &reading->err);
}

static struct template expression_of(struct reading *reading, const char *text)
{
	struct template template = { 0 };

	if (expression_try(reading, text, &template))
		fail_msg("%s\n%s", reading->err.text, text);
	return template;
}

/* The expression is the same template as the text. */
static void assert_means(struct reading *reading, const char *expression, const char *text)
{
	struct template t = expression_of(reading, expression);
	struct buffer out = { 0 };

	t.name = t.frames[0].name = NULL;
	template_write(&t, &out);
	assert_string_equal(buffer_text(&out), text);
	buffer_fini(&out);
}

static void assert_wrong(struct reading *reading, const char *expression, const char *message)
{
	struct template t = { .count = 77 };

	assert_int_equal(expression_try(reading, expression, &t), -EINVAL);
	assert_int_equal(reading->err.kind, ERR_INPUT);
	assert_string_equal(reading->err.text, message);
	assert_int_equal(t.count, 77);
}

#undef ETH
#define ETH	 "eth(dst=02:00:00:00:00:02, src=02:00:00:00:00:01)"
#define IP	 "/ipv4(src=10.0.0.1, dst=10.0.0.2)"
#define ETH_YAML "layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
#define IP_YAML	 "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"

static void layers_stand_one_after_the_other(void **state)
{
	assert_means(*state, ETH IP "/udp(dport=4242)/\"hello\"",
		ETH_YAML IP_YAML "  - udp: {dport: 4242}\n  - payload: \"hello\"\n");
	assert_means(*state, "  " ETH "\n / vlan () /vlan/ payload ( \"x\" ) ",
		ETH_YAML "  - vlan\n  - vlan\n  - payload: \"x\"\n");
}

static void items_are_named_by_equals_or_brackets(void **state)
{
	assert_means(*state,
		ETH IP "/tcp(options=[mss=1460,nop,sack-permitted,timestamps(val=1,ecr=2),"
		       "sack=[(left=1,right=2)],option(kind=99,data=beef),raw=0102])",
		ETH_YAML IP_YAML
		"  - tcp:\n      options: [mss: 1460, nop, sack-permitted, {timestamps: {val: 1, "
		"ecr: 2}}, sack: [{left: 1, right: 2}], {option: {kind: 99, data: beef}}, raw: "
		"0102]\n");
	assert_means(*state, ETH IP "/tcp(options=[mss(1460)], flags=syn|ack)",
		ETH_YAML IP_YAML "  - tcp: {flags: syn|ack, options: [mss: 1460]}\n");
}

static void generators_are_calls(void **state)
{
	assert_means(*state, ETH IP "/udp(sport=inc(1..9, step=2), dport=random(1024..65535))",
		ETH_YAML IP_YAML
		"  - udp: {sport: {inc: 1..9, step: 2}, dport: {random: 1024..65535}}\n");
	assert_means(*state, ETH IP "/udp(sport=list(80,443), dport=shuffle(0..65535))",
		ETH_YAML IP_YAML
		"  - udp: {sport: {list: [80, https]}, dport: {shuffle: 0..65535}}\n");
	assert_means(*state, ETH IP "/udp(sport=list(80), dport=inc(1..2, each=cycle))",
		ETH_YAML IP_YAML
		"  - udp: {sport: {list: [80]}, dport: {inc: 1..2, each: cycle}}\n");
	assert_means(*state, ETH "/ipv4(src=10.0.0.1,dst=inc(10.0.0.0/24))",
		ETH_YAML "  - ipv4: {src: 10.0.0.1, dst: {inc: 10.0.0.0..10.0.0.255}}\n");
	assert_means(*state, ETH IP "/udp(sport=value(16, bits=0..3, list=[1, 9]))",
		ETH_YAML IP_YAML "  - udp: {sport: {value: 16, bits: 0..3, list: [1, 9]}}\n");
	assert_means(*state, ETH "/vlan/vlan(id=inc(1..9))/vlan(id=\"7\",type=0x0801)",
		ETH_YAML
		"  - vlan\n  - vlan: {id: {inc: 1..9}}\n  - vlan: {id: 7, type: 0x0801}\n");
	assert_means(*state, ETH IP "/udp(sport=same-as(\"ipv4.ttl\"))",
		ETH_YAML IP_YAML "  - udp: {sport: {same-as: ipv4.ttl}}\n");
}

static void octets_are_calls_too(void **state)
{
	assert_means(*state, ETH IP "/hex(00ff)", ETH_YAML IP_YAML "  - payload: {hex: 00ff}\n");
	assert_means(*state, ETH IP "/fill(0x41, size=20)",
		ETH_YAML IP_YAML "  - payload: {fill: 0x41, size: 20}\n");
	assert_means(*state, ETH IP "/random-bytes(random(1..9))",
		ETH_YAML IP_YAML "  - payload: {random-bytes: {random: 1..9}}\n");
	assert_means(*state, ETH IP "/list(\"GET /\", hex(ff))",
		ETH_YAML IP_YAML "  - payload: {list: [\"GET /\", {hex: ff}]}\n");
	assert_means(*state, ETH IP "/value(fill(0, size=18), bits=112..143, inc=0..4294967295)",
		ETH_YAML IP_YAML "  - payload: {value: {fill: 0x00, size: 18}, bits: 112..143, "
				 "inc: 0..4294967295}\n");
	assert_means(*state, ETH IP "/inc(00000000..ffffffff)",
		ETH_YAML IP_YAML "  - payload: {inc: 00000000..ffffffff}\n");
	assert_means(*state, ETH IP "/\"a\\n\\r\\t\\\"\\\\\\x41\xc3\xa9\"",
		ETH_YAML IP_YAML "  - payload: \"a\\n\\r\\t\\\"\\\\A\xc3\xa9\"\n");
	assert_means(*state, ETH IP "/\"\\0\"", ETH_YAML IP_YAML "  - payload: {hex: 00}\n");
}

static void what_stands_beside_layers_stands_in_frame(void **state)
{
	assert_means(*state,
		"frame(frame-size=imix, pad=none, fcs=0x01020304, weight=3, gap=5ms)/" ETH IP,
		"frames:\n  - name: frame-1\n    layers:\n"
		"      - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
		"      - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"
		"    frame-size: imix\n    pad: none\n    fcs: 0x01020304\n    weight: 3\n    gap: "
		"5ms\n");
	assert_means(*state, "frame(frame-size=imix([2,100],[1,64]), pad=hex(0102))/" ETH,
		ETH_YAML "frame-size: {imix: [[2, 100], [1, 64]]}\npad: {hex: 0102}\n");
	assert_string_equal(expression_of(*state, "frame(name=\"a b\")/" ETH).name, "a b");
}

static void variables_are_those_of_the_command_line(void **state)
{
	static const struct template_define defines[] = { { "port", "7" }, { "to", "10.0.0.9" },
		{ "port", "4242" } };
	struct reading *reading = *state;

	reading->options.defines = defines;
	reading->options.define_count = 3;
	assert_means(reading,
		ETH "/ipv4(src=10.0.0.1,dst=$to)/udp(sport=\"7\",dport=$port)/\"$to\"",
		ETH_YAML "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.9}\n  - udp: {sport: echo, dport: "
			 "4242}\n  - payload: \"$to\"\n");
	assert_wrong(reading, ETH "/ipv4(dst=$form)",
		"-e:1:60: no variable \"form\"; known: to, port, if.mac, if.ipv4, if.ipv6, if.mtu, "
		"hop.mac");
}

static void several_expressions_have_their_numbers(void **state)
{
	static const char *const texts[] = { "eth(dst=02:00:00:00:00:02)/vlan",
		"eth(dst=02:00:00:00:00:02)/vlan(id=x)" };
	struct reading *reading = *state;
	struct template t;

	assert_int_equal(template_read_expressions(
				 &reading->arena, texts, 2, &reading->options, &t, &reading->err),
		-EINVAL);
	assert_string_equal(
		reading->err.text, "-e[2]:1:36: vlan.id: \"x\" is not a number from 0 to 4095");
	assert_int_equal(
		template_read_expressions(&reading->arena, (const char *[]){ texts[0], texts[0] },
			2, &reading->options, &t, &reading->err),
		0);
	assert_string_equal(t.frames[1].name, "expression-2");
}

static void what_is_wrong_has_its_column(void **state)
{
	static const struct {
		const char *expression, *message;
	} wrong[] = {
		{ "", "-e:1:1: the expression ends where a layer is wanted" },
		{ "eth/", "-e:1:5: the expression ends where a layer is wanted" },
		{ "/eth", "-e:1:1: '/' where a layer is wanted" },
		{ "eth//ipv4", "-e:1:5: '/' where a layer is wanted" },
		{ "eth)", "-e:1:4: ')' where / or the end is wanted" },
		{ "eth(dst=1 2)", "-e:1:11: '2' where a comma or ) is wanted" },
		{ "eth(dst)", "-e:1:5: eth: fields with values are wanted: {FIELD: VALUE, ...}, or "
			      "(FIELD=VALUE, ...) in an expression, not one value" },
		{ "eth(dst=)", "-e:1:9: ')' where a value is wanted" },
		{ "eth(=1)", "-e:1:5: '=' where a value is wanted" },
		{ "eth(dst=1", "-e:1:10: the expression ends where a comma or ) is wanted" },
		{ "eth(dst=1,)", "-e:1:11: ')' where a value is wanted" },
		{ "eth(x,dst=1)", "-e:1:5: FIELD=VALUE is wanted in the brackets of a layer" },
		{ "eth(dst=1,x)", "-e:1:11: a value without a name stands before KEY=VALUE" },
		{ "eth(dst=inc(1,2)=3)", "-e:1:17: '=' where a comma or ) is wanted" },
		{ "eth(\"dst\"=3)", "-e:1:10: '=' where a comma is wanted" },
		{ "eth(dst=[1)", "-e:1:11: ')' where a comma or ] is wanted" },
		{ "eth(dst=(1))", "-e:1:9: (KEY=VALUE, ...) is wanted" },
		{ "\"abc", "-e:1:1: the quotes are not closed" },
		{ "\"a\\qc\"",
			"-e:1:3: unknown escape: \\n, \\r, \\t, \\0, \\\", \\\\ and \\x00 to "
			"\\x7f are known" },
		{ "\"a\\x4\"", "-e:1:3: \\x wants two hex digits" },
		{ "\"a\\xff\"",
			"-e:1:3: \\xff is two octets in UTF-8: use hex(...) for octets above "
			"\\x7f" },
		{ "\"\xc3\xa9\"x", "-e:1:4: 'x' where / or the end is wanted" },
		{ "eth\n/\n x(", "-e:3:4: the expression ends where a value is wanted" },
		{ "ethh(dst=1)", "-e:1:1: no protocol \"ethh\"; did you mean \"eth\"? (`pktsmith "
				 "protocols` lists them)" },
		{ "eth(dts=ff:ff:ff:ff:ff:ff)",
			"-e:1:5: no field \"dts\" in eth; did you mean \"dst\"?" },
		{ "eth(dst=ff:ff:ff:ff:ff)", "-e:1:9: eth.dst: \"ff:ff:ff:ff:ff\" is not a MAC "
					     "address: six octets such as 02:00:00:00:00:01" },
		{ "eth(dst=ff:ff:ff:ff:ff:ff,dst=1)",
			"-e:1:27: \"dst\" stands twice (first in column 5)" },
		{ "eth/ipv4(ttl=300)",
			"-e:1:14: ipv4.ttl: 300 does not fit in 8 bits (at most 255)" },
		{ "eth/ipv4(ttl=inc(9..1))", "-e:1:18: ipv4.ttl.inc: 9..1 runs backwards; did you "
					     "mean `dec: 9..1`?" },
		{ "eth/ipv4(ttl=inc(1..9,stp=1))",
			"-e:1:23: no key \"stp\" in a value that varies; "
			"did you mean \"step\"?" },
		{ "eth/ipv4(ttl=list())",
			"-e:1:18: ipv4.ttl.list: the list is empty: at least one value" },
		{ "eth/ipv4/tcp(options=[mess=1])",
			"-e:1:23: tcp.options: no item \"mess\" in this "
			"list; did you mean \"mss\"?" },
		{ "frame", "-e:1:1: no protocol \"frame\" (`pktsmith protocols` lists them)" },
		{ "frame(fcs=bad)", "-e:1:15: the expression ends where / and a layer is wanted" },
		{ "frame(bad)/eth", "-e:1:7: KEY=VALUE is wanted in the brackets of frame" },
		{ "frame(fsc=bad)/eth",
			"-e:1:7: no key \"fsc\" in a frame; did you mean \"fcs\"?" },
		{ "frame(layers=1)/eth(dst=1)",
			"-e:1:7: \"layers\" stands twice (first in column 1)" },
		{ "eth(dst=ff:ff:ff:ff:ff:ff)/fill(1)",
			"-e:1:28: payload: fill wants a size beside "
			"it: `size: N`" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_wrong(*state, wrong[i].expression, wrong[i].message);
}

static void brackets_are_bounded(void **state)
{
	char text[200] = "eth(dst=";

	memset(text + 8, '[', 150);
	assert_wrong(*state, text, "-e:1:41: nested too deeply (at most 32 levels)");
}

/* ---- --complete ---- */

static void missing_layers_are_added_when_asked(void **state)
{
	struct reading *reading = *state;

	reading->options.complete = true;
	assert_means(reading, "ipv4(dst=10.0.0.9)/udp(dport=53)",
		"layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
		"  - ipv4: {src: 192.0.2.1, dst: 10.0.0.9}\n  - udp: {dport: dns}\n");
	assert_wrong(reading, "udp(dport=53)",
		"-e:1:1: nothing says where udp is to go: write ipv4(dst=ADDRESS)/ before it, or "
		"--set ipv4.dst=ADDRESS");
	assert_wrong(reading, "dns",
		"-e:1:1: nothing says where dns is to go: write ipv4(dst=ADDRESS)/ before it, or "
		"--set ipv4.dst=ADDRESS");
	assert_means(reading, "arp(tpa=10.0.0.2)",
		"layers:\n  - eth: {dst: ff:ff:ff:ff:ff:ff, src: 02:00:00:00:00:01}\n"
		"  - arp: {sha: 02:00:00:00:00:01, spa: 192.0.2.1, tpa: 10.0.0.2}\n");
	assert_means(reading, "vlan(id=7)/ipv4(src=10.0.0.1,dst=10.0.0.2)",
		"layers:\n  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
		"  - vlan: {id: 7}\n" IP_YAML);
	assert_means(reading, ETH, ETH_YAML);
	assert_wrong(reading, "\"x\"",
		"-e:1:1: what payload stands in is not known: name the layers below it");
}

/* Of two protocols with one number, and of those that IPv4 never carries. */
static void what_stands_over_ipv6_alone_gets_that(void **state)
{
	static const struct {
		const char *expression;
		const char *ip;
	} rows[] = {
		{ "ospf", "ipv4" },
		{ "ospf3", "ipv6" },
		{ "vrrp", "ipv4" },
		{ "vrrp6", "ipv6" },
		{ "udp/ripng", "ipv6" },
		{ "dhcpv6", "ipv6" },
		{ "dstopts/udp(dport=9)", "ipv6" },
		{ "esp", "ipv4" },
		/* What an inner packet is says nothing of the outer one. */
		{ "vxlan/" ETH "/ipv6(src=::1,dst=::1)/ospf3", "ipv4" },
		{ "gre/ipv6(src=::1,dst=::1)/ospf3", "ipv4" },
	};
	struct reading *reading = *state;

	reading->options.complete = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool v6 = !strcmp(rows[i].ip, "ipv6");
		const char *set = v6 ? "ipv6.dst=2001:db8::9" : "ipv4.dst=10.0.0.9";
		struct template t;

		reading->options.sets = &set;
		reading->options.set_count = 1;
		t = expression_of(reading, rows[i].expression);
		assert_string_equal(t.frames[0].layers[1].protocol->header.name, rows[i].ip);
	}
}

/* ---- round trip ---- */

/* Where random values, or the order of fragments, hang on it. */
static void a_name_is_written_where_octets_hang_on_it(void **state)
{
	static const struct {
		const char *expression;
		bool named;
	} rows[] = {
		{ "frame(name=a)/" ETH IP "/udp(sport=1, dport=9)/\"x\"", false },
		{ "frame(name=a)/" ETH IP "/udp(sport=inc(1..9), dport=9)/\"x\"", false },
		{ "frame(name=a)/" ETH IP "/udp(sport=random(1..9), dport=9)/\"x\"", true },
		{ "frame(name=a)/" ETH IP "/udp(sport=shuffle(1..9), dport=9)/\"x\"", true },
		{ "frame(name=a)/" ETH IP "/tcp(options=[nop, mss=random(1..9)])", true },
		{ "frame(name=a, frame-size=random(64..90))/" ETH IP "/udp", true },
		{ "frame(name=a, frame-size=inc(64..90))/" ETH IP "/udp", false },
		{ "frame(name=a, fragment=(mtu=68, order=shuffle))/" ETH IP
		  "/udp(dport=inc(1..9))/fill(0, size=99)",
			true },
		{ "frame(name=a, fragment=(mtu=68, order=reverse))/" ETH IP
		  "/udp(dport=inc(1..9))/fill(0, size=99)",
			false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct template t = expression_of(*state, rows[i].expression);
		struct buffer text = { 0 };

		expression_write(&t.frames[0], &text);
		if (!strstr(buffer_text(&text), "name=a") == rows[i].named)
			fail_msg("%s", buffer_text(&text));
		buffer_fini(&text);
	}
}

static void random_frames_come_back_from_their_expressions(void **state)
{
	struct reading *reading = *state;
	struct arena *arena = &reading->arena;
	unsigned int count = 0;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		enum support_frame_style style =
			seed % 2 ? SUPPORT_FRAME_CONSISTENT : SUPPORT_FRAME_WILD;
		uint64_t random = seed;
		struct frame_spec spec = { 0 };
		struct buffer text = { 0 };
		struct template again;
		struct frame_view a;
		struct frame_view b;

		support_random_frame(arena, &random, style, &spec);
		support_resolve_presets(arena, &spec);
		if (!frame_build(arena, &spec, &a, &reading->err)) {
			expression_write(&spec, &text);
			again = expression_of(reading, buffer_text(&text));
			if (frame_build(arena, &again.frames[0], &b, &reading->err))
				fail_msg("%s\n%s", reading->err.text, buffer_text(&text));
			if (a.length != b.length || memcmp(a.octets, b.octets, a.length) ||
				memcmp(a.fcs_octets, b.fcs_octets, FCS_LENGTH))
				fail_msg("another frame is built of\n%s", buffer_text(&text));
			count++;
		}
		buffer_fini(&text);
		arena_reset(arena);
	}
	assert_true(count > ROUNDS * 3 / 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(layers_stand_one_after_the_other),
		reading_test(items_are_named_by_equals_or_brackets),
		reading_test(generators_are_calls),
		reading_test(octets_are_calls_too),
		reading_test(what_stands_beside_layers_stands_in_frame),
		reading_test(variables_are_those_of_the_command_line),
		reading_test(several_expressions_have_their_numbers),
		reading_test(what_is_wrong_has_its_column),
		reading_test(brackets_are_bounded),
		reading_test(missing_layers_are_added_when_asked),
		reading_test(what_stands_over_ipv6_alone_gets_that),
		reading_test(a_name_is_written_where_octets_hang_on_it),
		reading_test(random_frames_come_back_from_their_expressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

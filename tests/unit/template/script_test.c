/* script_read: what a script says, and what is wrong with it. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "frame/build.h"
#include "match/pattern.h"
#include "template/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- facts made up ---- */

static int resolve(void *context, const char *name, const uint8_t *destination, size_t length,
	char *text, size_t size, bool *placeholder, struct err *err)
{
	(void)context, (void)destination, (void)length, (void)err;
	*placeholder = false;
	if (strstr(name, "mac"))
		snprintf(text, size, "02:00:00:00:00:0%d", name[0] == 'i' ? 1 : 2);
	else if (strstr(name, "ipv4"))
		snprintf(text, size, "192.0.2.%d", name[0] == 'i' ? 1 : 2);
	else
		snprintf(text, size, "2001:db8::%d", name[0] == 'i' ? 1 : 2);
	return 0;
}

static int resolver(
	void *context, const struct script_port *port, struct resolver *ret, struct err *err)
{
	(void)context, (void)port, (void)err;
	*ret = (struct resolver){ .resolve = resolve };
	return 0;
}

static int read_with(struct arena *arena, const char *text, const char *interface,
	struct script *ret, struct err *err)
{
	const struct script_options options = { .resolver = resolver, .interface = interface };

	return script_read(
		arena, "x.yaml", (const uint8_t *)text, strlen(text), &options, ret, err);
}

static void read_right(struct arena *arena, const char *text, struct script *ret)
{
	struct err err = { 0 };

	if (read_with(arena, text, NULL, ret, &err))
		fail_msg("%s", err.text);
}

/* ---- what it says ---- */

static void steps_ports_and_names_are_read(void **state)
{
	static const char text[] = "name: one\nabout: two\nwithin: 3s\nstrict: on\narp: off\n"
				   "interfaces: {left: lab, right: {lab: {mtu: 1300}}}\n"
				   "peer: {forwarding: yes, tcp: [80, 81], udp-echo: 7}\n"
				   "steps:\n"
				   "  - wait: 10ms\n"
				   "  - repeat: 4\n"
				   "    steps:\n"
				   "      - expect: {layers: [tcp: {seq: $a, ack: $b}]}\n"
				   "        on: right\n"
				   "      - expect-none: {layers: [udp]}\n"
				   "        within: 1ms\n"
				   "        name: silence\n";
	struct script script;

	read_right(*state, text, &script);
	assert_string_equal(script.name, "one");
	assert_string_equal(script.about, "two");
	assert_true(script.strict && script.quiet && script.peer.forwarding);
	assert_int_equal(script.port_count, 2);
	assert_int_equal(script.ports[1].mtu, 1300);
	assert_int_equal(script.ports[1].lab, 1);
	assert_int_equal(script.peer.services[SCRIPT_TCP].ports[1], 81);
	assert_int_equal(script.peer.services[SCRIPT_UDP_ECHO].count, 1);
	assert_int_equal(script.step_count, 2);
	assert_int_equal(script.step_total, 4);
	assert_int_equal(script.steps[0].ns, 10000000);
	assert_int_equal(script.steps[1].times, 4);
	assert_int_equal(script.steps[1].steps[0].port, 1);
	assert_int_equal(script.steps[1].steps[0].ns, 3000000000U);
	assert_int_equal(script.steps[1].steps[0].number, 3);
	assert_int_equal(script.steps[1].end_name - script.steps[1].first_name, 2);
	assert_string_equal(script.steps[1].steps[1].name, "silence");
	assert_string_equal(script.names[1], "b");
}

static void an_interface_may_come_from_outside(void **state)
{
	static const char text[] = "steps: [wait: 1s]\n";
	struct script script;
	struct err err = { 0 };

	assert_int_equal(read_with(*state, text, "eth7", &script, &err), 0);
	assert_string_equal(script.ports[0].interface, "eth7");
	assert_string_equal(script.name, "x");
	assert_int_equal(read_with(*state, text, NULL, &script, &err), -EINVAL);
	assert_string_equal(err.text,
		"x.yaml: no interface: write `interface: lab`, or the name of "
		"one, or give -i IF");
	assert_int_equal(
		read_with(*state, "interface: lab\nsteps: [wait: 1s]\n", "eth7", &script, &err), 0);
	assert_null(script.ports[0].interface);
}

/* ---- patterns ---- */

#define FRAME                                                                                \
	"eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"                                  \
	"ipv4(src=192.0.2.2,dst=192.0.2.1,ttl=64)/"                                          \
	"tcp(sport=80,dport=4000,seq=1000,ack=5,flags=syn|ack,options=[mss(value=1460) nop " \
	"wscale])/"                                                                          \
	"payload(data=68656c6c6f)"

static void what_is_expected_is_held_against_a_frame(void **state)
{
	static const struct {
		const char *layers;
		bool fits;
	} rows[] = {
		{ "ipv4: {src: $peer.ipv4}", true },
		{ "ipv4: {src: $if.ipv4}", false },
		{ "ipv4: {ttl: 1..64}", true },
		{ "ipv4: {ttl: 1..63}", false },
		{ "ipv4: {src: 192.0.2.0/24}", true },
		{ "ipv4: {src: 192.0.2.0/31}", false },
		{ "ipv4: {src: 192.0.2.1..192.0.2.9}", true },
		{ "tcp: {sport: [1..9, 80, 443]}", true },
		{ "tcp: {sport: [1..9, 443]}", false },
		{ "tcp: {sport: {not: 443}}", true },
		{ "tcp: {sport: {not: [443, 80..81]}}", false },
		{ "tcp: {flags: syn|ack}", true },
		{ "tcp: {flags: {set: syn}}", true },
		{ "tcp: {flags: {set: syn, clear: ack}}", false },
		{ "tcp: {flags: {clear: rst|fin}}", true },
		{ "tcp: {seq: any, checksum: auto}", true },
		{ "tcp: {checksum: bad}", false },
		{ "tcp: {options: [mss: 1400..1500, wscale]}", true },
		{ "tcp: {options: [mss: {not: 1460}]}", false },
		{ "tcp: {options: any}", true },
		{ "tcp: {options: {exactly: [mss: 1460, nop, wscale]}}", true },
		{ "tcp: {options: {exactly: [mss: any, nop, wscale]}}", true },
		{ "tcp: {options: {exactly: [mss: 1400, nop, wscale]}}", false },
		{ "tcp: {options: {exactly: [mss: 1460, wscale]}}", false },
		{ "tcp: {options: {exactly: [mss: 1460, nop]}}", false },
		{ "tcp: {options: {exactly: [nop, wscale]}}", false },
		{ "tcp: {options: {exactly: [nop, mss: 1460, wscale]}}", false },
		{ "tcp: {options: {exactly: [mss: 1460, nop, wscale, nop]}}", false },
		{ "tcp: {options: {exactly: []}}", false },
		{ "ipv4: {options: {exactly: []}}", true },
		{ "tcp: {options: []}", false },
		{ "tcp, payload: hello", true },
		{ "tcp, payload: any", true },
		{ "tcp, payload: \"any\"", false },
		{ "tcp, payload: {prefix: hell}", true },
		{ "tcp, payload: {prefix: {hex: 6869}}", false },
		{ "tcp: {seq: {in: 1..2000, as: seq}}", true },
		{ "tcp: {seq: {in: 1..999, as: seq}}", false },
		{ "tcp: {sport: $x, dport: $x}", false },
		{ "tcp: {ack: $five+0}", true },
		{ "tcp: {ack: $five+1}", false },
		{ "tcp: {seq: $five+995}", true },
		{ "tcp: {ack: $six-1}", true },
		{ "tcp: {ack: $six-2}", false },
		{ "tcp: {ack: $five-4294967296}", true },
		{ "tcp: {ack: $big-4294967290}", true },
		/* Names that hold a hyphen, and one that is made here. */
		{ "tcp: {ack: $six-5}", true },
		{ "tcp: {ack: $six-5-2}", false },
		{ "tcp: {seq: $new-1, ack: $new-1}", false },
		{ "tcp: {seq: $new-1, ack: $new-2}", true },
		{ "tcp: {seq: $new, ack: $new-995}", true },
		{ "tcp: {seq: $new, ack: $new-0x3e3}", true },
		{ "tcp: {seq: $new, ack: $new-994}", false },
		{ "udp", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_value values[4] = { 0 };
		struct frame_view built, view;
		struct script script;

		read_right(*state,
			arena_printf(*state,
				"interface: lab\nvars: {five: 5, six: 6, six-5: 5, big: "
				"4294967295}\nsteps: [expect: {layers: "
				"[%s]}]\n",
				rows[i].layers),
			&script);
		support_build(*state, FRAME, SPEC_PAD_AUTO, &built);
		frame_dissect(
			*state, &wire_eth, built.octets, built.length, DISSECT_FCS_ABSENT, &view);
		if (pattern_match(script.steps[0].frames, &view, values) != rows[i].fits)
			fail_msg("%s %s", rows[i].layers, rows[i].fits ? "does not fit" : "fits");
		pattern_values_fini(values, 4);
	}
}

static void a_field_of_one_kind_of_message_may_be_said_where_the_kind_is_open(void **state)
{
	struct frame_view built, view;
	struct script script;

	read_right(*state,
		"interface: lab\nsteps: [expect: {layers: [icmp: {type: [0, 8], seq: 2}]}]\n",
		&script);
	support_build(*state,
		"eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
		"ipv4(src=192.0.2.2,dst=192.0.2.1)/"
		"icmp(type=0,seq=2)",
		SPEC_PAD_AUTO, &built);
	frame_dissect(*state, &wire_eth, built.octets, built.length, DISSECT_FCS_ABSENT, &view);
	assert_true(pattern_match(script.steps[0].frames, &view, NULL));
}

/* ---- what is wrong ---- */

#define LAB  "interface: lab\nsteps:\n  - "
#define SEND LAB "send: {layers: [eth: {dst: $peer.mac}, ipv4: {dst: $peer.ipv4}, "

static void mistakes_are_told_with_their_place(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "", "x.yaml: empty: a script has steps:" },
		{ "[1]", "x.yaml:1:1: a script is keys and values such as `steps: [...]`, not a "
			 "list" },
		{ "interface: lab\n", "x.yaml: no steps: a script has steps:" },
		{ "layers: [eth]\nsteps: []\n",
			"x.yaml:1:1: no key \"layers\" in a script; known: name, about, vars, "
			"interface, interfaces, peer, within, strict, arp, steps" },
		{ "interface: lab\nsteps: []\n",
			"x.yaml:2:8: steps: a list is wanted, `- send: ...` each" },
		{ LAB "sned: {}\n",
			"x.yaml:3:5: no key \"sned\" in a step; did you mean \"send\"?" },
		{ LAB "within: 1s\n",
			"x.yaml:3:5: what the step does is wanted: send, expect, expect-none, wait "
			"or repeat" },
		{ LAB "wait: 1s\n    send: {layers: [eth]}\n",
			"x.yaml:4:5: wait and send are two steps: begin the second with \"- \"" },
		{ LAB "wait: 1s\n    within: 1s\n", "x.yaml:4:5: within does not go with wait" },
		{ LAB "wait: soon\n", NULL },
		{ LAB "send: {fcs: auto}\n",
			"x.yaml:3:11: send: {layers: [...]} is wanted, or the name of a template" },
		{ LAB "expect: {layers: [eth], fcs: bad}\n",
			"x.yaml:3:29: fcs does not go with expect: layers alone are compared" },
		{ LAB "expect: {layers: [tcp: {dprt: 1}]}\n",
			"x.yaml:3:29: no field \"dprt\" in tcp; did you mean \"dport\"?" },
		{ LAB "expect: {layers: [tcp: {dport: {inc: 1..9}}]}\n",
			"x.yaml:3:36: tcp.dport: what is waited for does not vary: 1..9 is any of "
			"these, [1, 9] either" },
		{ LAB "expect: {layers: [tcp: {dport: 9..1}]}\n",
			"x.yaml:3:36: tcp.dport: 9..1 runs backwards: the lower end comes first" },
		{ LAB "expect: {layers: [tcp: {dport: []}]}\n",
			"x.yaml:3:36: tcp.dport: the list is empty: at least one value" },
		{ LAB "expect: {layers: [tcp: {flags: {set: syn, clear: syn}}]}\n",
			"x.yaml:3:54: tcp.flags: a bit cannot be both set and clear" },
		{ LAB "expect: {layers: [eth: {src: {set: 1}}]}\n",
			"x.yaml:3:35: eth.src: only a number has bits that are set or clear" },
		{ LAB "expect: {layers: [tcp: {seq: {prefix: 1}}]}\n",
			"x.yaml:3:35: tcp.seq: prefix is of octets such as a payload's: a range is "
			"FIRST..LAST" },
		{ LAB "expect: {layers: [tcp: {seq: {not: 1, set: 2}}]}\n",
			"x.yaml:3:43: tcp.seq: only set and clear stand beside each other" },
		{ LAB "expect-none: {layers: [tcp: {seq: $x}]}\n",
			"x.yaml:3:39: $x: nothing is to arrive here that would give it a value" },
		{ LAB "expect: {layers: [tcp: {seq: $x+1}]}\n",
			"x.yaml:3:34: tcp.seq: $x has no value yet, to which something could be "
			"added" },
		{ LAB "expect: {layers: [tcp: {seq: $x}, payload: $y]}\n  - expect: {layers: "
		      "[payload: $y-1]}\n",
			"x.yaml:4:32: payload: from octets no number can be taken" },
		{ LAB "expect: {layers: [tcp: {seq: $x}]}\n  - expect: {layers: [tcp: {ack: "
		      "$x-0q}]}\n",
			"x.yaml:4:34: tcp.ack: \"0q\" is not a number: decimal, 0x hexadecimal or "
			"0b binary" },
		{ LAB "expect: {layers: [tcp: {seq: {exactly: [1]}}]}\n",
			"x.yaml:3:35: tcp.seq: exactly is of a list such as options: a value "
			"stands alone" },
		{ LAB "expect: {layers: [tcp: {options: {exactly: mss}}]}\n",
			"x.yaml:3:48: tcp.options.exactly: a list is wanted: [...]" },
		{ LAB "expect: {layers: [tcp: {options: {not: [mss]}}]}\n",
			"x.yaml:3:38: tcp.options: of a list the items are wanted: [...], or "
			"{exactly: [...]} for no others" },
		{ SEND "tcp: {options: {exactly: [mss]}}]}\n", NULL },
		{ LAB "expect: {layers: [tcp: {seq: $seq}]}\n  - send: {layers: [eth, tcp: {ack: "
		      "$sek}]}\n",
			"x.yaml:4:37: no variable \"sek\"; did you mean \"seq\"?" },
		{ LAB "expect: {layers: [tcp: {seq: $x}]}\n  - send: {layers: [eth, tcp: {window: "
		      "$x}]}\n",
			"x.yaml:4:40: tcp.window: $x was taken from seq, which has 32 bits, and "
			"this field has 16" },
		{ SEND "tcp: {ack: 70000000000}]}\n", NULL },
		{ LAB "repeat: 3\n", "x.yaml:3:5: repeat wants steps: beside it, a list of them" },
		{ LAB "repeat: 0\n    steps: [wait: 1s]\n",
			"x.yaml:3:13: repeat: 0 times is never: at least 1, or leave it out" },
		{ LAB "expect: {layers: [eth]}\n    on: left\n",
			"x.yaml:4:9: on: no \"left\" under interfaces:" },
		{ LAB "expect: {layers: [eth]}\n    not-before: 2s\n",
			"x.yaml:4:17: not-before is later than within: nothing can come then" },
		{ "interface: lab\ninterfaces: {a: lab}\nsteps: [wait: 1s]\n",
			"x.yaml:2:1: interface and interfaces exclude each other" },
		{ "interfaces: {a: lab, b: lab, c: lab, d: lab}\nsteps: [wait: 1s]\n",
			"x.yaml:1:13: 4 interfaces are too many (at most 3)" },
		{ "interface: {lab: {mtu: 9}}\nsteps: [wait: 1s]\n",
			"x.yaml:1:24: mtu: 9 is below 68 octets, of RFC 791" },
		{ "interface: eth1\npeer: {tcp: 80}\nsteps: [wait: 1s]\n",
			"x.yaml:2:1: peer is of a lab: this script runs on an interface that is "
			"there" },
		{ "interface: lab\npeer: {tcp: [80, 81, 80]}\nsteps: [wait: 1s]\n",
			"x.yaml:2:13: peer.tcp: port 80 stands there twice" },
		{ "interface: lab\npeer: {tcp-echo: 7, udp: 7, udp-echo: [9, 7]}\nsteps: [wait: "
		  "1s]\n",
			"x.yaml:2:39: peer.udp-echo: port 7 stands there twice" },
		{ "interface: lab\npeer: {tcp: 0}\nsteps: [wait: 1s]\n",
			"x.yaml:2:13: peer.tcp: 0 is no port" },
		{ "interface: lab\nstrict: maybe\nsteps: [wait: 1s]\n",
			"x.yaml:2:9: strict: \"maybe\" is neither on nor off" },
		{ LAB "send: no-such-template\n", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script script;
		struct err err = { 0 };

		if (read_with(*state, rows[i].text, NULL, &script, &err) != -EINVAL)
			fail_msg("%s is taken", rows[i].text);
		assert_int_equal(err.kind, ERR_INPUT);
		if (rows[i].message)
			assert_string_equal(err.text, rows[i].message);
		else if (!strstr(err.text, "x.yaml:3:"))
			fail_msg("%s", err.text);
	}
}

static void a_sum_of_a_variable_stands_in_a_template_too(void **state)
{
	static const char text[] =
		"vars: {seq: 4294967295, port-1: 7, port: 80}\nlayers: [eth: {dst: "
		"02:00:00:00:00:02}, ipv4: {dst: 192.0.2.2}, tcp: {ack: $seq+2, seq: $seq-5, "
		"sport: $port-1, dport: $port-2}]\n";
	const struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct err err = { 0 };
	const struct spec_record *tcp;

	if (template_read(*state, "t.yaml", (const uint8_t *)text, strlen(text), &options,
		    &template, &err))
		fail_msg("%s", err.text);
	tcp = &template.frames[0].layers[2].header;
	assert_int_equal(tcp->values[wire_field_find(tcp->type, "ack")].value.number, 1);
	assert_int_equal(tcp->values[wire_field_find(tcp->type, "seq")].value.number, 4294967290);
	assert_int_equal(tcp->values[wire_field_find(tcp->type, "sport")].value.number, 7);
	assert_int_equal(tcp->values[wire_field_find(tcp->type, "dport")].value.number, 78);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(steps_ports_and_names_are_read),
		TEST(an_interface_may_come_from_outside),
		TEST(what_is_expected_is_held_against_a_frame),
		TEST(a_field_of_one_kind_of_message_may_be_said_where_the_kind_is_open),
		TEST(mistakes_are_told_with_their_place),
		TEST(a_sum_of_a_variable_stands_in_a_template_too),
	};

	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}

/* render_frame_json: the keys and kinds of value that scripts rely on. */
#include "render/json.h"
#include "render/render.h"

#include "fresh.h"

static const char *json_of(const char *name, const struct frame_view *view)
{
	buffer_clear(&out);
	json_print(render_frame_json(name, view), false, &out);
	return buffer_text(&out);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in:\n%s", part, text);
}

static void a_frame_is_this_object(void **state)
{
	static const char hex[] =
		"02000000000202000000000108004500001f00010000401166cb0a0000010a000002"
		"03e807d0000b6db468690a";
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, hex, DISSECT_FCS_ABSENT, &view);
	has(json_of("x", &view), "{\"name\":\"x\",\"length\":45,\"hex\":"
				 "\"02000000000202000000000108004500001f0001000040"
				 "1166cb0a0000010a00000203e807d0000b6db468690a\",\"fcs\":{"
				 "\"state\":\"none\",\"octets\":"
				 "null,\"expected\":\"");
	has(json_of("x", &view),
		"\"layers\":[{\"protocol\":\"eth\",\"offset\":0,\"length\":14,\"fields\":{\"dst\":"
		"\"02:00:00:00:00:02\",\"src\":\"02:00:00:00:00:01\",\"type\":2048}},{\"protocol\":"
		"\"ipv4\",\"offset\":14,\"length\":20,\"fields\":{\"version\":4,\"ihl\":5,\"dscp\":"
		"0,"
		"\"ecn\":0,\"length\":31,\"id\":1,\"flags\":0,\"frag-offset\":0,\"ttl\":64,"
		"\"protocol\":17,"
		"\"checksum\":26315,\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"options\":[]}},{"
		"\"protocol\":\"udp\",\"offset\":34,\"length\":8,\"fields\":{\"sport\":1000,"
		"\"dport\":2000,"
		"\"length\":11,\"checksum\":28084}},{\"protocol\":\"payload\",\"offset\":42,"
		"\"length\":3,"
		"\"fields\":{\"data\":\"68690a\"}}]}\n");
}

static void a_frame_that_is_built_has_its_fcs_and_padding(void **state)
{
	struct frame_view view;

	(void)state;
	frames_udp(&arena, &view);
	has(json_of(NULL, &view), "{\"name\":null,\"length\":60,");
	has(json_of(NULL, &view),
		"\"fcs\":{\"state\":\"right\",\"octets\":\"875d4027\",\"expected\":\"875d4027\"}");
	has(json_of(NULL, &view), "\"padding\":{\"offset\":45,\"length\":15,\"hex\":"
				  "\"000000000000000000000000000000\"}");
}

static void a_list_is_an_array_of_items(void **state)
{
	static const char syn[] = "0200000000020200000000010800"
				  "4500003000010000400666c40a0000010a000002"
				  "00140050000000010000000070022000000000000204057804020101";
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, syn, DISSECT_FCS_ABSENT, &view);
	has(json_of("x", &view),
		"\"options\":[{\"item\":\"mss\",\"kind\":2,\"length\":4,\"value\":1400},{\"item\":"
		"\"sack-permitted\",\"kind\":4,\"length\":2},{\"item\":\"nop\",\"kind\":1},{"
		"\"item\":"
		"\"nop\",\"kind\":1}]");
	has(json_of("x", &view), "\"flags\":2,");
}

static void what_is_wrong_stands_beside_the_fields(void **state)
{
	static const char hex[] =
		"02000000000202000000000108004500001f00010000401112340a0000010a000002"
		"03e807d0000b6db468690a1a2b3c4d";
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, hex, DISSECT_FCS_PRESENT, &view);
	has(json_of("x", &view), "\"wrong\":{\"checksum\":26315}}");
	has(json_of("x", &view),
		"\"fcs\":{\"state\":\"wrong\",\"octets\":\"1a2b3c4d\",\"expected\":\"");
}

static void what_varies_and_what_changed_is_named(void **state)
{
	static const char syn[] = "0200000000020200000000010800"
				  "4500003000010000400666c40a0000010a000002"
				  "00140050000000010000000070022000000000000204057804020101";
	struct frame_view view;
	struct view_record *tcp;

	(void)state;
	frames_dissect(&arena, syn, DISSECT_FCS_ABSENT, &view);
	assert_null(strstr(json_of("x", &view), "varies"));
	assert_null(strstr(json_of("x", &view), "changed"));
	tcp = &view.layers[2].header;
	tcp->fields[0].varies = tcp->fields[0].changed = true;
	tcp->fields[tcp->count - 1].items[0].fields[2].varies = true;
	has(json_of("x", &view),
		",\"varies\":[\"sport\",\"options[1].value\"],\"changed\":[\"sport\"]}");
}

static void a_fault_says_why_the_rest_was_not_read(void **state)
{
	struct frame_view view;

	(void)state;
	frames_dissect(&arena, "0200000000020200000000010800450000", DISSECT_FCS_ABSENT, &view);
	has(json_of("x", &view), "\"fault\":\"ipv4: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_is_this_object),
		TEST(a_frame_that_is_built_has_its_fcs_and_padding),
		TEST(a_list_is_an_array_of_items),
		TEST(what_is_wrong_stands_beside_the_fields),
		TEST(what_varies_and_what_changed_is_named),
		TEST(a_fault_says_why_the_rest_was_not_read),
	};

	return cmocka_run_group_tests_name("render/frame_json", tests, NULL, NULL);
}

/* wrap: outer layers, taken from a frame of a template and put around packets. */
#include "stack/wrap.h"

#include "base/arena.h"
#include "base/err.h"
#include "frame/build.h"
#include "stack/resolution.h"

#include "../../support/spec_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ETH "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)"
#define V4  "/ipv4(src=10.20.0.1,dst=10.20.0.2)"
#define ARP "/arp(sha=02:00:00:00:00:02,spa=10.20.0.2,tpa=10.20.0.1)"

#define UPPER "/tcp(dport=80)"

static const uint8_t own_mac[6] = { 2, 0, 0, 0, 0, 1 }, peer_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t own4[4] = { 10, 20, 0, 1 }, peer4[4] = { 10, 20, 0, 2 };

static int try_wrap(
	struct stack_wrap **ret, const char *text, enum socket_kind kind, struct err *err)
{
	struct frame_spec spec;
	struct arena arena;
	int r;

	arena_init(&arena);
	support_spec(&arena, text, &spec);
	r = stack_wrap_new(ret, &spec, kind, WRAP_OPENS, err);
	arena_fini(&arena);
	return r;
}

static void refused(const char *text, enum socket_kind kind, const char *why)
{
	struct stack_wrap *wrap = NULL;
	struct err err = { 0 };

	assert_int_equal(try_wrap(&wrap, text, kind, &err), -EINVAL);
	assert_null(wrap);
	assert_string_equal(err.text, why);
}

static void a_frame_of_the_other_transport_is_refused(void **state)
{
	(void)state;
	refused(ETH V4 "/udp(dport=53)", SOCKET_TCP,
		"the frame ends in udp; a conversation of tcp wants one that ends in tcp");
	refused(ETH V4 "/tcp(dport=80)/payload(data=00)", SOCKET_UDP,
		"the frame ends in tcp; a conversation of udp wants one that ends in udp");
	refused(ETH V4 "/icmp()", SOCKET_UDP,
		"the frame ends in icmp; a conversation of udp wants one that ends in udp");
}

static void a_frame_without_ip_is_refused(void **state)
{
	(void)state;
	refused(ETH ARP, SOCKET_TCP,
		"a conversation wants a frame of eth that ends in tcp over ipv4 or ipv6");
	refused(ETH "/vlan(id=20)/tcp()", SOCKET_TCP,
		"a conversation wants a frame of eth that ends in tcp over ipv4 or ipv6");
}

static void a_place_for_the_mac_wants_a_link_that_tells_it(void **state)
{
	(void)state;
	refused("eth(src=02:00:00:00:00:01)/mpls(label=16)" V4 UPPER, SOCKET_TCP,
		"eth.dst: has to be given");
}

static struct stack_wrap *wrap_of(const char *text)
{
	struct stack_wrap *wrap = NULL;
	struct err err = { 0 };

	assert_int_equal(try_wrap(&wrap, text, SOCKET_TCP, &err), 0);
	return wrap;
}

/* What is put around a frame of the link is what a template with these layers would build, and it
 * is found in there again. */
static void same_as(struct stack_wrap *wrap, const uint8_t *frame, size_t length,
	const char *wanted, enum wrap_content content)
{
	uint8_t octets[512];
	struct frame_view view;
	struct arena arena;
	size_t offset, put = wrap->ops->put_link(wrap, frame, length, octets, sizeof(octets));

	arena_init(&arena);
	support_build(&arena, wanted, SPEC_PAD_NONE, &view);
	assert_int_equal(put, view.length);
	assert_memory_equal(octets, view.octets, put);
	assert_int_equal(wrap->ops->strip(wrap, octets, put, &offset), content);
	assert_memory_equal(octets + offset, frame + 14, length - 14);
	assert_int_equal(wrap->ops->put_link(wrap, frame, length, octets, put - 1), 0);
	arena_fini(&arena);
}

static void arp_goes_within_the_layers(void **state)
{
	static const char *const outer[] = {
		"/vlan(id=20,pcp=5)",
		"/svlan(id=100)/vlan(id=30)",
		"/ipv4(src=192.0.2.1,dst=192.0.2.2,id=7,ttl=9)/"
		"udp(sport=49152,dport=4789,checksum=0)"
		"/vxlan(vni=42)/eth(dst=%s,src=02:00:00:00:00:01)",
		"/ipv6(src=2001:db8::1,dst=2001:db8::2)/gre()/eth(dst=%s,src=02:00:00:00:00:01)/"
		"vlan(id=3)",
	};
	static const char *const inner = "/arp(op=request,sha=02:00:00:00:00:01,spa=10.20.0.1,"
					 "tpa=10.20.0.2)";
	const struct resolution_self self = { 4, own_mac, own4 };
	uint8_t frame[RESOLUTION_FRAME_MAX];
	size_t length = resolution_write_question(&self, peer4, frame);

	(void)state;
	for (size_t i = 0; i < sizeof(outer) / sizeof(outer[0]); i++) {
		bool tunnel = strchr(outer[i], '%');
		char text[512], wanted[512], layers[256];
		struct stack_wrap *wrap;

		snprintf(layers, sizeof(layers), outer[i], "02:00:00:00:00:02");
		snprintf(text, sizeof(text), ETH "%s" V4 UPPER, layers);
		snprintf(layers, sizeof(layers), outer[i], "ff:ff:ff:ff:ff:ff");
		snprintf(wanted, sizeof(wanted), "eth(dst=%s,src=02:00:00:00:00:01)%s%s",
			tunnel ? "02:00:00:00:00:02" : "ff:ff:ff:ff:ff:ff", layers, inner);
		wrap = wrap_of(text);
		assert_true(wrap->resolves);
		assert_false(wrap->asks);
		assert_memory_equal(wrap->mac, own_mac, 6);
		same_as(wrap, frame, length, wanted, WRAP_ARP);
		stack_wrap_free(wrap);
	}
}

static void neighbour_discovery_goes_within_the_layers(void **state)
{
	static const uint8_t own6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	static const uint8_t peer6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };
	const struct resolution_self self = { 16, own_mac, own6 };
	uint8_t frame[RESOLUTION_FRAME_MAX];
	size_t length = resolution_write_question(&self, peer6, frame);
	struct stack_wrap *wrap = wrap_of(
		ETH "/vlan(id=20)/ipv6(src=2001:db8::1,dst=2001:db8::2,hop-limit=77)" UPPER);

	(void)state;
	same_as(wrap, frame, length,
		"eth(dst=33:33:ff:00:00:02,src=02:00:00:00:00:01)/vlan(id=20)"
		"/ipv6(src=2001:db8::1,dst=ff02::1:ff00:2,hop-limit=255)"
		"/icmpv6(type=135,target=2001:db8::2)/payload(data=0101020000000001)",
		WRAP_IP);
	stack_wrap_free(wrap);
}

static enum wrap_content found(struct stack_wrap *wrap, const char *text)
{
	struct frame_view view;
	struct arena arena;
	enum wrap_content content;
	size_t offset;

	arena_init(&arena);
	support_build(&arena, text, SPEC_PAD_AUTO, &view);
	content = wrap->ops->strip(wrap, view.octets, view.length, &offset);
	arena_fini(&arena);
	return content;
}

static void other_networks_are_not_heard(void **state)
{
	struct stack_wrap *wrap = wrap_of(ETH "/vlan(id=20)" V4 UPPER);

	(void)state;
	assert_int_equal(found(wrap, ETH "/vlan(id=20)" ARP), WRAP_ARP);
	assert_int_equal(found(wrap, ETH "/vlan(id=20)" V4 UPPER), WRAP_IP);
	assert_int_equal(found(wrap, ETH "/vlan(id=21)" ARP), WRAP_NOTHING);
	assert_int_equal(found(wrap, ETH "/svlan(id=20)" ARP), WRAP_NOTHING);
	assert_int_equal(found(wrap, ETH "/vlan(id=20)/vlan(id=20)" ARP), WRAP_NOTHING);
	assert_int_equal(found(wrap, ETH ARP), WRAP_NOTHING);
	assert_int_equal(found(wrap, ETH V4 UPPER), WRAP_NOTHING);
	stack_wrap_free(wrap);
}

/* IEEE 802.1Q 6.9.1: VLAN 0 is none. */
static void a_priority_tag_may_be_missing(void **state)
{
	struct stack_wrap *wrap = wrap_of(ETH "/vlan(id=0,pcp=5)" V4 UPPER);

	(void)state;
	assert_int_equal(found(wrap, ETH "/vlan(id=0)" ARP), WRAP_ARP);
	assert_int_equal(found(wrap, ETH ARP), WRAP_ARP);
	assert_int_equal(found(wrap, ETH V4 UPPER), WRAP_IP);
	assert_int_equal(found(wrap, ETH "/vlan(id=1)" ARP), WRAP_NOTHING);
	stack_wrap_free(wrap);
}

static void a_mac_that_is_left_out_is_put_in(void **state)
{
	const struct ip_fields fields = { .address_length = 4,
		.protocol = 6,
		.source = own4,
		.destination = peer4,
		.length = 20 };
	struct stack_wrap *wrap =
		wrap_of("eth(src=02:00:00:00:00:01)/svlan(id=100)/vlan(id=30)" V4 UPPER);
	uint8_t octets[512];
	size_t length = wrap->ops->put(wrap, &fields, peer_mac, octets, sizeof(octets));

	(void)state;
	assert_true(wrap->asks);
	assert_int_equal(length, 14 + 8 + 20);
	assert_memory_equal(octets, peer_mac, 6);
	assert_memory_equal(octets + 6, own_mac, 6);
	stack_wrap_free(wrap);
}

static void what_is_no_link_resolves_nothing(void **state)
{
	struct stack_wrap *wrap = wrap_of(ETH "/mpls(label=16)" V4 UPPER);

	(void)state;
	assert_false(wrap->resolves);
	assert_int_equal(found(wrap, ETH ARP), WRAP_NOTHING);
	stack_wrap_free(wrap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_of_the_other_transport_is_refused),
		cmocka_unit_test(a_frame_without_ip_is_refused),
		cmocka_unit_test(a_place_for_the_mac_wants_a_link_that_tells_it),
		cmocka_unit_test(arp_goes_within_the_layers),
		cmocka_unit_test(neighbour_discovery_goes_within_the_layers),
		cmocka_unit_test(other_networks_are_not_heard),
		cmocka_unit_test(a_priority_tag_may_be_missing),
		cmocka_unit_test(a_mac_that_is_left_out_is_put_in),
		cmocka_unit_test(what_is_no_link_resolves_nothing),
	};

	return cmocka_run_group_tests_name("wrap", tests, NULL, NULL);
}

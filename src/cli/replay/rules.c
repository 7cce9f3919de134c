/* What --set and --map change in the frames of a capture. */
#include "cli/replay/replay.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_MAX 16

/* What may stand on both sides of a map. */
struct mapped {
	enum rewrite_kind kind;
	unsigned int length; /* octets */
	uint8_t octets[ADDRESS_MAX];
	unsigned int prefix; /* bits */
};

static int mac_read(const char *text, uint8_t *octets)
{
	int end = 0;

	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &octets[0], &octets[1],
		       &octets[2], &octets[3], &octets[4], &octets[5], &end) == 6 &&
	       !text[end];
}

/* An address without its prefix, a MAC or a port. */
static bool address_read(const char *text, struct mapped *ret)
{
	uint64_t port;

	if (inet_pton(AF_INET, text, ret->octets) == 1) {
		ret->kind = REWRITE_IPV4;
		ret->length = 4;
	} else if (mac_read(text, ret->octets)) {
		ret->kind = REWRITE_MAC;
		ret->length = 6;
	} else if (inet_pton(AF_INET6, text, ret->octets) == 1) {
		ret->kind = REWRITE_IPV6;
		ret->length = 16;
	} else if (!text_number(text, &port, NULL) && port <= UINT16_MAX) {
		ret->kind = REWRITE_PORT;
		ret->length = 2;
		ret->octets[0] = (uint8_t)(port >> 8);
		ret->octets[1] = (uint8_t)port;
	} else {
		return false;
	}
	return true;
}

static bool mapped_read(struct arena *arena, const char *text, struct mapped *ret)
{
	const char *slash = strchr(text, '/');
	uint64_t prefix;

	if (!slash) {
		if (!address_read(text, ret))
			return false;
		ret->prefix = 8 * ret->length;
		return true;
	}
	if (!address_read(arena_strndup(arena, text, (size_t)(slash - text)), ret) ||
		text_number(slash + 1, &prefix, NULL) || prefix > 8 * ret->length)
		return false;
	ret->prefix = (unsigned int)prefix;
	return ret->kind != REWRITE_PORT;
}

static int map_read(
	struct arena *arena, const char *text, struct rewrite_rule *ret, struct err *err)
{
	const char *equals = strchr(text, '=');
	struct mapped from, to;

	if (!equals ||
		!mapped_read(arena, arena_strndup(arena, text, (size_t)(equals - text)), &from) ||
		!mapped_read(arena, equals + 1, &to))
		return err_input(err, NULL,
			"--map %s: wants FROM=TO: two ports, MACs, addresses or prefixes, as in "
			"10.0.0.0/8=192.168.0.0/8 or 80=8080",
			text);
	if (from.kind != to.kind)
		return err_input(err, NULL, "--map %s: both sides have to be of one kind", text);
	if (from.prefix != to.prefix)
		return err_input(
			err, NULL, "--map %s: both prefixes have to be equally long", text);
	*ret = (struct rewrite_rule){ .kind = from.kind, .prefix = from.prefix };
	memcpy(ret->from, from.octets, from.length);
	memcpy(ret->to, to.octets, to.length);
	return 0;
}

static int set_read(
	struct arena *arena, const char *text, struct rewrite_rule *ret, struct err *err)
{
	struct template_set set;
	int status = template_read_set(arena, text, &set, err);

	if (status)
		return status;
	*ret = (struct rewrite_rule){
		.kind = REWRITE_FIELD,
		.protocol = set.protocol,
		.nth = set.nth,
		.field = set.field->name,
		.value = set.value,
	};
	return 0;
}

int replay_rules_read(struct replay_options *options, struct err *err)
{
	struct common *common = &options->common;
	size_t count = common->set_count + options->map_count;
	struct rewrite_rule *rules = arena_alloc(&common->arena, count * sizeof(*rules));
	int status = 0;

	for (size_t i = 0; i < count && !status; i++)
		status = i < common->set_count
				 ? set_read(&common->arena, common->sets[i], &rules[i], err)
				 : map_read(&common->arena, options->maps[i - common->set_count],
					   &rules[i], err);
	options->config.rules = rules;
	options->config.rule_count = (unsigned int)count;
	return status;
}

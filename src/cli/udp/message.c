/* A datagram that came, for people and for programs. */
#include "cli/udp/udp.h"

#include "render/utf8.h"

/* Of the text at p, which '\0' ends: octets that can be printed as they are. */
static size_t printable(const uint8_t *p)
{
	size_t length = utf8_length(p);

	if (p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0))
		return 0;
	return length;
}

/* With a '\0' behind it, as utf8_length wants one. */
static void put_text(struct buffer *out, const uint8_t *octets, size_t length)
{
	struct buffer text = { 0 };
	size_t at = 0;

	buffer_put(&text, octets, length);
	while (at < length) {
		size_t size = printable(text.data + at);

		if (size)
			buffer_put(out, text.data + at, size);
		else
			buffer_printf(out, "\\x%02x", text.data[at]);
		at += size ? size : 1;
	}
	buffer_fini(&text);
}

void udp_put_message(
	const struct udp_options *udp, const uint8_t *octets, size_t length, struct buffer *out)
{
	if (udp->raw) {
		buffer_put(out, octets, length);
		return;
	}
	if (length && octets[length - 1] == '\n')
		length--;
	put_text(out, octets, length);
	buffer_put(out, "\n", 1);
}

struct json *udp_message_json(
	const struct stack_address *from, const uint8_t *octets, size_t length)
{
	struct json *json = json_object();
	struct buffer text = { 0 }, hex = { 0 };
	char address[SOCKETS_TEXT];

	put_text(&text, octets, length);
	for (size_t i = 0; i < length; i++)
		buffer_printf(&hex, "%02x", octets[i]);
	json_set(json, "type", json_text("message"));
	json_set(json, "address", json_text(sockets_address(from, address)));
	json_set(json, "port", json_number(from->port));
	json_set(json, "length", json_number(length));
	json_set(json, "text", json_text(buffer_text(&text)));
	json_set(json, "hex", json_text(buffer_text(&hex)));
	buffer_fini(&text);
	buffer_fini(&hex);
	return json;
}

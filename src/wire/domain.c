/* Domain names: read from text, written as text, measured in a message. */
#include "wire/domain.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"
#include "wire/escape.h"

#include <ctype.h>
#include <string.h>

#define POINTER	    0xc0 /* the high bits of a pointer's first octet, RFC 1035 4.1.4 */
#define POINTER_MAX 0x3fff

/* ---- from text ---- */

struct writer {
	uint8_t *octets;
	size_t length;
	struct err *err;
};

static int too_long(struct writer *w)
{
	return err_input(w->err, NULL, "a domain name has at most %d octets, lengths included",
		DOMAIN_LENGTH_MAX);
}

/* Reads a label up to a dot or the end, and moves *text behind it. */
static int put_label(struct writer *w, const char **text)
{
	size_t at = w->length++; /* of the label's length */

	while (**text && **text != '.') {
		uint8_t octet;

		if (!escape_read(text, &octet))
			return err_input(w->err, NULL,
				"\"\\%.3s\" is no octet: three decimal digits up to 255",
				*text + 1);
		if (w->length == DOMAIN_LENGTH_MAX)
			return too_long(w);
		w->octets[w->length++] = octet;
	}
	if (w->length - at - 1 > DOMAIN_LABEL_MAX)
		return err_input(w->err, NULL, "a label has at most %d octets; this one has %zu",
			DOMAIN_LABEL_MAX, w->length - at - 1);
	if (w->length == at + 1)
		return err_input(w->err, NULL, "a label of a domain name is empty");
	w->octets[at] = (uint8_t)(w->length - at - 1);
	return 0;
}

static int put_pointer(struct writer *w, const char *text)
{
	uint64_t offset;

	if (!isdigit((unsigned char)*text) || text_number(text, &offset, NULL) ||
		offset > POINTER_MAX)
		return err_input(w->err, NULL,
			"\"@%s\" is no pointer: @ and an octet of the message, at most %d; write "
			"\\@ for a label that begins so",
			text, POINTER_MAX);
	if (w->length + 2 > DOMAIN_LENGTH_MAX)
		return too_long(w);
	bytes_put_be16(w->octets + w->length, (uint16_t)(POINTER << 8 | offset));
	w->length += 2;
	return 0;
}

int domain_parse(
	const char *text, uint8_t octets[DOMAIN_LENGTH_MAX], size_t *ret_length, struct err *err)
{
	struct writer w = { .octets = octets, .err = err };
	int status;

	if (!*text)
		return err_input(err, NULL, "a domain name is wanted; the root is \".\"");
	if (!strcmp(text, "."))
		text++;
	while (*text) {
		if (*text == '@') {
			status = put_pointer(&w, text + 1);
			if (!status)
				*ret_length = w.length;
			return status;
		}
		if (w.length == DOMAIN_LENGTH_MAX)
			return too_long(&w);
		status = put_label(&w, &text);
		if (status)
			return status;
		text += *text == '.';
	}
	if (w.length == DOMAIN_LENGTH_MAX)
		return too_long(&w);
	octets[w.length++] = 0;
	*ret_length = w.length;
	return 0;
}

/* ---- to text ---- */

static void put_text(const uint8_t *label, size_t length, struct buffer *out)
{
	for (size_t i = 0; i < length; i++)
		escape_put(label[i], i ? ". " : ". @", out);
}

void domain_format(const uint8_t *octets, size_t length, struct buffer *out)
{
	size_t at = 0;
	unsigned int labels = 0;

	for (; at < length && octets[at] && octets[at] < POINTER; at += octets[at] + 1U) {
		buffer_printf(out, "%s", labels++ ? "." : "");
		put_text(octets + at + 1, octets[at], out);
	}
	if (at + 1 < length)
		buffer_printf(
			out, "%s@%d", labels ? "." : "", bytes_get_be16(octets + at) & POINTER_MAX);
	else if (labels < 2)
		buffer_printf(out, ".");
}

/* ---- in a message ---- */

/* As domain_extent; *ret_pointer when it ends in a pointer. */
static size_t measure(const uint8_t *octets, size_t length, bool *ret_pointer)
{
	size_t most = length < DOMAIN_LENGTH_MAX ? length : DOMAIN_LENGTH_MAX;
	size_t at = 0;

	/* cppcheck takes a caller's length of 0 for the only one. */
	// cppcheck-suppress knownConditionTrueFalse
	while (at < most && octets[at] && octets[at] <= DOMAIN_LABEL_MAX)
		at += octets[at] + 1U;
	// cppcheck-suppress knownConditionTrueFalse
	if (at >= most)
		return 0;
	*ret_pointer = octets[at] >= POINTER;
	if (!octets[at])
		return at + 1;
	return *ret_pointer && at + 2 <= most ? at + 2 : 0;
}

size_t domain_extent(const uint8_t *octets, size_t length)
{
	bool pointer;

	return measure(octets, length, &pointer);
}

bool domain_is_compressed(const uint8_t *octets, size_t length)
{
	bool pointer;

	return measure(octets, length, &pointer) && pointer;
}

bool domain_expand(const uint8_t *message, size_t length, size_t offset, struct buffer *out)
{
	uint8_t name[DOMAIN_LENGTH_MAX];
	size_t count = 0;
	size_t before = length; /* where the labels in hand begin */

	while (offset < before) {
		bool pointer = false;
		size_t labels = measure(message + offset, length - offset, &pointer);

		if (!labels)
			return false;
		labels -= pointer ? 2 : 0;
		if (count + labels > sizeof(name))
			return false;
		memcpy(name + count, message + offset, labels);
		count += labels;
		if (!pointer) {
			domain_format(name, count, out);
			return true;
		}
		before = offset;
		offset = bytes_get_be16(message + offset + labels) & POINTER_MAX;
	}
	return false;
}

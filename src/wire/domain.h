/* domain.h: domain names as DNS has them, RFC 1035 3.1 and 4.1.4. */
#ifndef WIRE_DOMAIN_H
#define WIRE_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOMAIN_LENGTH_MAX 255 /* octets with the last zero, RFC 1035 2.3.4 */
#define DOMAIN_LABEL_MAX  63

struct buffer;
struct err;

/*
 * Reads "www.example.org", with or without a dot at its end; "." is the root. \DDD is the octet of
 * that decimal number, \X is X (RFC 1035 5.1). A last label "@12" is a pointer to octet 12 of the
 * message; a label that begins with '@' is written "\@...". At most DOMAIN_LENGTH_MAX octets are
 * put; on failure -EINVAL, and *err (without a place) says why.
 */
int domain_parse(
	const char *text, uint8_t octets[DOMAIN_LENGTH_MAX], size_t *ret_length, struct err *err);

/* Appends octets[length], which domain_extent has measured, as domain_parse reads it. A name of one
 * label is written with a dot at its end, so that none looks like a word of the template language.
 */
void domain_format(const uint8_t *octets, size_t length, struct buffer *out);

/* Whether the name, measured, ends in a pointer. */
bool domain_is_compressed(const uint8_t *octets, size_t length);

/* How many octets the name at octets[length] has; 0 where it does not end in time or is none. */
size_t domain_extent(const uint8_t *octets, size_t length);

/*
 * Appends the name at offset of message[length] with its pointers followed. False, and nothing put,
 * where one leads nowhere: each has to point before the label sequence that it stands in, so that
 * there is no loop.
 */
bool domain_expand(const uint8_t *message, size_t length, size_t offset, struct buffer *out);

#endif

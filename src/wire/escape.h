/* escape.h: octets as printable text, RFC 1035 5.1. */
#ifndef WIRE_ESCAPE_H
#define WIRE_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;

/* Reads one octet at *text, which is not its end, and moves *text behind it: \DDD is the octet of
 * that decimal number, \X is X. False, and *text stays, where a '\' is followed by neither. */
bool escape_read(const char **text, uint8_t *ret);

/* Appends an octet as escape_read reads it: one of special and '\' after a '\', what cannot be
 * printed, and a blank where special has one, as \DDD. */
void escape_put(uint8_t octet, const char *special, struct buffer *out);

#endif

/* quote.h: scalars as a template says them, plain where that reads back, else in double quotes. */
#ifndef TEMPLATE_QUOTE_H
#define TEMPLATE_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* Whether the octets are UTF-8 that a person can read: no control characters but \n, \r and \t. */
bool quote_is_text(const uint8_t *octets, size_t length);

/* Appends such octets in double quotes. */
void quote_put_text(struct buffer *out, const uint8_t *octets, size_t length);

/* Appends the value of a field: a word without blanks. */
void quote_put_word(struct buffer *out, const char *word);

/* The same in an expression, where other characters have a meaning. */
void quote_put_expression_word(struct buffer *out, const char *word);

/* Whether c can stand in a plain word of an expression. */
bool quote_is_expression_char(char c);

/* Appends a line of prose, outside braces: a name. What nobody could read becomes '?'. */
void quote_put_line(struct buffer *out, const char *line);

#endif

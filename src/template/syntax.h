/* syntax.h: what libyaml finds wrong, in words and at the place where it stands. */
#ifndef TEMPLATE_SYNTAX_H
#define TEMPLATE_SYNTAX_H

#include "template/node.h"

#include <yaml.h>

/* Fills *err from the parser's error; returns -EINVAL. */
int syntax_error(const yaml_parser_t *parser, const struct node_source *source, struct err *err);

/* Refuses what libyaml would read as another encoding, or not say well: byte order marks, UTF-16.
 */
int syntax_check_encoding(const struct node_source *source, struct err *err);

#endif

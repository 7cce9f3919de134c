/* expression.h: the text of an expression as the tree that a template would be read into. */
#ifndef TEMPLATE_EXPRESSION_H
#define TEMPLATE_EXPRESSION_H

#include "template/node.h"

struct arena;

/*
 * eth(dst=ff:ff:ff:ff:ff:ff)/ipv4(dst=10.0.0.2)/udp(dport=inc(1..9))/"hello"
 *
 * *ret is a mapping as in a template's frames: layers, and what frame(...) in front of them says.
 * Nothing is known of protocols here. What is wrong is -EINVAL with *err at FILE:LINE:COLUMN.
 */
int expression_parse(struct arena *arena, const char *file, const char *text,
	const struct node **ret, struct err *err);

#endif

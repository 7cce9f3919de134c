/*
 * ebpf.h: compiled rules as an XDP program, which turns a request around where it arrives. What it
 * cannot answer, or would refuse, it passes on, for who sees it then to answer or to count. Made in
 * memory: nothing here asks the system.
 */
#ifndef RESPOND_EBPF_H
#define RESPOND_EBPF_H

#include "base/buffer.h"
#include "respond/program.h"

/* The map's value: answers by each rule, and behind them how many may still be given, signed; 64
 * bits each in the host's order, in memory that several processors add to. */
#define RESPOND_EBPF_SIZE(rules) (((rules) + 1U) * sizeof(uint64_t))

/* Requests up to so many octets are turned around: the verifier looks at each length. */
#define RESPOND_EBPF_LONGEST 2048U

/*
 * Appends the instructions (struct bpf_insn) for the first rules of the responder, as many as can
 * be, and returns how many those are: later ones must not answer before one that cannot. *ret_why
 * says why the next one cannot; NULL where all can. An answer leaves by XDP_TX, or with redirect
 * by the interface of this index. limited: no more are given than may be; Linux 5.12.
 */
unsigned int respond_ebpf(const struct responder *responder, unsigned int rules,
	unsigned int redirect, bool limited, struct buffer *code, const char **ret_why);

#endif

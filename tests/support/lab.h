/* lab.h: a network namespace of the test's own with a veth pair, va (02:00:00:00:00:0a) and vb
 * (02:00:00:00:00:0b), up and quiet (no IPv6, no addresses); it goes when the test ends. */
#ifndef SUPPORT_LAB_H
#define SUPPORT_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* false: not permitted here, with the reason on standard error; the tests are to skip(). */
bool support_lab_enter(void);

/* Makes the pair anew, as after a test that broke it. */
void support_lab_reset(void);

/* Runs a shell command; true if it exits with 0. Its output goes nowhere. */
bool support_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The first line that a shell command prints, without '\n'. */
void support_line(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A number that a shell command prints. */
uint64_t support_number(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One of the kernel's counters of an interface: "tx_packets". */
uint64_t support_counter(const char *interface, const char *name);

/* A plain packet socket that reads what arrives on an interface, and what it reads within
 * timeout_ms: octets, or -1. */
int support_wire_open(const char *interface);
ssize_t support_wire_read(int fd, uint8_t *octets, size_t size, int timeout_ms);

/* Waits until an interface's carrier is as wanted; false after two seconds. */
bool support_wait_carrier(const char *interface, bool wanted);

#endif

/*
 * savefile.h: the octets of a capture file on their way to libpcap: from a pipe too, with a wait
 * that can end, unpacked where the file is packed (unpack.h), and with what the file's header says
 * of the FCS, for which libpcap has no function.
 */
#ifndef LINK_SAVEFILE_H
#define LINK_SAVEFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "link/unpack.h"

struct err;
struct savefile;

/* Whether a file that begins so may be a capture: pcap or pcapng, of either byte order, or packed.
 */
#define SAVEFILE_MAGIC_LENGTH UNPACK_MAGIC_LENGTH
bool savefile_knows(const uint8_t magic[SAVEFILE_MAGIC_LENGTH]);

/* "-" is standard input. Reads up to the end of a pcap header, or of the first interface block of a
 * pcapng file, which libpcap waits for as well. */
int savefile_open(struct savefile **ret, const char *path, struct err *err);

/* For pcap_fopen_offline; to be closed by its reader, before savefile_close. */
int savefile_stream(struct savefile *file, FILE **ret, struct err *err);

bool savefile_is_empty(const struct savefile *file);

/* The frames end in four FCS octets. In a pcapng file its first interface speaks for all. */
bool savefile_has_fcs(const struct savefile *file);

/* true: the next frame is there as a whole, or the end is. false: not within timeout_ms (-1 waits),
 * or a signal ended the wait. */
bool savefile_wait(struct savefile *file, int timeout_ms);

/* Negative with *err where a read of the stream failed, 0 where none did. */
int savefile_failure(const struct savefile *file, struct err *err);

const char *savefile_name(const struct savefile *file); /* the path, or "standard input" */
void savefile_close(struct savefile *file);

#endif

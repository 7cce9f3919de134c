/* pcapfile.h: writes pcap files, nanosecond time, with the FCS marked in the link type where the
 * frames have one. */
#ifndef LINK_PCAPFILE_H
#define LINK_PCAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pcapfile;

/*
 * Creates or overwrites path, "-" for standard output. with_fcs: the link type's word is
 * 0x24000001, Ethernet whose frames end in 4 FCS octets (draft-ietf-opsawg-pcap, LinkType and
 * additional information).
 */
int pcapfile_create(struct pcapfile **ret, const char *path, bool with_fcs, struct err *err);

/* length is what the frame had on the link, at least captured. Errors of the disk come here or at
 * close, at the latest. */
int pcapfile_write(struct pcapfile *file, uint64_t time_ns, const uint8_t *octets,
	uint32_t captured, uint32_t length, struct err *err);
int pcapfile_flush(struct pcapfile *file, struct err *err);

/* Octets written so far, the header counted. */
uint64_t pcapfile_size(const struct pcapfile *file);

/* Flushes and frees file, also on failure; NULL is harmless. */
int pcapfile_close(struct pcapfile *file, struct err *err);

#endif

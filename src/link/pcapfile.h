/* pcapfile.h: writes pcap and pcapng files, nanosecond time, with the FCS marked where the frames
 * have one. */
#ifndef LINK_PCAPFILE_H
#define LINK_PCAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pcapfile;

#define PCAPFILE_FRAME_MAX 262144U /* octets: readers take no more */

enum pcapfile_kind { PCAPFILE_PCAP, PCAPFILE_PCAPNG };

/* As a name's ending asks for: .pcapng, or any other. */
enum pcapfile_kind pcapfile_kind(const char *name);

/*
 * Creates or overwrites path, "-" for standard output. with_fcs: the frames end in 4 FCS octets. A
 * pcap file has then the link type's word 0x24000001 (draft-ietf-opsawg-pcap, LinkType and
 * additional information), a pcapng file the option if_fcslen (draft-ietf-opsawg-pcapng 4.2).
 */
int pcapfile_create_kind(struct pcapfile **ret, const char *path, enum pcapfile_kind kind,
	bool with_fcs, struct err *err);

/* The same, of the kind that path's ending asks for. */
int pcapfile_create(struct pcapfile **ret, const char *path, bool with_fcs, struct err *err);

/*
 * length is what the frame had on the link, at least captured; captured is at most
 * PCAPFILE_FRAME_MAX. Written through a buffer of 1 MiB: errors of the disk come here, at flush, or
 * at close at the latest. After one the file ends with its last whole frame, and every later call
 * repeats the error.
 */
int pcapfile_write(struct pcapfile *file, uint64_t time_ns, const uint8_t *octets,
	uint32_t captured, uint32_t length, struct err *err);
int pcapfile_flush(struct pcapfile *file, struct err *err);

/* Octets written so far, the header and the buffer counted; and what a frame of so many more adds.
 */
uint64_t pcapfile_size(const struct pcapfile *file);
uint64_t pcapfile_record_size(const struct pcapfile *file, uint32_t captured);

/* Frames of which the system has taken all octets: neither those in the buffer, nor those that an
 * error lost. */
uint64_t pcapfile_stored(const struct pcapfile *file);

/* Flushes and frees file, also on failure; NULL is harmless. */
int pcapfile_close(struct pcapfile *file, struct err *err);

#endif

/* pcaplayout.h: how the octets of pcap and pcapng files lie, in the writer's byte order; for
 * pcapfile.c. */
#ifndef LINK_PCAPLAYOUT_H
#define LINK_PCAPLAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCAPLAYOUT_START_MAX 80U /* octets before the first record */

/* Every record has at least so many, and they tell its size. */
#define PCAPLAYOUT_HEAD 16U

struct pcaplayout_frame {
	uint64_t time_ns;
	const uint8_t *octets;
	uint32_t captured, length;
};

struct pcaplayout {
	/* What a file begins with; its size. */
	size_t (*start)(uint8_t *to, bool with_fcs);
	/* The whole record of a frame of so many octets. */
	size_t (*size)(uint32_t captured);
	void (*put)(uint8_t *to, const struct pcaplayout_frame *frame);
	/* The size of the record that begins with these PCAPLAYOUT_HEAD octets. */
	size_t (*size_of)(const uint8_t *head);
};

extern const struct pcaplayout pcaplayout_pcap;	  /* draft-ietf-opsawg-pcap */
extern const struct pcaplayout pcaplayout_pcapng; /* draft-ietf-opsawg-pcapng */

#endif

/* Whether a frame is what a pcap-filter(7) expression asks for. */
#include "link/filter.h"

#include "base/err.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

struct filter {
	struct bpf_program program;
};

int filter_new(struct filter **ret, const char *text, struct err *err)
{
	const int longest = 262144;
	struct filter *filter = calloc(1, sizeof(*filter));
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, longest);
	int error = 0;

	if (!filter || !pcap)
		error = err_system(err, ENOMEM, "cannot compile the filter");
	else if (pcap_compile(pcap, &filter->program, text, 1, PCAP_NETMASK_UNKNOWN))
		error = err_input(err, NULL, "filter \"%s\": %s", text, pcap_geterr(pcap));
	if (pcap)
		pcap_close(pcap);
	if (error) {
		free(filter);
		return error;
	}
	*ret = filter;
	return 0;
}

bool filter_takes(const struct filter *filter, const uint8_t *octets, size_t length)
{
	struct pcap_pkthdr header = { .caplen = (bpf_u_int32)length, .len = (bpf_u_int32)length };

	return pcap_offline_filter(&filter->program, &header, octets);
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	pcap_freecode(&filter->program);
	free(filter);
}

/* Frames from an interface or a capture file, through libpcap. */
#include "link/capture_live.h"

#include "base/err.h"
#include "link/savefile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECOND		1000000000U
#define PASSED_OVER_MAX 10000U /* frames that a filter passes over in one call */

int capture_error(const struct capture *capture, int error, const char *what, struct err *err)
{
	if (err) {
		*err = (struct err){ .kind = ERR_SYSTEM };
		err_hint(err, "%s %s: %s", what, capture->name, pcap_geterr(capture->pcap));
	}
	return -error;
}

static uint64_t frame_time(pcap_t *pcap, const struct pcap_pkthdr *header)
{
	uint64_t fraction = (uint64_t)header->ts.tv_usec;

	if (pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_MICRO)
		fraction *= 1000;
	return (uint64_t)header->ts.tv_sec * SECOND + fraction;
}

int capture_take_ready(struct capture *capture, struct capture_frame *ret)
{
	struct pcap_pkthdr *header;
	const u_char *octets;
	int status = pcap_next_ex(capture->pcap, &header, &octets);

	if (status != 1)
		return status;
	if (capture->filter.bf_insns && !pcap_offline_filter(&capture->filter, header, octets))
		return 0;
	*ret = (struct capture_frame){
		.octets = octets,
		.captured = header->caplen,
		.length = header->len,
		.time_ns = frame_time(capture->pcap, header),
	};
	return 1;
}

static struct capture *capture_new(const char *name)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (capture)
		memcpy(capture->name, name, strnlen(name, sizeof(capture->name) - 1));
	return capture;
}

/* Once the handle is open: what all captures share. */
static int finish_open(struct capture *capture, const char *filter, struct err *err)
{
	const char *name = pcap_datalink_val_to_name(pcap_datalink(capture->pcap));
	struct bpf_program program;
	int r = 0;

	if (name)
		snprintf(capture->link_name, sizeof(capture->link_name), "%s", name);
	else
		snprintf(capture->link_name, sizeof(capture->link_name), "DLT %d",
			pcap_datalink(capture->pcap));
	if (!filter)
		return 0;
	/* On the open handle: the kernel strips VLAN tags, and only there libpcap knows it. */
	if (pcap_compile(capture->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN))
		return err_input(
			err, NULL, "filter \"%s\": %s", filter, pcap_geterr(capture->pcap));
	/* libpcap would read on in a file, and wait, until a frame passes. */
	if (capture->file) {
		capture->filter = program;
		return 0;
	}
	if (pcap_setfilter(capture->pcap, &program))
		r = capture_error(capture, EIO, "cannot set the filter on", err);
	pcap_freecode(&program);
	return r;
}

int capture_open(struct capture **ret, const struct capture_config *config, struct err *err)
{
	struct capture *capture = capture_new(config->interface);
	char text[PCAP_ERRBUF_SIZE];
	int r;

	if (!capture)
		return err_system(err, ENOMEM, "cannot capture on %s", config->interface);
	r = capture_live_open(capture, config, err);
	if (!r)
		r = finish_open(capture, config->filter, err);
	/* The wait is capture_next's own, so that a timeout and a signal end it. */
	if (!r && pcap_setnonblock(capture->pcap, 1, text))
		r = capture_error(capture, EIO, "cannot capture on", err);
	if (r)
		capture_close(capture);
	else
		*ret = capture;
	return r;
}

int capture_open_file(struct capture **ret, const char *path, const char *filter, struct err *err)
{
	struct capture *capture;
	FILE *stream;
	char text[PCAP_ERRBUF_SIZE];
	int r;

	capture = capture_new(path);
	if (!capture)
		return err_system(err, ENOMEM, "cannot read %s", path);
	r = savefile_open(&capture->file, path, err);
	if (!r)
		r = savefile_stream(capture->file, &stream, err);
	if (r)
		goto failed;
	capture->pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, text);
	if (!capture->pcap) {
		fclose(stream);
		r = err_input(err, NULL, "%s is not a pcap or pcapng file: %s",
			savefile_name(capture->file),
			savefile_is_empty(capture->file) ? "it is empty" : text);
		goto failed;
	}
	capture->has_fcs = savefile_has_fcs(capture->file);
	r = finish_open(capture, filter, err);
	if (r)
		goto failed;
	*ret = capture;
	return 0;
failed:
	capture_close(capture);
	return r;
}

static int next_of_file(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	const char *name = savefile_name(capture->file);
	unsigned int passed_over = 0;
	int status, failure;

	do {
		/* Whoever acts on signals or time is to have a turn. */
		if (timeout_ms >= 0 && passed_over++ == PASSED_OVER_MAX)
			return 0;
		if (!savefile_wait(capture->file, timeout_ms))
			return 0;
		status = capture_take_ready(capture, ret);
	} while (!status);
	if (status == 1) {
		capture->stats.received++;
		return 1;
	}
	if (status == PCAP_ERROR_BREAK)
		return -ENODATA;
	failure = savefile_failure(capture->file, err);
	if (failure)
		return failure;
	return err_input(err, NULL, "%s: %s", name, pcap_geterr(capture->pcap));
}

int capture_next(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	return capture->file ? next_of_file(capture, ret, timeout_ms, err)
			     : capture_live_next(capture, ret, timeout_ms, err);
}

int capture_fd(const struct capture *capture)
{
	return capture->fd;
}

enum capture_link capture_link(const struct capture *capture)
{
	switch (pcap_datalink(capture->pcap)) {
	case DLT_EN10MB:
		return CAPTURE_ETHERNET;
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return CAPTURE_RAW_IP;
	default:
		return CAPTURE_OTHER;
	}
}

const char *capture_link_name(const struct capture *capture)
{
	return capture->link_name;
}

bool capture_has_fcs(const struct capture *capture)
{
	return capture->has_fcs;
}

int capture_stats(struct capture *capture, struct capture_stats *ret, struct err *err)
{
	int r = capture->file ? 0 : capture_live_count(capture, err);

	if (!r)
		*ret = capture->stats;
	return r;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		pcap_close(capture->pcap);
	pcap_freecode(&capture->filter);
	savefile_close(capture->file);
	free(capture);
}

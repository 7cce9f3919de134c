/* The engine that reads every frame through libpcap. */
#include "measure/engine.h"

#include "base/err.h"
#include "link/capture.h"
#include "measure/intake.h"

#include <errno.h>
#include <stdlib.h>

/* Of the kernel's ring, where nothing else is asked. */
#define BUFFER_KIB (64U << 10)

/* Frames taken in before the caller is asked what else there is. */
#define FRAMES_AT_ONCE 4096U

struct pcap_engine {
	struct measure_engine base;
	struct capture *capture;
	struct measure_intake *intake;
};

static struct pcap_engine *of(struct measure_engine *engine)
{
	return (struct pcap_engine *)engine;
}

static void pcap_close(struct measure_engine *base)
{
	struct pcap_engine *engine = of(base);

	if (!engine)
		return;
	capture_close(engine->capture);
	measure_intake_free(engine->intake);
	free(engine);
}

static int pcap_open(
	struct measure_engine **ret, const struct measure_engine_config *config, struct err *err)
{
	struct capture_config capture = {
		.interface = config->interface,
		.direction = CAPTURE_IN,
		.promiscuous = config->promiscuous,
		.buffer_kib = config->buffer_kib ? config->buffer_kib : BUFFER_KIB,
	};
	struct pcap_engine *engine = calloc(1, sizeof(*engine));
	int r;

	if (!engine || measure_intake_new(&engine->intake, config)) {
		free(engine);
		return err_system(
			err, ENOMEM, "cannot keep the counts of %u streams", config->streams);
	}
	engine->base.ops = &measure_engine_pcap;
	r = capture_open(&engine->capture, &capture, err);
	if (r < 0) {
		pcap_close(&engine->base);
		return r;
	}
	*ret = &engine->base;
	return 0;
}

static int pcap_poll(struct measure_engine *base, int timeout_ms, struct err *err)
{
	struct pcap_engine *engine = of(base);

	for (unsigned int i = 0; i < FRAMES_AT_ONCE; i++) {
		struct capture_frame frame;
		int r = capture_next(engine->capture, &frame, i ? 0 : timeout_ms, err);

		if (r <= 0)
			return r;
		measure_intake_take(engine->intake, frame.octets, frame.captured, frame.time_ns);
	}
	return 0;
}

static int dropped(struct pcap_engine *engine, uint64_t *ret, struct err *err)
{
	struct capture_stats stats;
	int r = capture_stats(engine->capture, &stats, err);

	if (r == 0)
		*ret = stats.dropped;
	return r;
}

static int pcap_totals(struct measure_engine *base, struct measure_totals *ret, struct err *err)
{
	struct pcap_engine *engine = of(base);

	measure_intake_totals(engine->intake, ret);
	return dropped(engine, &ret->dropped, err);
}

static void pcap_latencies(struct measure_engine *base, struct histogram *ret)
{
	measure_intake_latencies(of(base)->intake, ret);
}

static int pcap_results(struct measure_engine *base, struct measure_result *ret, struct err *err)
{
	struct pcap_engine *engine = of(base);

	measure_intake_results(engine->intake, ret);
	return dropped(engine, &ret->dropped, err);
}

const struct measure_engine_ops measure_engine_pcap = {
	.name = "pcap",
	.open = pcap_open,
	.poll = pcap_poll,
	.totals = pcap_totals,
	.latencies = pcap_latencies,
	.results = pcap_results,
	.close = pcap_close,
};

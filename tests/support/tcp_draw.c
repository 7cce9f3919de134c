/* Draws a simulated conversation of every kind from a seed. */
#include "tcp_sim.h"

#include "base/random.h"

#define MILLISECOND 1000000ULL
#define SECOND	    1000000000ULL

struct dice {
	uint64_t key, drawn;
};

static uint64_t throw(struct dice * dice, uint64_t count)
{
	return random_scale(random_at(dice->key, dice->drawn++), count);
}

static bool one_in(struct dice *dice, uint64_t count)
{
	return !throw(dice, count);
}

/* Small numbers as often as large ones. */
static uint64_t magnitude(struct dice *dice, unsigned int least, unsigned int most)
{
	unsigned int bits = least + (unsigned int) throw(dice, most - least + 1);

	return (1ULL << bits) + throw(dice, 1ULL << bits);
}

static void draw_config(struct dice *dice, struct tcp_config *config)
{
	static const uint16_t sizes[] = { 1460, 1440, 536, 48, 88, 8960, 65495 };
	static const size_t bursts[] = { 0, 0, 16384, 65160 };

	tcp_config_init(config);
	config->mss = sizes[throw(dice, one_in(dice, 4) ? 7 : 2)];
	config->burst = bursts[throw(dice, 4)];
	config->receive_buffer = magnitude(dice, one_in(dice, 8) ? 0 : 10, 21);
	config->send_buffer = magnitude(dice, one_in(dice, 8) ? 0 : 10, 21);
	config->timestamps = !one_in(dice, 3);
	config->sack = !one_in(dice, 3);
	config->window_scale = !one_in(dice, 4);
	config->nodelay = one_in(dice, 3);
	config->tail_probe = !one_in(dice, 3);
	config->congestion = one_in(dice, 2) ? TCP_RENO : TCP_CUBIC;
	config->timestamp_offset = (uint32_t) throw(dice, 1ULL << 32);
	config->keepalive_ns = one_in(dice, 4) ? SECOND + throw(dice, 10 * SECOND) : 0;
	config->delayed_ack_ns = one_in(dice, 4) ? 0 : config->delayed_ack_ns;
	config->rto_min_ns = one_in(dice, 4) ? SECOND : config->rto_min_ns;
	config->time_wait_ns = 10 * SECOND;
}

static void draw_user(struct dice *dice, struct support_tcp_user *user)
{
	user->to_send = one_in(dice, 4) ? 0 : magnitude(dice, 0, 18);
	user->write_most = magnitude(dice, one_in(dice, 4) ? 4 : 8, 14);
	user->read_most = magnitude(dice, one_in(dice, 4) ? 4 : 8, 14);
	user->read_pause_ns = one_in(dice, 3) ? magnitude(dice, 10, 24) : 0;
	user->waits = one_in(dice, 4);
	user->lent = one_in(dice, 4) ? 65536 + throw(dice, 65536) : 0;
}

/* Loss of up to 30 % in one run of two. */
static void draw_link(struct dice *dice, struct support_tcp_link *link)
{
	link->loss = one_in(dice, 2) ? (double) throw(dice, 301) / 1000 : 0;
	link->repeat = one_in(dice, 3) ? (double) throw(dice, 100) / 1000 : 0;
	link->reorder = one_in(dice, 3) ? (double) throw(dice, 500) / 1000 : 0;
	link->delay_ns = magnitude(dice, 10, 26);
	link->reorder_ns = magnitude(dice, 10, 26);
	link->bits_per_second = one_in(dice, 3) ? magnitude(dice, 20, 30) : 0;
	link->queue = one_in(dice, 2) ? magnitude(dice, 14, 20) : 0;
	link->whole = one_in(dice, 2);
}

void support_tcp_sim_draw(struct support_tcp_sim *sim, uint64_t seed)
{
	struct dice dice = { .key = random_key(seed, "tcp simulation") };

	*sim = (struct support_tcp_sim){ .seed = seed, .bound_ns = 7200 * SECOND };
	sim->both_open = one_in(&dice, 8);
	for (unsigned int i = 0; i < 2; i++) {
		draw_config(&dice, &sim->config[i]);
		draw_user(&dice, &sim->user[i]);
		draw_link(&dice, &sim->link[i]);
	}
	/* Two that both wait for the other's end would wait for ever. */
	if (sim->user[0].waits)
		sim->user[1].waits = false;
	/* Tiny windows take a round trip, or a delayed ACK, for a few octets. */
	for (unsigned int i = 0; i < 2; i++) {
		size_t least = sim->config[!i].receive_buffer < sim->config[i].send_buffer
				       ? sim->config[!i].receive_buffer
				       : sim->config[i].send_buffer;

		if (sim->config[i].mss < 536 && least > 4096)
			least = 4096;
		if (sim->user[i].to_send > 64 * least)
			sim->user[i].to_send = 64 * least;
	}
}

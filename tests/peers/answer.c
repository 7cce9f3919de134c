/*
 * What match/answer says of pairs of frames, for tests and measurements that are not in C.
 *
 *	answer			each line of the input holds a request and a received frame in hex;
 *prints the verdict: "reply", "error", "near" or "none", a tab, and the words; fails where one that
 *is taken is not found by its keys answer --time COUNT	of the first line: nanoseconds a frame to
 *read it and make its keys, as a request, as a received frame, and to hold one against the other
 */
#include "base/buffer.h"
#include "base/clock.h"
#include "match/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OCTETS 9000

struct frame {
	uint8_t octets[LINE_MAX_OCTETS];
	size_t length;
};

/* Reads hex up to what is none; returns what stands behind. */
static const char *read_hex(const char *text, struct frame *ret)
{
	unsigned int octet;

	ret->length = 0;
	while (*text == ' ')
		text++;
	while (ret->length < LINE_MAX_OCTETS && sscanf(text, "%2x", &octet) == 1 && *text != ' ') {
		ret->octets[ret->length++] = (uint8_t)octet;
		text += 2;
	}
	return text;
}

static bool share(const struct answer_keys *a, const struct answer_keys *b)
{
	for (unsigned int i = 0; i < a->answers; i++)
		for (unsigned int j = 0; j < b->answers; j++)
			if (a->answer[i] == b->answer[j])
				return true;
	return false;
}

static int judge(const struct frame *request, const struct frame *received)
{
	static const char *const kinds[] = {
		[ANSWER_NONE] = "none",
		[ANSWER_NEAR] = "near",
		[ANSWER_ERROR] = "error",
		[ANSWER_REPLY] = "reply",
	};
	struct answer_frame asked;
	struct answer_frame got;
	struct answer_keys asked_keys;
	struct answer_keys got_keys;
	struct answer_verdict verdict;
	struct buffer words = { 0 };

	answer_read(request->octets, request->length, &asked);
	answer_read(received->octets, received->length, &got);
	answer_keys_asked(&asked, &asked_keys);
	answer_keys_got(&got, &got_keys);
	answer_check(&asked, &got, &verdict);
	answer_tell(&verdict, &words);
	printf("%s\t%s\n", kinds[verdict.kind], buffer_text(&words));
	buffer_fini(&words);
	if (verdict.kind < ANSWER_ERROR || share(&asked_keys, &got_keys))
		return 0;
	fprintf(stderr, "no key finds it\n");
	return 1;
}

enum step { STEP_ASKED, STEP_GOT, STEP_CHECK, STEPS };

static double time_step(enum step step, const struct frame *request, const struct frame *received,
	unsigned long count)
{
	struct answer_frame asked;
	struct answer_frame got;
	struct answer_keys keys;
	struct answer_verdict verdict;
	uint64_t start = clock_system.now(clock_system.context);

	answer_read(request->octets, request->length, &asked);
	answer_read(received->octets, received->length, &got);
	for (unsigned long i = 0; i < count; i++) {
		switch (step) {
		case STEP_ASKED:
			answer_read(request->octets, request->length, &asked);
			answer_keys_asked(&asked, &keys);
			break;
		case STEP_GOT:
			answer_read(received->octets, received->length, &got);
			answer_keys_got(&got, &keys);
			break;
		default:
			answer_check(&asked, &got, &verdict);
			break;
		}
	}
	return (double)(clock_system.now(clock_system.context) - start) / (double)count;
}

int main(int argc, char **argv)
{
	static char line[4 * LINE_MAX_OCTETS];
	static struct frame request;
	static struct frame received;
	int status = 0;

	while (fgets(line, sizeof(line), stdin)) {
		read_hex(read_hex(line, &request), &received);
		if (argc > 2 && !strcmp(argv[1], "--time")) {
			unsigned long count = strtoul(argv[2], NULL, 10);

			for (enum step step = 0; step < STEPS; step++)
				printf("%.1f%c", time_step(step, &request, &received, count),
					step + 1 < STEPS ? ' ' : '\n');
			return 0;
		}
		status |= judge(&request, &received);
	}
	return status;
}

/* Verdicts of match/answer for rows of tests. */
#include "answer.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "spec_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool share(const uint64_t *a, unsigned int a_count, const uint64_t *b, unsigned int b_count)
{
	for (unsigned int i = 0; i < a_count; i++)
		for (unsigned int j = 0; j < b_count; j++)
			if (a[i] == b[j])
				return true;
	return false;
}

const char *support_answer_words(struct arena *arena, const struct answer_frame *request,
	const struct answer_frame *received)
{
	static const char *const kinds[] = {
		[ANSWER_NONE] = "",
		[ANSWER_NEAR] = "near: ",
		[ANSWER_ERROR] = "error: ",
		[ANSWER_REPLY] = "reply: ",
	};
	struct buffer words = { 0 };
	struct answer_keys asked;
	struct answer_keys got;
	struct answer_verdict verdict;
	const char *text;
	bool found;

	answer_keys_asked(request, &asked);
	answer_keys_got(received, &got);
	answer_keys_missed(received, &got);
	answer_check(request, received, &verdict);
	answer_tell(&verdict, &words);
	text = arena_printf(arena, "%s%s", kinds[verdict.kind], buffer_text(&words));
	buffer_fini(&words);
	found = share(asked.answer, asked.answers, got.answer, got.answers);
	if (verdict.kind == ANSWER_NEAR)
		found |= share(asked.near, asked.nears, got.near, got.nears);
	if (verdict.kind != ANSWER_NONE && !found)
		fail_msg("%s: no key finds it", text);
	return text;
}

void support_answer_read(struct arena *arena, const char *text, struct answer_frame *ret)
{
	struct frame_view view;

	support_build(arena, text, SPEC_PAD_AUTO, &view);
	answer_read(view.octets, view.length, ret);
}

void support_answer_rows(struct arena *arena, const struct support_answer_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct answer_frame request;
		struct answer_frame received;
		const char *words;

		support_answer_read(arena, rows[i].request, &request);
		support_answer_read(arena, rows[i].received, &received);
		words = support_answer_words(arena, &request, &received);
		if (strcmp(words, rows[i].words) != 0)
			fail_msg("%s\n%s\n%s\ninstead of %s", rows[i].request, rows[i].received,
				words, rows[i].words);
	}
}

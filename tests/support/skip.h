/* skip.h: a group of tests that cannot run here says so, each of them; include it after cmocka.h.
 */
#ifndef SUPPORT_SKIP_H
#define SUPPORT_SKIP_H

static inline void support_skipped(void **state)
{
	(void)state;
	skip();
}

static inline void support_skip_all(struct CMUnitTest *tests, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		tests[i].test_func = support_skipped;
		tests[i].setup_func = NULL;
		tests[i].teardown_func = NULL;
	}
}

#endif

/* What the program may do, and how it may do more. */
#include "base/privilege.h"

#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void the_mask_is_what_the_kernel_tells_of_the_process(void **state)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	char line[256];

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "CapEff:", 7))
			effective = strtoull(line + 7, NULL, 16);
	fclose(file);
	assert_int_equal(privilege_effective(), effective);
}

static void the_remedy_names_the_program_s_own_file(void **state)
{
	struct err err = { 0 };
	char path[PRIVILEGE_PATH_MAX], wanted[PRIVILEGE_PATH_MAX + 128];
	char *real = realpath("/proc/self/exe", NULL);

	(void)state;
	assert_non_null(real);
	assert_string_equal(privilege_program(path), real);
	err_system(&err, EPERM, "cannot");
	privilege_hint(&err, "cap_net_raw");
	snprintf(wanted, sizeof(wanted),
		"cannot: Operation not permitted; run it with sudo, or once: sudo setcap "
		"cap_net_raw=ep %s",
		real);
	assert_string_equal(err.text, wanted);
	free(real);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mask_is_what_the_kernel_tells_of_the_process),
		cmocka_unit_test(the_remedy_names_the_program_s_own_file),
	};

	return cmocka_run_group_tests_name("base/privilege", tests, NULL, NULL);
}

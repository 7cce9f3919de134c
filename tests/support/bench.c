/* The bench of a link. */
#include "bench.h"

#include "lab.h"

#include <stdlib.h>
#include <unistd.h>

int support_bench_up(void **state)
{
	struct support_bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		return -1;
	*state = bench;
	support_lab_reset();
	bench->reader = support_wire_open("vb");
	return interface_read("va", &bench->interface, &bench->err);
}

int support_bench_down(void **state)
{
	struct support_bench *bench = *state;

	link_close(bench->link, NULL);
	if (bench->reader >= 0)
		close(bench->reader);
	free(bench);
	return 0;
}

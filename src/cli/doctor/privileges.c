/* What the program may do here, and how it may do more. */
#include "cli/doctor/doctor.h"

#include "base/privilege.h"
#include "stack/outside.h"

#include <linux/capability.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BIT(capability) (1ULL << (capability))

/* What capabilities are needed for. */
struct need {
	const char *about;
	uint64_t capabilities;
	const char *setcap;	 /* what it is to give; NULL: sudo alone does */
	enum doctor_level level; /* of the finding where they are missing */
	const char *can, *cannot;
};

/* clang-format off */
static const struct need needs[] = {
	{ "privileges", BIT(CAP_NET_RAW), PRIVILEGE_FRAMES, LEVEL_PROBLEM,
		"with cap_net_raw: can send and capture",
		"without cap_net_raw: can neither send nor capture" },
	{ "xdp", BIT(CAP_BPF) | BIT(CAP_NET_ADMIN), PRIVILEGE_XDP, LEVEL_NOTE,
		"with cap_bpf and cap_net_admin: can send with --backend xdp",
		"without cap_bpf and cap_net_admin: cannot send with --backend xdp" },
	{ "measure", BIT(CAP_BPF) | BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW) | BIT(CAP_PERFMON),
		PRIVILEGE_XDP, LEVEL_NOTE,
		"with cap_bpf, cap_net_admin, cap_net_raw and cap_perfmon: can measure with --engine xdp",
		"without cap_bpf, cap_net_admin, cap_net_raw and cap_perfmon: cannot measure with --engine xdp" },
	{ "namespaces", BIT(CAP_SYS_ADMIN), NULL, LEVEL_NOTE,
		"with cap_sys_admin: --rx NS/IF can enter a namespace, and test make labs",
		"without cap_sys_admin: --rx NS/IF cannot enter a namespace, and test makes labs only where everybody may have a user namespace" },
};
/* clang-format on */

static const char *remedy_of(struct doctor *doctor, const char *capabilities)
{
	char path[PRIVILEGE_PATH_MAX];

	if (!capabilities)
		return "run it with sudo";
	return arena_printf(&doctor->common.arena,
		"run it with sudo, or once: sudo setcap %s=ep %s", capabilities,
		privilege_program(path));
}

static void check_need(struct doctor *doctor, const struct need *need, uint64_t effective)
{
	bool has = (effective & need->capabilities) == need->capabilities;

	doctor_find(doctor, has ? LEVEL_OK : need->level, need->about,
		has ? NULL : remedy_of(doctor, need->setcap), "user %u %s", (unsigned int)geteuid(),
		has ? need->can : need->cannot);
}

/* By trying, and not by a capability's name: of the filter of a TCP socket one kernel wants
 * CAP_NET_ADMIN, another nothing. A free port is taken, and given back. */
static void check_guard(struct doctor *doctor)
{
	const uint8_t loopback[4] = { 127, 0, 0, 1 };
	uint16_t port = 0;
	int fd = guard_open(IPPROTO_TCP, loopback, sizeof(loopback), 0, &port, NULL);

	if (fd >= 0) {
		doctor_find(doctor, LEVEL_OK, "tcp", NULL,
			"the kernel can be kept silent at a port that `tcp' and `clients' use");
		close(fd);
		return;
	}
	doctor_find(doctor, LEVEL_NOTE, "tcp",
		arena_printf(&doctor->common.arena,
			"%s; or --kernel, or --source-ip with an address of no host",
			remedy_of(doctor, PRIVILEGE_FRAMES)),
		"the kernel would answer at a port that `tcp' and `clients' use: its filter is "
		"refused (%s)",
		strerror(-fd));
}

static void check_low_ports(struct doctor *doctor, uint64_t effective)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
	unsigned int first = 1024;

	if (file) {
		if (fscanf(file, "%u", &first) != 1)
			first = 1024;
		fclose(file);
	}
	if (effective & BIT(CAP_NET_BIND_SERVICE) || !first)
		doctor_find(doctor, LEVEL_OK, "ports", NULL, "all can be listened at");
	else
		doctor_find(doctor, LEVEL_NOTE, "ports",
			remedy_of(doctor, PRIVILEGE_FRAMES ",cap_net_bind_service"),
			"without cap_net_bind_service: `udp' and `tcp' cannot listen at ports "
			"below %u",
			first);
}

void doctor_privileges(struct doctor *doctor)
{
	uint64_t effective = privilege_effective();

	/* capabilities(7): CAP_SYS_ADMIN stands for CAP_BPF too. */
	if (effective & BIT(CAP_SYS_ADMIN))
		effective |= BIT(CAP_BPF);
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		check_need(doctor, &needs[i], effective);
	check_guard(doctor);
	check_low_ports(doctor, effective);
}

/* What to do where the kernel wants a capability that the program has not. */
#include "base/privilege.h"

#include "base/err.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t privilege_effective(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return UINT64_MAX;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

const char *privilege_program(char path[PRIVILEGE_PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PRIVILEGE_PATH_MAX - 1);

	if (length > 0)
		path[length] = '\0';
	else
		snprintf(path, PRIVILEGE_PATH_MAX, "PROGRAM");
	return path;
}

void privilege_hint(struct err *err, const char *capabilities)
{
	char path[PRIVILEGE_PATH_MAX];

	err_hint(err, "; run it with sudo, or once: sudo setcap %s=ep %s", capabilities,
		privilege_program(path));
}

/* Who puts the FCS on each frame. */
#include "flow/fcs.h"

#include "base/buffer.h"
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *const fcs_way_names[FCS_WAYS] = { "nic", "replace", "append" };

static const char *const way_sentences[FCS_WAYS] = {
	"the device appends its own FCS",
	"our FCS replaces the device's",
	"four octets appended, not an FCS",
};

static const char *const file_sentences[FCS_WAYS] = {
	"no FCS in the file",
	"our FCS is in the file",
	"four octets appended, not an FCS",
};

/* Drivers without a wire: a frame has no FCS there. */
static const char *const virtual_drivers[] = { "veth", "dummy", "ifb", "tun", "bridge",
	"loopback" };

bool fcs_depends_on_device(enum spec_fcs_mode mode, enum fcs_request request)
{
	if (mode == SPEC_FCS_NONE)
		return false;
	if (request == FCS_REQUEST_DEFAULT)
		return mode == SPEC_FCS_GIVEN || mode == SPEC_FCS_BAD;
	return request == FCS_REQUEST_REPLACE;
}

static const char *driver_name(const struct fcs_device *device)
{
	return device->driver[0] ? device->driver : "no driver";
}

static int refuse(
	const char *name, enum spec_fcs_mode mode, const struct fcs_device *device, struct err *err)
{
	err_result(err, "%s (%s) cannot send frames with an FCS of ours (SO_NOFCS refused)",
		device->name, driver_name(device));
	if (mode == SPEC_FCS_BAD) {
		char subject[128];

		snprintf(subject, sizeof(subject), "frame \"%s\" has fcs: bad", name);
		err_locate(err, NULL, subject);
	}
	err_hint(err, "; use --fcs append to put the four octets after the payload, or --fcs nic");
	if (err)
		err->kind = ERR_SYSTEM;
	return -EPROTONOSUPPORT;
}

int fcs_choose(const char *name, enum spec_fcs_mode mode, enum fcs_request request,
	const struct fcs_device *device, enum fcs_way *ret, struct err *err)
{
	if (fcs_depends_on_device(mode, request)) {
		if (device->replaces)
			*ret = FCS_REPLACE;
		else if (request == FCS_REQUEST_DEFAULT && mode == SPEC_FCS_GIVEN)
			*ret = FCS_APPEND;
		else
			return refuse(name, mode, device, err);
		return 0;
	}
	*ret = request == FCS_REQUEST_APPEND && mode != SPEC_FCS_NONE ? FCS_APPEND : FCS_NIC;
	return 0;
}

void fcs_summarize(struct fcs_summary *summary, enum spec_fcs_mode mode, enum fcs_request request,
	enum fcs_way way)
{
	bool ours = mode == SPEC_FCS_GIVEN || mode == SPEC_FCS_BAD;

	summary->frames[way]++;
	if (way == FCS_APPEND && request == FCS_REQUEST_DEFAULT)
		summary->fallback = true;
	if (way == FCS_NIC && ours)
		summary->left_out = true;
}

bool fcs_has_wire(const struct fcs_device *device)
{
	if (device->is_file)
		return false;
	for (size_t i = 0; i < sizeof(virtual_drivers) / sizeof(virtual_drivers[0]); i++)
		if (!strcmp(device->driver, virtual_drivers[i]))
			return false;
	return true;
}

void fcs_tell(
	const struct fcs_summary *summary, const struct fcs_device *device, struct buffer *out)
{
	const char *const *sentences = device->is_file ? file_sentences : way_sentences;
	uint64_t total = 0;
	const char *separator = "";

	for (int way = 0; way < FCS_WAYS; way++)
		total += summary->frames[way];
	for (int way = 0; way < FCS_WAYS; way++) {
		uint64_t count = summary->frames[way];

		if (!count)
			continue;
		buffer_printf(out, "%s%s", separator, sentences[way]);
		if (count < total)
			buffer_printf(out, " (%llu of %llu frames)", (unsigned long long)count,
				(unsigned long long)total);
		separator = "; ";
	}
	if (summary->fallback)
		buffer_printf(out, "; %s (%s) cannot send frames with an FCS of ours", device->name,
			driver_name(device));
	if (summary->frames[FCS_NIC] && !device->is_file && !fcs_has_wire(device))
		buffer_printf(out, "; %s has no wire, and so no FCS", device->driver);
	if (summary->left_out)
		buffer_printf(out, "; the template's is not sent");
}

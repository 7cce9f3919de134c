/* pktsmith doctor: what on this machine or interface would get in the way, and what to do about it.
 */
#include "cli/doctor/doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = { "ok", "note", "problem" };

/* ---- all interfaces ---- */

static void list_interface(struct doctor *doctor, const struct interface *interface)
{
	const uint8_t *mac = interface->mac;
	char ipv4[INET_ADDRSTRLEN] = "", ipv6[INET6_ADDRSTRLEN] = "";
	bool up = interface->flags & IFF_UP;
	bool ready = up && (interface->flags & IFF_LOWER_UP);

	if (interface->has_ipv4)
		inet_ntop(AF_INET, interface->ipv4, ipv4, sizeof(ipv4));
	if (interface->has_ipv6)
		inet_ntop(AF_INET6, interface->ipv6, ipv6, sizeof(ipv6));
	/* Not a problem of the machine: nobody said that it is to be used. */
	doctor_find(doctor, ready ? LEVEL_OK : LEVEL_NOTE, interface->name, NULL,
		"%s, MTU %u, %02x:%02x:%02x:%02x:%02x:%02x%s%s%s%s%s%s",
		ready ? "up"
		: up  ? "no carrier"
		      : "down",
		interface->mtu, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
		interface->driver[0] ? ", " : "", interface->driver, *ipv4 ? ", " : "", ipv4,
		*ipv6 ? ", " : "", ipv6);
}

static int list_interfaces(struct doctor *doctor, struct err *err)
{
	struct if_nameindex *all = if_nameindex();

	if (!all)
		return err_system(err, errno, "cannot list the interfaces");
	for (const struct if_nameindex *row = all; row->if_index; row++) {
		struct interface *interface =
			arena_alloc(&doctor->common.arena, sizeof(*interface));

		/* One that went since is not there. */
		if (interface_read(row->if_name, interface, NULL) == 0)
			list_interface(doctor, interface);
	}
	if_freenameindex(all);
	return 0;
}

/* ---- the report ---- */

static void put_text(const struct doctor *doctor, struct buffer *out)
{
	const struct render_style *style = cli_style(&doctor->common);
	const char *const colors[] = { style->good, style->value, style->bad };

	for (const struct doctor_finding *finding = doctor->first; finding;
		finding = finding->next) {
		if (doctor->common.quiet && finding->level == LEVEL_OK)
			continue;
		buffer_printf(out, "%s%-8s%s %-12s %s\n", colors[finding->level],
			level_names[finding->level], style->reset, finding->about, finding->text);
		if (finding->remedy)
			buffer_printf(out, "%22s-> %s\n", "", finding->remedy);
	}
}

static struct json *finding_json(const struct doctor_finding *finding)
{
	struct json *json = json_object();

	json_set(json, "about", json_text(finding->about));
	json_set(json, "level", json_text(level_names[finding->level]));
	json_set(json, "text", json_text(finding->text));
	json_set(json, "remedy", finding->remedy ? json_text(finding->remedy) : json_null());
	return json;
}

static struct json *totals_json(const struct doctor *doctor)
{
	const char *interface = doctor->common.interface;
	struct json *json = json_object();

	json_set(json, "type", json_text("report"));
	json_set(json, "interface", interface ? json_text(interface) : json_null());
	json_set(json, "problems", json_number(doctor->problems));
	return json;
}

static void put_json(const struct doctor *doctor, struct buffer *out)
{
	struct json *json = totals_json(doctor);
	struct json *checks = json_array();

	for (const struct doctor_finding *finding = doctor->first; finding; finding = finding->next)
		json_add(checks, finding_json(finding));
	json_set(json, "checks", checks);
	json_print(json, true, out);
}

static void put_jsonl(const struct doctor *doctor, struct buffer *out)
{
	for (const struct doctor_finding *finding = doctor->first; finding; finding = finding->next)
		json_print(json_typed("check", finding_json(finding)), false, out);
	json_print(totals_json(doctor), false, out);
}

static int report(const struct doctor *doctor)
{
	struct buffer out = { 0 };
	int status;

	if (doctor->common.json)
		put_json(doctor, &out);
	else if (doctor->common.jsonl)
		put_jsonl(doctor, &out);
	else
		put_text(doctor, &out);
	status = cli_print(&out);
	buffer_fini(&out);
	if (status)
		return status;
	return doctor->problems ? EXIT_ANSWER_NO : EXIT_DONE;
}

/* ---- the command ---- */

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct doctor *doctor = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 3, &doctor->common);
		return 0;
	case ARGP_KEY_ARG:
		if (doctor->common.interface)
			argp_error(state, "looks at one interface: %s or %s",
				doctor->common.interface, arg);
		doctor->common.interface = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_doctor_argp = {
	.parser = parse,
	.args_doc = "[IF]",
	.doc = "Look at what would get in the way of sending and capturing, each with its remedy: "
	       "the "
	       "privileges, and of an interface its state, addresses, offloads and FCS. Without "
	       "IF, "
	       "list the interfaces. Changes nothing."
	       "\vExit status: 0 nothing stops the work; 1 a problem does.",
	.children = children,
};

static int examine(struct doctor *doctor)
{
	struct interface interface;
	struct err err;

	if (doctor->common.interface &&
		interface_read(doctor->common.interface, &interface, &err) < 0)
		return cli_fail(&err);
	doctor_privileges(doctor);
	if (doctor->common.interface)
		doctor_interface(doctor, &interface);
	else if (list_interfaces(doctor, &err) < 0)
		return cli_fail(&err);
	return report(doctor);
}

int cmd_doctor(int argc, char **argv)
{
	struct doctor doctor = { 0 };
	int status;

	doctor.last = &doctor.first;
	common_init(&doctor.common);
	argp_parse(&cmd_doctor_argp, argc, argv, 0, NULL, &doctor);
	status = examine(&doctor);
	common_fini(&doctor.common);
	return status;
}

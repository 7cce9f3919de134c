/* Says what differs between the frame that was sent and the one that arrived. */
#include "frame/diff.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LENGTH_MIN   60 /* octets without FCS, IEEE 802.3: shorter frames are padded to it */
#define LAYERS_MAX   64 /* layers compared one by one; what is deeper is compared as octets */
#define OCTETS_SHOWN 16 /* of a value that is octets */

struct differ {
	struct arena *arena;
	const struct frame_view *sent;
	const struct frame_view *arrived;
	uint32_t arrived_length; /* without an FCS that came as the last four octets */
	struct diff *diffs;
	unsigned int count;
	unsigned int room;
};

static void __attribute__((format(printf, 4, 5)))
diff_add(struct differ *d, enum diff_kind kind, bool explained, const char *format, ...)
{
	char text[512];
	va_list args;

	if (d->count == d->room) {
		struct diff *diffs;

		d->room = d->room ? d->room * 2 : 8;
		diffs = arena_alloc(d->arena, d->room * sizeof(*diffs));
		if (d->count)
			memcpy(diffs, d->diffs, d->count * sizeof(*diffs));
		d->diffs = diffs;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	d->diffs[d->count++] =
		(struct diff){ kind, explained, arena_strndup(d->arena, text, strlen(text)) };
}

/* ---- octets ---- */

static unsigned int common_length(const uint8_t *a, const uint8_t *b, size_t length)
{
	unsigned int same = 0;

	while (same < length && a[same] == b[same])
		same++;
	return same;
}

static void diff_octets(struct differ *d, const char *name, const uint8_t *sent,
	const uint8_t *arrived, size_t length)
{
	unsigned int first = common_length(sent, arrived, length);
	unsigned int count = 0;

	for (size_t i = first; i < length; i++)
		count += sent[i] != arrived[i];
	if (count)
		diff_add(d, DIFF_FIELD, false,
			"%s: %u of %zu octets differ, the first at offset %u: sent %02x, arrived "
			"%02x",
			name, count, length, first, sent[first], arrived[first]);
}

/* What stands at the end of one frame only. */
static void diff_length(struct differ *d, uint32_t sent, uint32_t arrived)
{
	if (arrived > sent)
		diff_add(d, DIFF_PADDED, d->arrived_length == LENGTH_MIN,
			"padded: %u octet%s more at the end, %u in all", arrived - sent,
			arrived - sent == 1 ? "" : "s", d->arrived_length);
	else if (arrived < sent)
		diff_add(d, DIFF_CUT, false, "cut: %u octet%s of the end missing, %u left",
			sent - arrived, sent - arrived == 1 ? "" : "s", d->arrived_length);
}

/* ---- fields ---- */

static const char *value_text(
	struct differ *d, const struct frame_view *view, const struct view_field *row)
{
	struct wire_value value = view_value(view, row);
	bool cut = row->field->kind == WIRE_BYTES && value.length > OCTETS_SHOWN;
	struct buffer text = { 0 };
	const char *copy;

	if (cut)
		value.length = OCTETS_SHOWN;
	wire_value_format(row->field, &value, &text);
	copy = arena_printf(d->arena, "%s%s", buffer_text(&text), cut ? "..." : "");
	buffer_fini(&text);
	return copy;
}

static bool is_finished(enum view_check check)
{
	return check == VIEW_RIGHT || check == VIEW_ABSENT;
}

static void diff_value(struct differ *d, const char *name, const struct view_field *sent,
	const struct view_field *arrived)
{
	const struct wire_field *field = sent->field;
	struct wire_value a = view_value(d->sent, sent);
	struct wire_value b = view_value(d->arrived, arrived);
	const char *a_text;
	const char *b_text;

	if (wire_value_equal(field, &a, &b))
		return;
	/* The number follows from a layer that is missing or added, which is said already. */
	if (field->rule == WIRE_NEXT && sent->check == VIEW_RIGHT && arrived->check == VIEW_RIGHT)
		return;
	if (field->kind == WIRE_BYTES && a.length == b.length && a.length > OCTETS_SHOWN) {
		diff_octets(d, name, a.octets, b.octets, a.length);
		return;
	}
	a_text = value_text(d, d->sent, sent);
	b_text = value_text(d, d->arrived, arrived);
	if (field->rule == WIRE_CHECKSUM && sent->check == VIEW_OFFLOADED &&
		is_finished(arrived->check))
		diff_add(d, DIFF_CHECKSUM_FINISHED, false,
			"%s: sent %s, unfinished; arrived %s, finished by a device", name, a_text,
			b_text);
	else if (field->rule == WIRE_CHECKSUM && arrived->check == VIEW_OFFLOADED)
		diff_add(d, DIFF_CHECKSUM_FINISHED, false,
			"%s: sent %s; arrived %s, left to a device to finish", name, a_text,
			b_text);
	else
		diff_add(d, DIFF_FIELD, false, "%s: sent %s, arrived %s", name, a_text, b_text);
}

static void diff_record(struct differ *d, const char *name, const struct view_record *sent,
	const struct view_record *arrived);

static bool same_items(const struct view_field *a, const struct view_field *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++)
		if (a->items[i].type != b->items[i].type)
			return false;
	return true;
}

static const char *items_text(struct differ *d, const struct view_field *row)
{
	struct buffer text = { 0 };
	const char *copy;

	for (unsigned int i = 0; i < row->count; i++)
		buffer_printf(&text, "%s%s", i ? ", " : "", row->items[i].type->name);
	copy = arena_printf(d->arena, "[%s]", buffer_text(&text));
	buffer_fini(&text);
	return copy;
}

static void diff_list(struct differ *d, const char *name, const struct view_field *sent,
	const struct view_field *arrived)
{
	if (!same_items(sent, arrived)) {
		diff_add(d, DIFF_FIELD, false, "%s: sent %s, arrived %s", name, items_text(d, sent),
			items_text(d, arrived));
		return;
	}
	for (unsigned int i = 0; i < sent->count; i++)
		diff_record(d, arena_printf(d->arena, "%s[%u]", name, i + 1), &sent->items[i],
			&arrived->items[i]);
}

/* The row of the record that this one is, NULL where the record has none such. */
static const struct view_field *same_row(
	const struct view_record *record, const struct wire_field *field)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].field == field)
			return &record->fields[i];
	return NULL;
}

static void diff_record(struct differ *d, const char *name, const struct view_record *sent,
	const struct view_record *arrived)
{
	for (unsigned int i = 0; i < sent->count; i++) {
		const struct view_field *row = &sent->fields[i];
		const struct view_field *other = same_row(arrived, row->field);
		const char *path = arena_printf(d->arena, "%s.%s", name, row->field->name);

		if (!other)
			diff_add(d, DIFF_FIELD, false, "%s: not in what arrived", path);
		else if (row->field->kind == WIRE_LIST)
			diff_list(d, path, row, other);
		else
			diff_value(d, path, row, other);
	}
	for (unsigned int i = 0; i < arrived->count; i++)
		if (!same_row(sent, arrived->fields[i].field))
			diff_add(d, DIFF_FIELD, false, "%s.%s: arrived and was not sent", name,
				arrived->fields[i].field->name);
}

/* ---- layers ---- */

/* "vlan id 5": a layer by its first row that tells one from another. */
static const char *layer_text(
	struct differ *d, const struct frame_view *view, const struct view_layer *layer)
{
	const char *name = layer->protocol->header.name;
	const struct view_field *id = view_field_find(&layer->header, "id");

	if (!id || layer->protocol->ip)
		return name;
	return arena_printf(d->arena, "%s (id %s)", name, value_text(d, view, id));
}

static unsigned int layers_compared(const struct frame_view *view)
{
	unsigned int count = view->count;

	/* The tail is compared apart from the layers, with the padding: one may look like the
	 * other. */
	if (count && view->layers[count - 1].protocol == &wire_payload)
		count--;
	return count < LAYERS_MAX ? count : LAYERS_MAX;
}

/* common[i][j]: the most layers that the two have in common, in order, from i and j on. */
static void common_layers(const struct frame_view *a, unsigned int a_count,
	const struct frame_view *b, unsigned int b_count,
	uint8_t common[LAYERS_MAX + 1][LAYERS_MAX + 1])
{
	for (unsigned int i = a_count + 1; i-- > 0;) {
		for (unsigned int j = b_count + 1; j-- > 0;) {
			if (i == a_count || j == b_count)
				common[i][j] = 0;
			else if (a->layers[i].protocol == b->layers[j].protocol)
				common[i][j] = common[i + 1][j + 1] + 1;
			else
				common[i][j] = common[i + 1][j] > common[i][j + 1]
						       ? common[i + 1][j]
						       : common[i][j + 1];
		}
	}
}

static void diff_layers(struct differ *d)
{
	uint8_t common[LAYERS_MAX + 1][LAYERS_MAX + 1];
	unsigned int a_count = layers_compared(d->sent);
	unsigned int b_count = layers_compared(d->arrived);
	unsigned int i = 0;
	unsigned int j = 0;

	common_layers(d->sent, a_count, d->arrived, b_count, common);
	while (i < a_count || j < b_count) {
		const struct view_layer *a = i < a_count ? &d->sent->layers[i] : NULL;
		const struct view_layer *b = j < b_count ? &d->arrived->layers[j] : NULL;

		if (a && b && a->protocol == b->protocol) {
			diff_record(d, a->protocol->header.name, &a->header, &b->header);
			i++;
			j++;
		} else if (a && (!b || common[i + 1][j] >= common[i][j + 1])) {
			diff_add(d, DIFF_MISSING, false, "%s: sent, and not in what arrived",
				layer_text(d, d->sent, a));
			i++;
		} else if (b) {
			diff_add(d, DIFF_ADDED, false, "%s: not sent, and in what arrived",
				layer_text(d, d->arrived, b));
			j++;
		}
	}
}

/* Where the octets begin that stand behind the last header. */
static uint32_t tail_offset(const struct frame_view *view)
{
	unsigned int count = layers_compared(view);

	if (!count)
		return 0;
	return view->layers[count - 1].header.offset + view->layers[count - 1].header.length;
}

static void diff_tails(struct differ *d)
{
	uint32_t a = tail_offset(d->sent);
	uint32_t b = tail_offset(d->arrived);
	uint32_t a_length = d->sent->length - a;
	uint32_t b_length = d->arrived_length - b;

	diff_octets(d, "payload", d->sent->octets + a, d->arrived->octets + b,
		a_length < b_length ? a_length : b_length);
	diff_length(d, a_length, b_length);
}

/* ---- FCS ---- */

static const char *fcs_text(struct differ *d, const uint8_t fcs[FCS_LENGTH])
{
	return arena_printf(d->arena, "%02x%02x%02x%02x", fcs[0], fcs[1], fcs[2], fcs[3]);
}

/* Whether the FCS that was sent stands as the last four octets of what arrived: appended, and taken
 * for data by the devices. */
static bool fcs_is_appended(const struct frame_view *sent, const struct frame_view *arrived)
{
	return sent->fcs != VIEW_FCS_NONE && arrived->fcs == VIEW_FCS_NONE &&
	       arrived->length == sent->length + FCS_LENGTH &&
	       !memcmp(arrived->octets + sent->length, sent->fcs_octets, FCS_LENGTH);
}

/* An automatic FCS is the device's own: that it does not arrive is no difference. */
static void diff_fcs(struct differ *d)
{
	const struct frame_view *sent = d->sent;
	const struct frame_view *arrived = d->arrived;

	if (sent->fcs == VIEW_FCS_NONE || d->arrived_length != arrived->length)
		return;
	if (arrived->fcs == VIEW_FCS_NONE) {
		if (!sent->fcs_automatic)
			diff_add(d, DIFF_FCS_STRIPPED, true, "fcs: sent %s, taken off by a device",
				fcs_text(d, sent->fcs_octets));
	} else if (memcmp(sent->fcs_octets, arrived->fcs_octets, FCS_LENGTH) &&
		   !(sent->fcs_automatic && arrived->fcs == VIEW_FCS_RIGHT)) {
		diff_add(d, DIFF_FIELD, false, "fcs: sent %s, arrived %s",
			fcs_text(d, sent->fcs_octets), fcs_text(d, arrived->fcs_octets));
	}
}

void frame_diff(struct arena *arena, const struct frame_view *sent,
	const struct frame_view *arrived, struct diff **ret, unsigned int *ret_count)
{
	struct differ d = {
		.arena = arena,
		.sent = sent,
		.arrived = arrived,
		.arrived_length = arrived->length,
	};
	uint32_t shorter;

	if (fcs_is_appended(sent, arrived))
		d.arrived_length -= FCS_LENGTH;
	shorter = sent->length < d.arrived_length ? sent->length : d.arrived_length;
	if (common_length(sent->octets, arrived->octets, shorter) == shorter) {
		diff_length(&d, sent->length, d.arrived_length);
	} else {
		diff_layers(&d);
		diff_tails(&d);
	}
	diff_fcs(&d);
	*ret = d.diffs;
	*ret_count = d.count;
}

/* Keeps the list of what is in flight. */
#include "tcp/records.h"

#include <stdlib.h>
#include <string.h>

#include "tcp/sequence.h"

void records_fini(struct records *records)
{
	free(records->at);
	*records = (struct records){ 0 };
}

bool records_reserve(struct records *records)
{
	size_t capacity = records->capacity ? 2 * records->capacity : 8;
	struct record *at;

	if (records->first + records->count < records->capacity)
		return true;
	/* Moved to the front only when half is free there, so that a move pays for itself. */
	if (records->first && records->first >= records->capacity / 2) {
		memmove(records->at, records_get(records, 0), records->count * sizeof(*at));
		records->first = 0;
		return true;
	}
	if (records->count >= RECORDS_MAX)
		return false;
	at = realloc(records->at, capacity * sizeof(*at));
	if (!at)
		return false;
	records->at = at;
	records->capacity = capacity;
	return true;
}

bool records_append(struct records *records, uint32_t left, uint32_t right, uint64_t sent)
{
	if (!records_reserve(records))
		return false;
	*records_get(records, records->count++) =
		(struct record){ .sent = sent, .left = left, .right = right };
	return true;
}

size_t records_search(const struct records *records, uint32_t number)
{
	size_t low = 0, high = records->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (seq_after(records_get(records, middle)->right, number))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool records_split(struct records *records, uint32_t number)
{
	size_t index = records_search(records, number);
	struct record *record;

	if (index == records->count || !seq_before(records_get(records, index)->left, number))
		return true;
	if (!records_reserve(records))
		return false;
	record = records_get(records, index);
	memmove(record + 1, record, (records->count - index) * sizeof(*record));
	record[0].right = number;
	record[1].left = number;
	records->count++;
	return true;
}

static size_t record_length(const struct record *record)
{
	return record->right - record->left;
}

void records_mark(struct records *records, size_t index, uint8_t flags)
{
	struct record *record = records_get(records, index);
	size_t length = record_length(record);

	if (record->flags & RECORD_SACKED)
		records->sacked -= length;
	if (record->flags & RECORD_LOST)
		records->lost -= length;
	record->flags = flags;
	if (flags & RECORD_SACKED)
		records->sacked += length;
	if (flags & RECORD_LOST)
		records->lost += length;
}

size_t records_join(struct records *records, size_t index)
{
	struct record *record = records_get(records, index);

	if (!index || !(record[-1].flags & record[0].flags & RECORD_SACKED))
		return index;
	record[-1].right = record[0].right;
	record[-1].flags |= record[0].flags;
	record[-1].sent = record[-1].sent > record[0].sent ? record[-1].sent : record[0].sent;
	records->count--;
	memmove(record, record + 1, (records->count - index) * sizeof(*record));
	return index - 1;
}

void records_pop(struct records *records)
{
	records_mark(records, 0, 0);
	records->count--;
	records->first = records->count ? records->first + 1 : 0;
}

void records_trim(struct records *records, uint32_t number)
{
	struct record *record = records_get(records, 0);
	uint8_t flags = record->flags;

	records_mark(records, 0, 0);
	record->left = number;
	records_mark(records, 0, flags);
}

/* The list of clients: rows that json-c writes once each, joined to one text. */
#include "cli/clients/list.h"

#include "base/buffer.h"
#include "base/random.h"
#include "cli/sockets/sockets.h"
#include "render/json.h"

#include <stdlib.h>
#include <string.h>

#define PLACES	       (4 * CLIENTS_MAX) /* a power of two: three of four stay empty */
#define FIRST_CAPACITY 4096U

struct clients_text {
	unsigned int users;
	size_t length, capacity;
	uint8_t octets[];
};

struct clients_row {
	char *key;  /* the name as JSON text */
	char *text; /* KEY: {...} */
};

static void *or_abort(void *memory)
{
	if (!memory)
		abort(); /* out of memory, as arena.h has it */
	return memory;
}

/* ---- texts ---- */

static struct clients_text *text_new(struct clients_list *list, size_t capacity)
{
	struct clients_text *text = or_abort(malloc(sizeof(*text) + capacity));

	*text = (struct clients_text){ .users = 1, .capacity = capacity };
	list->octets += capacity;
	return text;
}

static void text_put(struct clients_list *list, struct clients_text *text)
{
	if (--text->users)
		return;
	list->octets -= text->capacity;
	free(text);
}

/* Appends a row. Where there is no room the list goes on with a longer copy: those who send from
 * the old one keep it. */
static void text_append(struct clients_list *list, const char *row)
{
	const char *before = list->text->length ? ", " : "{";
	size_t need = list->text->length + strlen(before) + strlen(row);
	struct clients_text *text = list->text;

	if (need > text->capacity) {
		text = text_new(list, need * 2);
		memcpy(text->octets, list->text->octets, list->text->length);
		text->length = list->text->length;
		text_put(list, list->text);
		list->text = text;
	}
	memcpy(text->octets + text->length, before, strlen(before));
	memcpy(text->octets + need - strlen(row), row, strlen(row));
	text->length = need;
}

/* What is said in a text already cannot be taken back: a new one. */
static void text_rebuild(struct clients_list *list)
{
	size_t capacity = list->text->capacity;
	size_t i;

	text_put(list, list->text);
	list->text = text_new(list, capacity);
	for (i = 0; i < list->count; i++)
		text_append(list, list->rows[i].text);
}

/* ---- rows ---- */

/* Where key is, or would be. */
static uint32_t *place_of(struct clients_list *list, const char *key)
{
	size_t at = random_key(list->seed, key) % PLACES;

	while (list->places[at] && strcmp(list->rows[list->places[at] - 1].key, key) != 0)
		at = (at + 1) % PLACES;
	return &list->places[at];
}

static void row_fini(struct clients_row *row)
{
	free(row->key);
	free(row->text);
}

/* Lets the oldest quarter go. */
static void forget_oldest(struct clients_list *list)
{
	size_t gone = CLIENTS_MAX / 4;
	size_t i;

	for (i = 0; i < gone; i++)
		row_fini(&list->rows[i]);
	list->count -= gone;
	memmove(list->rows, list->rows + gone, list->count * sizeof(*list->rows));
	memset(list->places, 0, PLACES * sizeof(*list->places));
	for (i = 0; i < list->count; i++)
		*place_of(list, list->rows[i].key) = (uint32_t)i + 1;
	text_rebuild(list);
}

static char *take_text(struct buffer *buffer)
{
	char *text = or_abort(strdup(buffer_text(buffer)));

	buffer_clear(buffer);
	return text;
}

/* "name1": {"address": "127.0.0.1", "port": 62210, "name": "name1"} */
static void row_init(struct clients_row *row, const uint8_t *name, size_t length,
	const struct stack_address *address)
{
	struct json *json = json_object();
	struct json *key = json_octets(name, length);
	struct buffer out = { 0 };
	char host[SOCKETS_TEXT];

	json_dumps(key, false, &out);
	row->key = take_text(&out);
	json_set(json, "address", json_text(sockets_address(address, host)));
	json_set(json, "port", json_number(address->port));
	json_set(json, "name", key);
	buffer_printf(&out, "%s: ", row->key);
	json_dumps(json, false, &out);
	row->text = take_text(&out);
	json_free(json);
	buffer_fini(&out);
}

static void enter(struct clients_list *list, struct clients_row *row)
{
	uint32_t *place;

	if (list->count == CLIENTS_MAX)
		forget_oldest(list);
	place = place_of(list, row->key);
	if (*place) {
		struct clients_row *old = &list->rows[*place - 1];

		row_fini(old);
		*old = *row;
		text_rebuild(list);
		return;
	}
	list->rows[list->count++] = *row;
	*place = (uint32_t)list->count;
	text_append(list, row->text);
}

/* ---- the list ---- */

void clients_list_init(struct clients_list *list, uint64_t seed)
{
	*list = (struct clients_list){ .seed = seed };
	pthread_mutex_init(&list->mutex, NULL);
	list->rows = or_abort(calloc(CLIENTS_MAX, sizeof(*list->rows)));
	list->places = or_abort(calloc(PLACES, sizeof(*list->places)));
	list->text = text_new(list, FIRST_CAPACITY);
}

void clients_list_fini(struct clients_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		row_fini(&list->rows[i]);
	text_put(list, list->text);
	free(list->rows);
	free(list->places);
	pthread_mutex_destroy(&list->mutex);
}

int clients_list_add(struct clients_list *list, const uint8_t *name, size_t length,
	const struct stack_address *address, struct clients_answer *ret)
{
	struct clients_row row;
	int rc = 0;

	row_init(&row, name, length, address);
	pthread_mutex_lock(&list->mutex);
	if (list->octets > CLIENTS_OCTETS_MAX) {
		row_fini(&row);
		rc = -ENOMEM;
	} else {
		enter(list, &row);
		list->text->users++;
		*ret = (struct clients_answer){
			.text = list->text,
			.octets = list->text->octets,
			.length = list->text->length,
		};
	}
	pthread_mutex_unlock(&list->mutex);
	return rc;
}

void clients_answer_put(struct clients_list *list, struct clients_answer *answer)
{
	if (!answer->text)
		return;
	pthread_mutex_lock(&list->mutex);
	text_put(list, answer->text);
	pthread_mutex_unlock(&list->mutex);
	answer->text = NULL;
}

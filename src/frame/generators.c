/* The generators of a frame: one for each word that varies, and one for each value that changes the
 * frame's shape, which choose among its images. */
#include "frame/plan.h"

#include "base/arena.h"
#include "base/random.h"
#include "frame/internal.h"

#include <errno.h>
#include <string.h>

/* ---- what changes the shape ---- */

static bool decides_presence(const struct vary_field *field)
{
	const struct wire_record *type = field->record->type;

	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].when &&
			!strcmp(type->fields[i].when->field, field->field->name))
			return true;
	return false;
}

static bool counts_payload(const struct wire_field *field)
{
	return field->rule == WIRE_LENGTH && wire_spans_payload(&field->length);
}

/* A length of zero that was given says where a payload ends, or nothing, by what is named next. */
static bool names_behind_given_length(const struct vary_field *field)
{
	const struct spec_record *record = field->record;

	for (unsigned int i = 0; field->field->rule == WIRE_NEXT && i < record->type->count; i++)
		if (counts_payload(&record->type->fields[i]) &&
			record->values[i].state != SPEC_AUTO)
			return true;
	return false;
}

/* IEEE 802.3: a small type is a length, and ends the payload. */
static bool may_be_length(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;
	bool found = number_is_length(
		field->field, vary->kind == VARY_DEC ? vary->last.number : vary->first.number);

	if (vary->part || vary->kind == VARY_SAME_AS)
		return number_is_length(field->field, 0);
	for (unsigned int i = 0; vary->kind == VARY_LIST && i < vary->count; i++)
		found |= number_is_length(field->field, vary->values[i].number);
	return found;
}

static bool has_lengths(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;

	for (unsigned int i = 1; vary->kind == VARY_LIST && !vary->part && i < vary->count; i++)
		if (vary->values[i].length != vary->values[0].length)
			return true;
	return false;
}

/* Whether the frame is another than with octets changed where the field stands: other fields are
 * there, others follow, or a checksum covers something else. */
static bool changes_shape(const struct vary_field *field)
{
	bool is_id =
		field->list && wire_item_id(field->list, field->record->type) == (int)field->row;

	return is_id || vary_is_whole(field->field) || may_be_length(field) ||
	       decides_presence(field) || counts_payload(field->field) ||
	       names_behind_given_length(field) || field_steers(field->field) || has_lengths(field);
}

/* A source is chosen when it, or one that is the same as it, changes the shape; then all of them
 * are. */
static void decide_shapes(struct vary_plan *plan)
{
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		struct vary_part *part = &plan->parts[i];

		if (part->source >= 0 && changes_shape(part->of))
			plan->parts[part->source].chosen = true;
	}
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		struct vary_part *part = &plan->parts[i];

		if (part->source >= 0)
			part->chosen = plan->parts[part->source].chosen;
	}
}

/* ---- making generators ---- */

struct maker {
	struct arena *arena;
	struct vary_plan *plan;
	const char *frame;
	uint64_t seed;
	struct patch_generator *generators;
	struct patch_choice *choices;
	unsigned int count, choice_count;
	uint32_t images;
	/* Of the last field that wraps: what `each: cycle` waits for. */
	bool started;
	uint64_t period; /* turns of the frame; saturated */
	struct err *err;
};

static uint64_t key_of(const struct maker *m, const char *name)
{
	return random_key(m->seed, arena_printf(m->arena, "%s/%s", m->frame, name));
}

/* How many steps from one number to another; 0 is 2^64. */
static uint64_t steps(const struct spec_vary *vary, uint64_t first, uint64_t last)
{
	uint64_t distance = vary->kind == VARY_DEC ? first - last : last - first;
	bool counts = vary->kind == VARY_INC || vary->kind == VARY_DEC;

	return distance / (counts ? vary->step : 1) + 1;
}

static uint64_t divisor_of(struct maker *m, const struct spec_vary *vary)
{
	return vary->cycle ? m->period : 1;
}

static uint64_t saturating(uint64_t a, uint64_t b)
{
	uint64_t product;

	/* A count of 0 is 2^64. */
	return !a || __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* A generator of numbers from first to last, as the kind says. */
static struct patch_generator range(struct maker *m, const struct spec_vary *vary, const char *name,
	uint64_t first, uint64_t last)
{
	struct patch_generator g = {
		.name = name,
		.first = first,
		.step = 1,
		.count = steps(vary, first, last),
		.divisor = divisor_of(m, vary),
	};

	switch (vary->kind) {
	case VARY_DEC:
		g.step = -vary->step;
		break;
	case VARY_INC:
		g.step = vary->step;
		break;
	case VARY_RANDOM:
		g.source = PATCH_RANDOM;
		g.key = key_of(m, name);
		break;
	case VARY_SHUFFLE:
		g.source = PATCH_SHUFFLE;
		g.key = key_of(m, name);
		g.root = random_root(g.count);
		break;
	case VARY_LIST:
	case VARY_SAME_AS:
		break;
	}
	return g;
}

static uint32_t add(struct maker *m, const struct patch_generator *generator)
{
	m->generators[m->count] = *generator;
	return m->count++;
}

/* ---- plain fields ---- */

/* What the field's words are made of: its own values, or a part's numbers. */
static uint64_t word_at(
	const struct vary_field *field, const struct wire_value *value, unsigned int word)
{
	if (field->value->vary->part)
		return word ? 0 : value->number;
	return vary_word(field->field, value, word);
}

static bool table(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	uint64_t *values = arena_alloc(m->arena, vary->count * sizeof(*values));
	bool varies = false;

	for (unsigned int i = 0; i < vary->count; i++) {
		values[i] = word_at(field, &vary->values[i], word);
		varies |= values[i] != values[0];
	}
	*ret = (struct patch_generator){
		.name = field->name,
		.source = PATCH_TABLE,
		.table = values,
		.count = vary->count,
		.divisor = divisor_of(m, vary),
	};
	return varies;
}

/* One word of a field; false where it is constant. */
static bool make_word(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	uint64_t first = word_at(field, &vary->first, word);
	uint64_t last = word_at(field, &vary->last, word);

	if (vary->kind == VARY_LIST)
		return table(m, field, word, ret);
	*ret = range(m, vary, field->name, first, last);
	if (word)
		ret->key = random_derive(ret->key, word);
	return first != last;
}

/* The bits that vary: of a payload that is stretched, those of the longest one. */
static size_t widest(const struct vary_plan *plan, const struct vary_part *part)
{
	const struct vary_field *field = part->of;
	const struct spec_vary *vary = field->value->vary;
	const struct wire_value *value = vary->kind == VARY_LIST ? &vary->values[0] : &vary->first;
	size_t width =
		vary->part ? vary->high - vary->low + 1 : wire_value_width(field->field, value);

	for (unsigned int i = 0; vary_is_stretched(plan, field) && i < plan->size_count; i++)
		if (plan->sizes[i] * 8ULL > width)
			width = plan->sizes[i] * 8ULL;
	return width;
}

/* Words beyond those of the value are random as all of it is. */
static bool make_stretched_word(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	*ret = range(m, field->value->vary, field->name, 0, UINT64_MAX);
	ret->key = random_derive(ret->key, word);
	return true;
}

static void make_plain(struct maker *m, struct vary_part *part)
{
	const struct vary_field *field = part->of;
	bool stretched = vary_is_stretched(m->plan, field);
	size_t width = widest(m->plan, part);

	part->word_count = vary_word_count(width);
	part->generators = arena_alloc(m->arena, part->word_count * sizeof(*part->generators));
	for (unsigned int i = 0; i < part->word_count; i++) {
		struct patch_generator g;
		bool varies = stretched ? make_stretched_word(m, field, i, &g)
					: make_word(m, field, i, &g);

		g.width = width - i * 64ULL < 64 ? (unsigned int)(width - i * 64ULL) : 64;
		part->generators[i] = varies ? add(m, &g) : VARY_NO_GENERATOR;
	}
}

/* ---- choices ---- */

static int too_many_images(struct maker *m, uint64_t count)
{
	return err_input(m->err, NULL,
		"changes the frame's shape, which is built for each value beforehand, and makes "
		"%llu shapes (at most %u): give fewer values, by a larger step or a list",
		(unsigned long long)count, VARY_IMAGES_MAX);
}

/* Numbers the images by one more digit. false where there are too many. */
static bool add_choice(struct maker *m, const char *name, struct patch_generator *g,
	uint64_t values, unsigned int *stride)
{
	uint64_t images = saturating(values, m->images);

	if (images > VARY_IMAGES_MAX) {
		too_many_images(m, images);
		return false;
	}
	*stride = m->images;
	g->width = 16;
	m->choices[m->choice_count++] =
		(struct patch_choice){ .generator = add(m, g), .stride = m->images, .name = name };
	m->images = (uint32_t)images;
	return true;
}

/* The list's values, each once; *ret is a generator of their indices. */
static void distinct_values(struct maker *m, const struct vary_field *field, struct vary_part *part,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	struct wire_value *values = arena_alloc(m->arena, vary->count * sizeof(*values));
	uint64_t *indices = arena_alloc(m->arena, vary->count * sizeof(*indices));
	unsigned int count = 0;

	for (unsigned int i = 0; i < vary->count; i++) {
		unsigned int j = 0;

		while (j < count && !(vary->part ? values[j].number == vary->values[i].number
						 : wire_value_equal(field->field, &values[j],
							   &vary->values[i])))
			j++;
		if (j == count)
			values[count++] = vary->values[i];
		indices[i] = j;
	}
	part->choices = values;
	part->choice_count = count;
	*ret = (struct patch_generator){
		.name = field->name,
		.source = PATCH_TABLE,
		.table = indices,
		.count = vary->count,
		.divisor = divisor_of(m, vary),
	};
}

/* The range's values; *ret is a generator of their indices. */
static void range_values(struct maker *m, const struct vary_field *field, struct vary_part *part,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	size_t width = wire_value_width(field->field, &vary->first);
	struct wire_value *values = arena_alloc(m->arena, part->choice_count * sizeof(*values));
	unsigned int words = vary_word_count(width);
	uint64_t *number = arena_alloc(m->arena, (words + 1) * sizeof(*number));

	*ret = range(m, vary, field->name, word_at(field, &vary->first, 0),
		word_at(field, &vary->last, 0));
	for (unsigned int i = 0; i < words; i++)
		number[i] = word_at(field, &vary->first, i);
	for (unsigned int i = 0; i < part->choice_count; i++) {
		values[i] = vary->part ? (struct wire_value){ .number = number[0] }
				       : vary_value(m->arena, field->field, width, number);
		number[0] += ret->step;
	}
	part->choices = values;
	ret->first = 0;
	ret->step = 1;
}

/* The words above the lowest do not vary in so few values. */
static uint64_t count_values(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;
	unsigned int words =
		vary->part ? 1 : vary_word_count(wire_value_width(field->field, &vary->first));

	for (unsigned int i = 1; i < words; i++)
		if (word_at(field, &vary->first, i) != word_at(field, &vary->last, i))
			return 0;
	return steps(vary, word_at(field, &vary->first, 0), word_at(field, &vary->last, 0));
}

static int make_choice(struct maker *m, struct vary_part *part)
{
	const struct vary_field *field = part->of;
	struct patch_generator g;
	uint64_t count;

	if (field->value->vary->kind == VARY_LIST) {
		distinct_values(m, field, part, &g);
	} else {
		count = count_values(field);
		if (!count || count > VARY_IMAGES_MAX) {
			too_many_images(m, count ? count : UINT64_MAX);
			return vary_refuse(field, m->err);
		}
		part->choice_count = (unsigned int)count;
		range_values(m, field, part, &g);
	}
	if (add_choice(m, field->name, &g, part->choice_count, &part->stride))
		return 0;
	return vary_refuse(field, m->err);
}

/* ---- sizes ---- */

/* Sizes, each once: the frame is built once for each. */
static int make_sizes(struct maker *m)
{
	const struct frame_spec *spec = m->plan->spec;
	const struct spec_vary *vary = &spec->size.vary;
	struct vary_plan *plan = m->plan;
	struct patch_generator g;
	uint64_t *indices;
	unsigned int count = 0;

	if (plan->size_count < 2)
		return 0;
	indices = arena_alloc(m->arena, plan->size_count * sizeof(*indices));
	g = range(m, vary, "size", 0, plan->size_count - 1U);
	g.step = 1;
	g.count = plan->size_count;
	if (vary->kind == VARY_LIST) {
		g.source = PATCH_TABLE;
		g.table = indices;
	}
	for (unsigned int i = 0; i < plan->size_count; i++) {
		unsigned int j = vary->kind == VARY_LIST ? 0 : count;

		while (j < count && plan->sizes[j] != plan->sizes[i])
			j++;
		if (j == count)
			plan->sizes[count++] = plan->sizes[i];
		indices[i] = j;
	}
	plan->size_count = count;
	if (add_choice(m, "size", &g, count, &plan->size_stride))
		return 0;
	return err_locate(m->err, vary->at.file ? &vary->at : &spec->at, "size");
}

/* ---- all ---- */

static int check_cycle(struct maker *m, const struct vary_field *field)
{
	if (!field->value->vary->cycle || m->started)
		return 0;
	err_input(m->err, NULL,
		"each: cycle waits until a field before it has had all its values; there is none "
		"that counts, shuffles or lists");
	return vary_refuse(field, m->err);
}

static void note_period(struct maker *m, const struct vary_field *field, unsigned int before)
{
	const struct patch_generator *g = &m->generators[before];

	if (field->value->vary->kind == VARY_RANDOM)
		return; /* never wraps */
	m->started = true;
	/* A field of one value has no generator, and wraps each turn. */
	m->period = before < m->count ? saturating(g->count, g->divisor)
				      : divisor_of(m, field->value->vary);
}

static int check_stretched(
	const struct vary_plan *plan, const struct vary_field *field, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	size_t width = vary->first.length * 8;
	bool full = vary->kind == VARY_RANDOM && !vary->part;

	if (!vary_is_stretched(plan, field))
		return 0;
	for (unsigned int i = 0; full && i < vary_word_count(width); i++) {
		uint64_t ones = width - i * 64 < 64 ? (1ULL << (width - i * 64)) - 1 : UINT64_MAX;

		full = !vary_word(field->field, &vary->first, i) &&
		       vary_word(field->field, &vary->last, i) == ones;
	}
	if (full)
		return 0;
	err_input(err, NULL,
		"a payload that varies can only be brought to a size when all of it is random; put "
		"what varies into a payload layer before the last");
	return vary_refuse(field, err);
}

static unsigned int most_generators(const struct vary_plan *plan)
{
	unsigned int count = 1; /* the size */

	for (unsigned int i = 0; i < plan->fields.count; i++)
		count += vary_word_count(widest(plan, &plan->parts[i])) + 1;
	return count;
}

static int make_field(struct maker *m, unsigned int index)
{
	struct vary_part *part = &m->plan->parts[index];
	unsigned int before = m->count;
	int status;

	if (part->source != (int)index)
		return 0; /* of a field that is the same as another: that one's */
	status = check_cycle(m, part->of);
	if (!status && part->chosen)
		status = make_choice(m, part);
	else if (!status)
		make_plain(m, part);
	if (!status)
		note_period(m, part->of, before);
	return status;
}

int vary_generators(struct arena *arena, struct vary_plan *plan, const char *name, uint64_t seed,
	struct patch_varying *ret, struct err *err)
{
	struct maker m = { .arena = arena,
		.plan = plan,
		.frame = name,
		.seed = seed,
		.images = 1,
		.period = 1,
		.err = err };
	int status = 0;

	decide_shapes(plan);
	for (unsigned int i = 0; !status && i < plan->fields.count; i++)
		status = check_stretched(plan, &plan->fields.fields[i], err);
	if (status)
		return status;
	m.generators = arena_alloc(arena, most_generators(plan) * sizeof(*m.generators));
	m.choices = arena_alloc(arena, (plan->fields.count + 1) * sizeof(*m.choices));
	for (unsigned int i = 0; !status && i < plan->fields.count; i++)
		status = make_field(&m, i);
	if (!status)
		status = make_sizes(&m);
	if (status)
		return status;
	ret->generators = m.generators;
	ret->generator_count = m.count;
	ret->choices = m.choices;
	ret->choice_count = m.choice_count;
	ret->image_count = m.images;
	return 0;
}

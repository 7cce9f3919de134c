/* Runs a rule's program on a request. */
#include "respond/program.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "wire/checksum.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>

/* ---- numbers ---- */

static uint64_t load(const uint8_t *octets, unsigned int count)
{
	uint64_t word;

	switch (count) {
	case 1:
		return octets[0];
	case 2:
		return bytes_get_be16(octets);
	case 4:
		return bytes_get_be32(octets);
	default:
		memcpy(&word, octets, sizeof(word));
		return be64toh(word);
	}
}

static uint64_t word_get(const struct respond_word *word, const uint8_t *octets)
{
	return load(octets + word->offset, word->octets) >> word->shift & word->mask;
}

/* What is around it stays. */
static void word_put(const struct respond_word *word, uint8_t *octets, uint64_t value)
{
	uint8_t *at = octets + word->offset;
	uint64_t whole = load(at, word->octets) & ~(word->mask << word->shift);

	whole |= (value & word->mask) << word->shift;
	for (unsigned int i = word->octets; i-- > 0; whole >>= 8)
		at[i] = (uint8_t)whole;
}

/* ---- the request ---- */

static bool checks_hold(const struct respond_program *program, const uint8_t *octets,
	bool *ret_sure, enum respond_verdict *ret)
{
	for (unsigned int i = 0; i < program->check_count; i++) {
		const struct respond_check *check = &program->checks[i];
		uint64_t value = word_get(&check->word, octets);

		if (value >= check->low && value <= check->high)
			continue;
		*ret_sure = !check->unsure;
		*ret = check->verdict;
		return false;
	}
	for (unsigned int i = 0; i < program->same_count; i++) {
		const struct respond_same *same = &program->sames[i];
		uint64_t first = word_get(&same->first, octets) + same->plus;

		if ((first & same->second.mask) == word_get(&same->second, octets))
			continue;
		*ret_sure = true;
		*ret = RESPOND_OTHER;
		return false;
	}
	return true;
}

/* Where the frame ends but for padding, by what it says; false where that cannot be. */
static bool bounds_hold(const struct respond_program *program, const uint8_t *octets,
	uint32_t length, uint32_t *ret_end)
{
	uint32_t end = length;

	for (unsigned int i = 0; i < program->bound_count; i++) {
		const struct respond_bound *bound = &program->bounds[i];
		uint64_t said = bound->base + word_get(&bound->word, octets);

		if (i ? said != end : said > length || said < program->need)
			return false;
		end = (uint32_t)said;
	}
	for (unsigned int i = 0; i < program->tail_count; i++) {
		const struct respond_tail *tail = &program->tails[i];
		uint64_t said = tail->base + word_get(&tail->word, octets) * tail->unit;

		if (said < tail->least || said > end)
			return false;
	}
	*ret_end = end;
	return true;
}

static uint64_t pseudo_sum(const struct respond_sum *sum, const uint8_t *octets, uint32_t end)
{
	if (!sum->pseudo)
		return 0;
	return checksum_pseudo(octets + sum->src, octets + sum->dst, sum->address_length,
		sum->protocol, end - sum->start);
}

static uint32_t end_of(const struct respond_sum *sum, uint32_t end)
{
	return sum->open ? end : sum->end;
}

/* Right, none at all, or left to a device to finish. */
static bool sum_is_right(const struct respond_sum *sum, const uint8_t *octets, uint32_t frame_end)
{
	uint16_t value = bytes_get_be16(octets + sum->offset);
	uint32_t end = end_of(sum, frame_end);
	uint64_t pseudo;

	if (sum->udp && !value)
		return true;
	pseudo = pseudo_sum(sum, octets, end);
	if (sum->pseudo && checksum_fold(pseudo) == value)
		return true;
	return checksum_fold(checksum_add(pseudo, octets + sum->start, end - sum->start)) == 0xffff;
}

static bool sums_are_right(
	const struct respond_program *program, const uint8_t *octets, uint32_t end)
{
	for (unsigned int i = 0; i < program->sum_count; i++)
		if (!sum_is_right(&program->verified[i], octets, end))
			return false;
	return true;
}

/* ---- the answer ---- */

static void put_hash(const struct respond_hash *hash, const uint8_t *octets, uint8_t *answer)
{
	uint64_t number = hash->key;

	for (unsigned int i = 0; i < hash->count; i++)
		number = spec_hash_add(number, word_get(&hash->pieces[i], octets));
	word_put(&hash->to, answer, number);
}

static void put_sum(const struct respond_sum *sum, uint8_t *answer, uint32_t frame_end)
{
	uint32_t end = end_of(sum, frame_end);
	uint16_t value;

	bytes_put_be16(answer + sum->offset, 0);
	value = checksum_finish(
		checksum_add(pseudo_sum(sum, answer, end), answer + sum->start, end - sum->start));
	bytes_put_be16(answer + sum->offset, !value && sum->udp ? 0xffff : value);
}

static bool lengths_fit(const struct respond_program *program, uint32_t payload)
{
	for (unsigned int i = 0; i < program->length_count; i++)
		if (program->lengths[i].base + payload > program->lengths[i].word.mask)
			return false;
	return program->length + payload <= FRAME_LENGTH_MAX;
}

static void put_values(
	const struct respond_program *program, const uint8_t *octets, uint8_t *answer)
{
	for (unsigned int i = 0; i < program->copy_count; i++) {
		const struct respond_copy *copy = &program->copies[i];

		memcpy(answer + copy->to, octets + copy->from, copy->count);
	}
	for (unsigned int i = 0; i < program->number_count; i++) {
		const struct respond_number *number = &program->numbers[i];

		word_put(&number->to, answer, word_get(&number->from, octets) + number->plus);
	}
	for (unsigned int i = 0; i < program->hash_count; i++)
		put_hash(&program->hashes[i], octets, answer);
}

static uint32_t put_answer(const struct respond_program *program, const uint8_t *octets,
	uint32_t payload, uint8_t *answer)
{
	uint32_t length = program->length + payload;

	memcpy(answer, program->image, program->length);
	put_values(program, octets, answer);
	if (payload)
		memcpy(answer + program->length, octets + program->payload, payload);
	for (unsigned int i = 0; i < program->length_count; i++)
		word_put(&program->lengths[i].word, answer, program->lengths[i].base + payload);
	for (unsigned int i = 0; i < program->answer_sum_count; i++)
		put_sum(&program->sums[i], answer, length);
	if (program->pad && length < RESPOND_FRAME_MIN) {
		memset(answer + length, 0, RESPOND_FRAME_MIN - length);
		length = RESPOND_FRAME_MIN;
	}
	return length;
}

bool respond_program_run(const struct respond_program *program, const uint8_t *octets,
	uint32_t length, uint8_t *answer, uint32_t *ret_length, enum respond_verdict *ret)
{
	uint32_t end, payload;
	bool sure;

	*ret = RESPOND_OTHER;
	if (length < program->need)
		return true;
	if (!checks_hold(program, octets, &sure, ret))
		return sure;
	*ret = RESPOND_DAMAGED;
	if (!bounds_hold(program, octets, length, &end) || !sums_are_right(program, octets, end))
		return true;
	*ret = RESPOND_UNMADE;
	payload = program->echo ? end - program->payload : 0;
	if (!lengths_fit(program, payload))
		return true;
	*ret_length = put_answer(program, octets, payload, answer);
	*ret = RESPOND_ANSWERED;
	return true;
}

/* ---- for people ---- */

static void describe_word(const struct respond_word *word, struct buffer *out)
{
	buffer_printf(
		out, "%u octet%s at %u", word->octets, word->octets == 1 ? "" : "s", word->offset);
	if (word->shift)
		buffer_printf(out, " >> %u", word->shift);
	buffer_printf(out, " & 0x%" PRIx64, word->mask);
}

void respond_program_describe(const struct respond_program *program, struct buffer *out)
{
	buffer_printf(out, "wants %u octets\n", program->need);
	for (unsigned int i = 0; i < program->check_count; i++) {
		buffer_printf(out, "compare ");
		describe_word(&program->checks[i].word, out);
		buffer_printf(out, " with 0x%" PRIx64 "..0x%" PRIx64 "\n", program->checks[i].low,
			program->checks[i].high);
	}
	for (unsigned int i = 0; i < program->copy_count; i++)
		buffer_printf(out, "copy %u octets at %u to %u\n", program->copies[i].count,
			program->copies[i].from, program->copies[i].to);
	for (unsigned int i = 0; i < program->number_count; i++) {
		buffer_printf(out, "put ");
		describe_word(&program->numbers[i].from, out);
		buffer_printf(out, " + %" PRId64 " into ", (int64_t)program->numbers[i].plus);
		describe_word(&program->numbers[i].to, out);
		buffer_printf(out, "\n");
	}
	if (program->echo)
		buffer_printf(out, "append the octets from %u on\n", program->payload);
	for (unsigned int i = 0; i < program->answer_sum_count; i++)
		buffer_printf(out, "checksum at %u of the octets from %u on\n",
			program->sums[i].offset, program->sums[i].start);
}

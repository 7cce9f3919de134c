/* DNS and its kin: the id and the question, and in mDNS the name that is spoken of. */
#include "match/answer_service.h"

#define DNS_OCTETS   12
#define POINTERS_MAX 16

static uint8_t lower(uint8_t letter)
{
	return letter >= 'A' && letter <= 'Z' ? (uint8_t)(letter + 32) : letter;
}

/*
 * A number for the name at *at, its letters alike and its pointers followed (RFC 1035 4.1.4), and
 * *at behind it. 0: there is none, or it does not end.
 */
static uint64_t hash_name(const struct answer_message *dns, uint32_t *at)
{
	uint64_t hash = 1;
	uint32_t place = *at;
	unsigned int pointers = 0;

	while (place < dns->length && dns->octets[place]) {
		uint32_t left = dns->octets[place] + 1U;

		if (dns->octets[place] >= 0xc0) {
			if (dns->length - place < 2 || pointers == POINTERS_MAX)
				return 0;
			if (!pointers++)
				*at = place + 2;
			place = bytes_get_be16(dns->octets + place) & 0x3fff;
			continue;
		}
		if (left > 64 || left > dns->length - place)
			return 0;
		for (; left; left--, place++)
			hash = answer_mix(hash, lower(dns->octets[place]));
	}
	if (place >= dns->length)
		return 0;
	if (!pointers)
		*at = place + 1;
	return hash ? hash : 1;
}

static bool is_dns(const struct answer_message *dns)
{
	return dns->length >= DNS_OCTETS && dns->octets[2] >> 7 == dns->given;
}

/* Of the first question: name, type and class; 0 where there is none. */
static uint64_t hash_question(const struct answer_message *dns)
{
	uint32_t at = DNS_OCTETS;
	uint64_t name;

	if (!bytes_get_be16(dns->octets + 4))
		return 0;
	name = hash_name(dns, &at);
	return name && dns->length - at >= 4 ? answer_mix(name, bytes_get_be32(dns->octets + at))
					     : 0;
}

/* A server that cannot read the question answers without one. */
bool answer_read_dns(const struct answer_message *message, struct answer_claim *ret)
{
	uint64_t question;
	uint16_t id;

	if (!is_dns(message))
		return false;
	id = bytes_get_be16(message->octets);
	question = hash_question(message);
	if (question)
		ret->number[ret->numbers++] = answer_mix(question, id);
	if (!question || !message->given)
		ret->number[ret->numbers++] = id;
	answer_show(ret, id, 2);
	return true;
}

/* RFC 1002 4.2: an answer repeats no question. */
bool answer_read_nbns(const struct answer_message *message, struct answer_claim *ret)
{
	return is_dns(message) && answer_claim_number(ret, bytes_get_be16(message->octets), 2);
}

/*
 * RFC 6762: ids are zero, questions are not repeated, anybody answers, to everybody. The name is
 * what a question and an answer's records have in common.
 */
bool answer_read_mdns(const struct answer_message *message, struct answer_claim *ret)
{
	unsigned int questions;
	uint32_t at = DNS_OCTETS;

	if (!is_dns(message))
		return false;
	questions = bytes_get_be16(message->octets + 4);
	if (!message->given) {
		ret->number[0] = hash_name(message, &at);
		ret->numbers = questions && ret->number[0] ? 1 : 0;
		return ret->numbers != 0;
	}
	for (; questions && at < message->length; questions--) {
		if (!hash_name(message, &at) || message->length - at < 4)
			return false;
		at += 4;
	}
	for (unsigned int i = 0; i < ANSWER_NUMBERS && at < message->length &&
				 i < bytes_get_be16(message->octets + 6);
		i++) {
		uint64_t name = hash_name(message, &at);

		if (!name || message->length - at < 10)
			break;
		ret->number[ret->numbers++] = name;
		if (bytes_get_be16(message->octets + at + 8) > message->length - at - 10)
			break;
		at += 10U + bytes_get_be16(message->octets + at + 8);
	}
	return ret->numbers != 0;
}

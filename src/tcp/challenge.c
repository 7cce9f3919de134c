/* ACKs that answer what should not have come: only so many of them (RFC 5961 7). */
#include "tcp/connection.h"

enum { CHALLENGES = 10 };
#define CHALLENGES_IN (5 * TCP_SECOND)

void challenge_ack(struct tcp *tcp, uint64_t now)
{
	if (now - tcp->challenge_since >= CHALLENGES_IN) {
		tcp->challenge_since = now;
		tcp->challenges = 0;
	}
	if (tcp->challenges == CHALLENGES)
		return;
	tcp->challenges++;
	tcp->stats.challenge_acks++;
	tcp->receive.ack_due = true;
}

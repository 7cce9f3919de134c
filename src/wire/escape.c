/* Octets as printable text. */
#include "wire/escape.h"

#include "base/buffer.h"

#include <ctype.h>
#include <string.h>

bool escape_read(const char **text, uint8_t *ret)
{
	const char *t = *text;
	unsigned int octet = 0;

	if (*t != '\\') {
		*ret = (uint8_t)*t;
		*text = t + 1;
		return true;
	}
	if (!isdigit((unsigned char)t[1])) {
		if (!t[1])
			return false;
		*ret = (uint8_t)t[1];
		*text = t + 2;
		return true;
	}
	for (unsigned int i = 1; i <= 3; i++) {
		if (!isdigit((unsigned char)t[i]))
			return false;
		octet = octet * 10 + (unsigned int)(t[i] - '0');
	}
	if (octet > UINT8_MAX)
		return false;
	*ret = (uint8_t)octet;
	*text = t + 4;
	return true;
}

void escape_put(uint8_t octet, const char *special, struct buffer *out)
{
	if (octet < ' ' || octet > '~' || (octet == ' ' && strchr(special, ' ')))
		buffer_printf(out, "\\%03u", octet);
	else if (octet == '\\' || strchr(special, octet))
		buffer_printf(out, "\\%c", octet);
	else
		buffer_printf(out, "%c", octet);
}

/* utf8.h: which octets are UTF-8; for render's own files. */
#ifndef RENDER_UTF8_H
#define RENDER_UTF8_H

#include <stddef.h>

/* The length of the UTF-8 sequence at p, which '\0' ends, RFC 3629 4; 0 where there is none. */
size_t utf8_length(const unsigned char *p);

/* U+FFFD, for octets that are none. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"

#endif

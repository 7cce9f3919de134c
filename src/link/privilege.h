/* privilege.h: what to do where the kernel wants CAP_NET_RAW. */
#ifndef LINK_PRIVILEGE_H
#define LINK_PRIVILEGE_H

#define PRIVILEGE_HINT \
	"; run it with sudo, or give the program its capability once: sudo make setcap"

#endif

/* port.h - a socket that listens at an address. It is opened before the library is started, so that the port is known before
 * the first request can come, which is held to it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PORT_H
#define CLINIC_SERVER_PORT_H

#include <stdint.h>

/* Of IPv4 or IPv6, as the address says; port 0 takes any that is free, `got` is the one it got. The caller closes it, or the
 * library to which it is given. -1, with errno. */
int port_open(const char *address, uint16_t port, uint16_t *got);

#endif

/* port.c - socket, bind, listen. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "clinic/server/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128 }; /* guess */

static bool address_read(const char *address, uint16_t port, struct sockaddr_storage *where, bool *six)
{
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)where;
    struct sockaddr_in6 *long_one = (struct sockaddr_in6 *)(void *)where;
    memset(where, 0, sizeof *where);
    *six = strchr(address, ':') != NULL;
    if (*six) {
        long_one->sin6_family = AF_INET6;
        long_one->sin6_port = htons(port);
        return inet_pton(AF_INET6, address, &long_one->sin6_addr) == 1;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    return inet_pton(AF_INET, address, &four->sin_addr) == 1;
}

int port_open(const char *address, uint16_t port, uint16_t *got)
{
    struct sockaddr_storage where;
    socklen_t size = sizeof where;
    const int on = 1;
    bool six = false;
    if (!address_read(address, port, &where, &six)) {
        errno = EINVAL;
        return -1;
    }
    int file = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file < 0)
        return -1;
    if (setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (six && setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(file, (struct sockaddr *)&where, six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)) != 0 ||
        listen(file, BACKLOG) != 0 || getsockname(file, (struct sockaddr *)&where, &size) != 0) {
        int why = errno;
        (void)close(file);
        errno = why;
        return -1;
    }
    *got = ntohs(six ? ((struct sockaddr_in6 *)(void *)&where)->sin6_port
                     : ((struct sockaddr_in *)(void *)&where)->sin_port);
    return file;
}

/* listener.c - sockets of a folder. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/listener.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16 };

static struct sockaddr_un address_of(const char path[LISTENER_PATH_BYTES])
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    _Static_assert(LISTENER_PATH_BYTES <= sizeof address.sun_path, "a path fits a socket's");
    memcpy(address.sun_path, path, strnlen(path, LISTENER_PATH_BYTES - 1));
    return address;
}

/* Removes a socket at which nobody listens. Nothing else is ever removed. */
static enum listener_fault clear(const struct sockaddr_un *address)
{
    struct stat about;
    if (lstat(address->sun_path, &about) != 0)
        return errno == ENOENT ? LISTENER_OK : LISTENER_FAILED;
    if (!S_ISSOCK(about.st_mode)) {
        errno = EEXIST;
        return LISTENER_FAILED;
    }
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return LISTENER_FAILED;
    bool dead = connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    (void)close(probe);
    if (!dead)
        return LISTENER_BUSY;
    return unlink(address->sun_path) == 0 ? LISTENER_OK : LISTENER_FAILED;
}

enum listener_fault listener_open(const char path[LISTENER_PATH_BYTES], int *listener)
{
    const struct sockaddr_un address = address_of(path);
    *listener = -1;
    enum listener_fault fault = clear(&address);
    if (fault != LISTENER_OK)
        return fault;
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0)
        return LISTENER_FAILED;
    /* Before it listens nobody can come in, whatever the mode of a new socket is. */
    if (bind(made, (const struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        (void)close(made);
        errno = error;
        return LISTENER_FAILED;
    }
    *listener = made;
    return chmod(address.sun_path, 0600) == 0 && listen(made, BACKLOG) == 0 ? LISTENER_OK : LISTENER_FAILED;
}

int listener_accept(int listener)
{
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

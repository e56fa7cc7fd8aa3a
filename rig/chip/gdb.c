/* gdb.c - packets of the GDB remote serial protocol, and the requests that are made of them. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/chip/gdb.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static bool wrong(struct gdb *gdb, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(struct gdb *gdb, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(gdb->wrong, sizeof gdb->wrong, format, list);
    va_end(list);
    return false;
}

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool put(struct gdb *gdb, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(gdb->fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return wrong(gdb, "the debug port cannot be written to: %s", strerror(errno));
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void drop(struct gdb *gdb, size_t count)
{
    gdb->held -= count;
    memmove(gdb->in, gdb->in + count, gdb->held);
}

/* More bytes, until `end_ms`. */
static bool more(struct gdb *gdb, int64_t end_ms)
{
    struct pollfd ready = { .fd = gdb->fd, .events = POLLIN };
    if (gdb->held == sizeof gdb->in)
        return wrong(gdb, "the debug port sends a packet of more than %d bytes", GDB_PACKET_MAX);
    for (;;) {
        int64_t left_ms = end_ms - clock_ms();
        int found = poll(&ready, 1, left_ms > 0 ? (int)left_ms : 0);
        if (found < 0 && errno == EINTR)
            continue;
        if (found <= 0)
            return wrong(gdb, "the debug port does not answer in time");
        ssize_t got = recv(gdb->fd, gdb->in + gdb->held, sizeof gdb->in - gdb->held, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return wrong(gdb, "the debug port has been closed");
        gdb->held += (size_t)got;
        return true;
    }
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static int hex_byte(const char *text)
{
    int high = hex_digit(text[0]);
    int low = high < 0 ? -1 : hex_digit(text[1]);
    return low < 0 ? -1 : high * 16 + low;
}

static unsigned sum_of(const char *text, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (unsigned char)text[i];
    return sum & 0xFF;
}

/* Takes the first whole packet out of what is held: 1 there it is, 0 not yet, -1 damaged. */
static int packet_take(struct gdb *gdb)
{
    char *begin = memchr(gdb->in, '$', gdb->held);
    if (begin == NULL) {
        gdb->held = 0; /* acknowledgements of what nobody waits for */
        return 0;
    }
    drop(gdb, (size_t)(begin - gdb->in));
    char *end = memchr(gdb->in, '#', gdb->held);
    size_t size = end == NULL ? 0 : (size_t)(end - gdb->in) - 1;
    if (end == NULL || gdb->held < size + 4)
        return 0;
    bool good = size <= GDB_PACKET_MAX && hex_byte(end + 1) == (int)sum_of(gdb->in + 1, size);
    if (good) {
        memcpy(gdb->packet, gdb->in + 1, size);
        gdb->packet[size] = '\0';
    }
    drop(gdb, size + 4);
    return good ? 1 : -1;
}

/* The next packet, acknowledged; a damaged one is asked for again. */
static bool packet_receive(struct gdb *gdb, int64_t end_ms)
{
    for (unsigned damaged = 0;;) {
        int taken = packet_take(gdb);
        if (taken > 0)
            return put(gdb, "+", 1);
        if (taken < 0 && ++damaged == GDB_TRIES)
            return wrong(gdb, "the debug port sends damaged packets");
        if (taken < 0 ? !put(gdb, "-", 1) : !more(gdb, end_ms))
            return false;
    }
}

/* 1 acknowledged, 0 to be sent again, -1 neither came. */
static int acknowledged(struct gdb *gdb, int64_t end_ms)
{
    for (;;) {
        for (size_t i = 0; i < gdb->held && gdb->in[i] != '$'; i++) {
            char mark = gdb->in[i];
            if (mark == '+' || mark == '-') {
                drop(gdb, i + 1);
                return mark == '+';
            }
        }
        if (gdb->held > 0 && memchr(gdb->in, '$', gdb->held) != NULL) { /* an answer to something older: over with */
            if (!packet_receive(gdb, end_ms))
                return -1;
            continue;
        }
        gdb->held = 0;
        if (!more(gdb, end_ms))
            return -1;
    }
}

static bool packet_send(struct gdb *gdb, const char *text)
{
    char packet[GDB_PACKET_MAX + 5];
    size_t size = strlen(text);
    if (size > GDB_PACKET_MAX)
        return wrong(gdb, "a request of more than %d bytes", GDB_PACKET_MAX);
    int length = snprintf(packet, sizeof packet, "$%s#%02x", text, sum_of(text, size));
    int64_t end_ms = clock_ms() + gdb->patience_ms;
    for (unsigned tries = 0; tries < GDB_TRIES; tries++) {
        if (!put(gdb, packet, (size_t)length))
            return false;
        int heard = acknowledged(gdb, end_ms);
        if (heard != 0)
            return heard > 0;
    }
    return wrong(gdb, "the debug port does not take a request: %.40s", text);
}

/* A request and its answer, in gdb->packet. */
static bool ask(struct gdb *gdb, const char *text)
{
    if (!packet_send(gdb, text) || !packet_receive(gdb, clock_ms() + gdb->patience_ms))
        return false;
    if (gdb->packet[0] == '\0')
        return wrong(gdb, "the debug port does not know the request %.40s", text);
    if (gdb->packet[0] == 'E' && strlen(gdb->packet) == 3)
        return wrong(gdb, "the debug port refuses the request %.40s: error %s", text, gdb->packet + 1);
    return true;
}

static bool order(struct gdb *gdb, const char *text)
{
    return ask(gdb, text) &&
           (strcmp(gdb->packet, "OK") == 0 || wrong(gdb, "an answer that is not OK: %.40s", gdb->packet));
}

static bool stop_read(struct gdb *gdb, struct gdb_stop *stop)
{
    const char *text = gdb->packet;
    int signal = text[0] == 'T' || text[0] == 'S' ? hex_byte(text + 1) : -1;
    if (signal < 0)
        return wrong(gdb, "not why the core stands: %.40s", text);
    *stop = (struct gdb_stop){ .signal = (uint8_t)signal };
    static const char *const kinds[] = { ";watch:", ";rwatch:", ";awatch:" };
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *found = strstr(text, kinds[i]);
        if (found == NULL)
            continue;
        stop->watch = true;
        stop->address = (uint32_t)strtoul(found + strlen(kinds[i]), NULL, 16);
    }
    return true;
}

bool gdb_open(struct gdb *gdb, int fd)
{
    memset(gdb, 0, sizeof *gdb);
    gdb->fd = fd;
    gdb->patience_ms = GDB_PATIENCE_MS;
    struct gdb_stop stop;
    if (!put(gdb, "+", 1) || !packet_send(gdb, "qSupported:swbreak-"))
        return false;
    /* A stub that stops the core for a newcomer tells that too, unasked and before its answer. */
    do {
        if (!packet_receive(gdb, clock_ms() + gdb->patience_ms))
            return false;
    } while (gdb->packet[0] == 'T' || gdb->packet[0] == 'S');
    /* QEMU gives single registers only to those who have asked what registers there are. */
    return ask(gdb, "?") && stop_read(gdb, &stop) && ask(gdb, "qXfer:features:read:target.xml:0,400");
}

bool gdb_connect(struct gdb *gdb, const char *path)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    memset(gdb, 0, sizeof *gdb);
    gdb->fd = -1;
    if (strlen(path) >= sizeof name.sun_path)
        return wrong(gdb, "the name of a socket has at most %zu characters: %.40s...", sizeof name.sun_path - 1, path);
    strcpy(name.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&name, sizeof name) == 0)
        return gdb_open(gdb, fd);
    int why = errno;
    if (fd >= 0)
        close(fd);
    return wrong(gdb, "no debug port at %s: %s", path, strerror(why));
}

void gdb_close(struct gdb *gdb)
{
    if (gdb->fd >= 0)
        close(gdb->fd);
    gdb->fd = -1;
}

/* Four bytes, lowest first. */
static bool word_read(struct gdb *gdb, const char *text, uint32_t *value)
{
    uint32_t word = 0;
    for (unsigned i = 0; i < 4; i++) {
        int byte = hex_byte(text + 2 * i);
        if (byte < 0)
            return wrong(gdb, "not a register: %.40s", gdb->packet);
        word |= (uint32_t)byte << 8 * i;
    }
    *value = word;
    return true;
}

bool gdb_register_read(struct gdb *gdb, unsigned number, uint32_t *value)
{
    char text[16];
    snprintf(text, sizeof text, "p%x", number);
    return ask(gdb, text) && word_read(gdb, gdb->packet, value);
}

bool gdb_register_write(struct gdb *gdb, unsigned number, uint32_t value)
{
    char text[32];
    snprintf(text, sizeof text, "P%x=%02x%02x%02x%02x", number, value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF,
             value >> 24);
    return order(gdb, text);
}

bool gdb_registers_read(struct gdb *gdb, uint32_t value[16])
{
    uint32_t read[16];
    if (!ask(gdb, "g"))
        return false;
    if (strlen(gdb->packet) < 16 * 8)
        return wrong(gdb, "fewer registers than 16: %.40s", gdb->packet);
    for (unsigned i = 0; i < 16; i++)
        if (!word_read(gdb, gdb->packet + (size_t)8 * i, &read[i]))
            return false;
    memcpy(value, read, sizeof read);
    return true;
}

bool gdb_memory_read(struct gdb *gdb, uint32_t address, uint8_t *bytes, size_t size)
{
    char text[32];
    if (size > GDB_MEMORY_MAX)
        return wrong(gdb, "more than %d bytes at once", GDB_MEMORY_MAX);
    snprintf(text, sizeof text, "m%x,%zx", address, size);
    if (!ask(gdb, text))
        return false;
    if (strlen(gdb->packet) != 2 * size)
        return wrong(gdb, "%zu bytes of memory were asked for, not these: %.40s", size, gdb->packet);
    for (size_t i = 0; i < size; i++) {
        int byte = hex_byte(gdb->packet + 2 * i);
        if (byte < 0)
            return wrong(gdb, "not memory: %.40s", gdb->packet);
        bytes[i] = (uint8_t)byte;
    }
    return true;
}

bool gdb_memory_write(struct gdb *gdb, uint32_t address, const uint8_t *bytes, size_t size)
{
    char text[32 + 2 * GDB_MEMORY_MAX];
    if (size > GDB_MEMORY_MAX)
        return wrong(gdb, "more than %d bytes at once", GDB_MEMORY_MAX);
    int length = snprintf(text, sizeof text, "M%x,%zx:", address, size);
    for (size_t i = 0; i < size; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%02x", bytes[i]);
    return order(gdb, text);
}

static bool point(struct gdb *gdb, char what, enum gdb_point kind, uint32_t address, uint32_t size)
{
    char text[48];
    snprintf(text, sizeof text, "%c%d,%x,%x", what, (int)kind, address, size);
    return order(gdb, text);
}

bool gdb_point_set(struct gdb *gdb, enum gdb_point kind, uint32_t address, uint32_t size)
{
    return point(gdb, 'Z', kind, address, size);
}

bool gdb_point_clear(struct gdb *gdb, enum gdb_point kind, uint32_t address, uint32_t size)
{
    return point(gdb, 'z', kind, address, size);
}

bool gdb_go(struct gdb *gdb)
{
    return packet_send(gdb, "c");
}

/* What the stub has told unasked, as when somebody else has stopped the core, must be acknowledged first: till then it hears
 * nothing else. */
bool gdb_interrupt(struct gdb *gdb)
{
    struct pollfd ready = { .fd = gdb->fd, .events = POLLIN };
    while (memchr(gdb->in, '$', gdb->held) != NULL || poll(&ready, 1, 0) > 0)
        if (packet_take(gdb) != 0 ? !put(gdb, "+", 1) : !more(gdb, clock_ms() + gdb->patience_ms))
            return false;
    return put(gdb, "\x03", 1);
}

bool gdb_wait(struct gdb *gdb, int milliseconds, struct gdb_stop *stop)
{
    return packet_receive(gdb, clock_ms() + milliseconds) && stop_read(gdb, stop);
}

bool gdb_step(struct gdb *gdb)
{
    struct gdb_stop stop;
    return packet_send(gdb, "s") && gdb_wait(gdb, gdb->patience_ms, &stop);
}

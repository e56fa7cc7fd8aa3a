/* busline.c - the frames of the board bus, read strictly. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/busline.h"

#include <string.h>

#include "core/command.h"

enum { ANY = -1 };

static const struct known {
    uint8_t number;
    int size; /* of the body; ANY: see below */
    const char *word;
} requests[] = {
#define BUS_REQUEST(name, number, body, result, meaning) { number, (int)(body), #name },
#include "board/bus.def"
#undef BUS_REQUEST
};

static const struct known *find(uint8_t number)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
        if (requests[i].number == number)
            return &requests[i];
    return NULL;
}

const char *busline_request_word(uint8_t number)
{
    const struct known *known = find(number);
    return known != NULL ? known->word : NULL;
}

const char *busline_fault_text(enum busline_fault fault)
{
    static const char *const texts[] = {
        [BUSLINE_SOUND] = "sound",
        [BUSLINE_NO_SYNC] = "a byte that begins no request",
        [BUSLINE_UNKNOWN] = "no such request",
        [BUSLINE_SIZE] = "a body of another size",
        [BUSLINE_SEQUENCE] = "another sequence than the next",
        [BUSLINE_CHECK] = "a wrong check value",
    };
    return texts[fault];
}

void busline_start(struct busline *line)
{
    *line = (struct busline){ .hunting = true };
}

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

enum { AT_NUMBER = 2, AT_SEQUENCE = 3, AT_SIZE = 4 };

static size_t whole(const struct busline *line)
{
    return BUS_HEAD_BYTES + word_at(line->bytes + AT_SIZE) + (size_t)BUS_CHECK_BYTES;
}

size_t busline_wants(const struct busline *line)
{
    if (line->have < BUS_HEAD_BYTES)
        return (size_t)BUS_HEAD_BYTES + BUS_CHECK_BYTES - line->have; /* the shortest has no body */
    return whole(line) - line->have;
}

/* What can be said of the first `have` bytes. */
static enum busline_fault judge(const struct busline *line)
{
    const uint8_t *bytes = line->bytes;
    if (line->have >= 1 && bytes[0] != BUS_SYNC_1)
        return BUSLINE_NO_SYNC;
    if (line->have >= 2 && bytes[1] != BUS_SYNC_2)
        return BUSLINE_NO_SYNC;
    if (line->have < BUS_HEAD_BYTES)
        return BUSLINE_SOUND;
    const struct known *known = find(bytes[AT_NUMBER]);
    if (known == NULL)
        return BUSLINE_UNKNOWN;
    int size = known->size == ANY ? (int)sizeof(struct receipt) : known->size;
    if (word_at(bytes + AT_SIZE) != size)
        return BUSLINE_SIZE;
    if (bytes[AT_SEQUENCE] != (bytes[AT_NUMBER] == BUS_HELLO ? 0 : line->sequence)) /* a start begins with 0 */
        return BUSLINE_SEQUENCE;
    if (line->have < whole(line))
        return BUSLINE_SOUND;
    size_t checked = whole(line) - BUS_CHECK_BYTES;
    uint16_t check = bus_check(0xFFFF, bytes + AT_NUMBER, checked - AT_NUMBER);
    return word_at(bytes + checked) == check ? BUSLINE_SOUND : BUSLINE_CHECK;
}

static enum busline_news hunt(struct busline *line, enum busline_fault fault)
{
    uint8_t last = line->bytes[line->have - 1];
    if (fault == BUSLINE_SOUND && (line->have < BUS_HEAD_BYTES || line->bytes[AT_NUMBER] == BUS_HELLO))
        return line->have >= BUS_HEAD_BYTES && line->have == whole(line) ? BUSLINE_REQUEST : BUSLINE_MORE;
    line->bytes[0] = last;
    line->have = last == BUS_SYNC_1 ? 1 : 0;
    return BUSLINE_MORE;
}

enum busline_news busline_take(struct busline *line, uint8_t byte, struct busline_request *request,
                               enum busline_fault *fault)
{
    line->bytes[line->have++] = byte;
    *fault = judge(line);
    enum busline_news news = line->hunting                                               ? hunt(line, *fault)
                             : *fault != BUSLINE_SOUND                                   ? BUSLINE_MALFORMED
                             : line->have >= BUS_HEAD_BYTES && line->have == whole(line) ? BUSLINE_REQUEST
                                                                                         : BUSLINE_MORE;
    if (news == BUSLINE_MORE)
        return news;
    bool headed = line->have >= BUS_HEAD_BYTES;
    *request = (struct busline_request){ .number = headed ? line->bytes[AT_NUMBER] : 0,
                                         .sequence = headed ? line->bytes[AT_SEQUENCE] : 0,
                                         .size = headed ? word_at(line->bytes + AT_SIZE) : 0,
                                         .body = line->bytes + BUS_HEAD_BYTES };
    line->sequence = (uint8_t)(request->sequence + 1);
    line->hunting = news == BUSLINE_MALFORMED;
    line->have = 0;
    return news;
}

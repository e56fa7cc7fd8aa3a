/* capture.c - libpcap's classic file format, little-endian, microseconds, link type USER0. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/capture.h"

#include <inttypes.h>

#include "core/bytes.h"

enum {
    PCAP_HEAD_BYTES = 24,
    PCAP_RECORD_BYTES = 16,
    PCAP_LINK_USER0 = 147,            /* for private use: tcpdump.org's list of link types */
    WAY_BYTES = 1,
    PCAP_PACKET_MAX = WAY_BYTES + RADIO_FRAME_MAX
};

#define PCAP_MAGIC UINT32_C(0xA1B2C3D4)

void capture_begin(FILE *stream)
{
    uint8_t bytes[PCAP_HEAD_BYTES];
    struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
    byte_write(&writer, PCAP_MAGIC, 4);
    byte_write(&writer, 2, 2); /* version 2.4 */
    byte_write(&writer, 4, 2);
    byte_write(&writer, 0, 4); /* time zone and accuracy: always zero */
    byte_write(&writer, 0, 4);
    byte_write(&writer, PCAP_PACKET_MAX, 4);
    byte_write(&writer, PCAP_LINK_USER0, 4);
    fwrite(bytes, 1, writer.written, stream);
}

bool capture_frame(FILE *stream, instant_ms at, enum capture_way way, const uint8_t *frame, size_t size)
{
    if (size == 0 || size > RADIO_FRAME_MAX)
        return false;
    uint8_t bytes[PCAP_RECORD_BYTES + PCAP_PACKET_MAX];
    struct byte_writer writer = { .at = bytes, .left = sizeof bytes };
    byte_write(&writer, (uint64_t)(at.ms / 1000), 4);
    byte_write(&writer, (uint64_t)(at.ms % 1000 * 1000), 4);
    byte_write(&writer, WAY_BYTES + size, 4); /* kept, and as it was: all of it */
    byte_write(&writer, WAY_BYTES + size, 4);
    byte_write(&writer, way, 1);
    byte_write_block(&writer, frame, size);
    fwrite(bytes, 1, writer.written, stream);
    return true;
}

enum capture_way capture_heard(uint8_t reach)
{
    return reach == REACH_NEAR ? CAPTURE_TO_PUMP_NEAR : CAPTURE_TO_PUMP_FAR;
}

void capture_keys_begin(FILE *stream)
{
    fputs("# Keys of simulated sessions, for tools/wireshark: whoever has them reads and forges those sessions.\n", stream);
}

static void key_write(FILE *stream, const char *who, const uint8_t key[KEY_BYTES])
{
    fprintf(stream, " %s ", who);
    for (unsigned i = 0; i < KEY_BYTES; i++)
        fprintf(stream, "%02x", key[i]);
}

bool capture_keys(FILE *stream, const struct session *programmers)
{
    if (programmers->id == 0 || programmers->out.rekeys != 0 || programmers->in.rekeys != 0)
        return false;
    fprintf(stream, "session %08" PRIx32, programmers->id);
    key_write(stream, "programmer", programmers->out.key);
    key_write(stream, "pump", programmers->in.key);
    fputc('\n', stream);
    return true;
}

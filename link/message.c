// SPDX-License-Identifier: Apache-2.0
#include "link/message.h"

#include <pb_decode.h>
#include <pb_encode.h>

static size_t message_write(const pb_msgdesc_t *fields, const void *message, uint8_t bytes[PACKET_PLAIN_MAX])
{
    pb_ostream_t stream = pb_ostream_from_buffer(bytes, PACKET_PLAIN_MAX);
    return pb_encode(&stream, fields, message) ? stream.bytes_written : 0;
}

size_t message_write_request(const cisterna_Request *request, uint8_t bytes[PACKET_PLAIN_MAX])
{
    return message_write(cisterna_Request_fields, request, bytes);
}

size_t message_write_reply(const cisterna_Reply *reply, uint8_t bytes[PACKET_PLAIN_MAX])
{
    return message_write(cisterna_Reply_fields, reply, bytes);
}

bool message_read_request(const uint8_t *bytes, size_t size, cisterna_Request *request)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);
    *request = (cisterna_Request)cisterna_Request_init_zero;
    return pb_decode(&stream, cisterna_Request_fields, request);
}

bool message_read_reply(const uint8_t *bytes, size_t size, cisterna_Reply *reply)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);
    *reply = (cisterna_Reply)cisterna_Reply_init_zero;
    return pb_decode(&stream, cisterna_Reply_fields, reply);
}

bool message_fits(const cisterna_Reply *reply)
{
    size_t size = 0;
    return pb_get_encoded_size(&size, cisterna_Reply_fields, reply) && size <= PACKET_PLAIN_MAX;
}

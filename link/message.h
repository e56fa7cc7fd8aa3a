/* message.h - requests and replies as the bytes that a session seals: protobuf, by nanopb, in the caller's memory.
 * REQ-LINK-10, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_MESSAGE_H
#define LINK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link/cisterna.pb.h"
#include "link/packet.h"

/* The length written; 0 when the message is longer than PACKET_PLAIN_MAX. */
size_t message_write_request(const cisterna_Request *request, uint8_t bytes[PACKET_PLAIN_MAX]);
size_t message_write_reply(const cisterna_Reply *reply, uint8_t bytes[PACKET_PLAIN_MAX]);
/* False for bytes that are no such message; what was read of it is not to be relied on then. */
bool message_read_request(const uint8_t *bytes, size_t size, cisterna_Request *request);
bool message_read_reply(const uint8_t *bytes, size_t size, cisterna_Reply *reply);
/* Does it fit PACKET_PLAIN_MAX? */
bool message_fits(const cisterna_Reply *reply);

#endif

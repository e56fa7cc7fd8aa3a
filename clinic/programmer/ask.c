/* ask.c - requests and replies of a session. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/ask.h"

#include "clinic/programmer/talk.h"
#include "link/message.h"
#include "link/permit.h"

/* The reply that an Interrogate asks for; 0 when there is none. */
static pb_size_t tell_of_topic(uint32_t topic)
{
    static const pb_size_t tells[] = {
        [QUERY_STATUS] = cisterna_Reply_status_tag,
        [QUERY_LEDGER] = cisterna_Reply_ledger_tag,
        [QUERY_ALARMS] = cisterna_Reply_alarms_tag,
        [QUERY_SENSORS] = cisterna_Reply_sensors_tag,
        [QUERY_ENERGY] = cisterna_Reply_energy_tag,
        [QUERY_CAPABILITY] = cisterna_Reply_capability_tag,
        [QUERY_PEERS] = cisterna_Reply_peers_tag,
        [QUERY_CONTENTS] = cisterna_Reply_contents_tag,
        [QUERY_UPDATE] = cisterna_Reply_update_tag,
    };
    return topic < sizeof tells / sizeof *tells ? tells[topic] : 0;
}

static pb_size_t tell_of(const cisterna_Request *request)
{
    switch (request->which_ask) {
    case cisterna_Request_interrogate_tag:
        return tell_of_topic(request->ask.interrogate.topic);
    case cisterna_Request_read_therapy_tag:
        return cisterna_Reply_therapy_tag;
    case cisterna_Request_read_log_tag:
        return cisterna_Reply_log_tag;
    case cisterna_Request_read_receipt_tag:
    case cisterna_Request_command_tag:
        return cisterna_Reply_receipt_tag;
    case cisterna_Request_close_tag:
        return cisterna_Reply_closed_tag;
    default:
        return 0;
    }
}

static size_t request_write(const cisterna_Request *request, uint8_t plain[PACKET_PLAIN_MAX])
{
    return tell_of(request) != 0 ? message_write_request(request, plain) : 0;
}

/* Is it the reply to this request? What cannot be read is nobody's. */
static bool reply_read(struct programmer *programmer, const struct packet *packet, uint32_t number, cisterna_Reply *reply)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    size_t size = session_open(&programmer->session, packet, plain);
    cisterna_Reply read;
    if (size == 0 || !message_read_reply(plain, size, &read) || read.request != number)
        return false;
    *reply = read;
    return true;
}

/* What a reply says of the request it answers. */
static enum contact reply_judge(const cisterna_Request *request, const cisterna_Reply *reply)
{
    if (reply->refusal != 0)
        return CONTACT_REFUSED;
    return reply->which_tell == tell_of(request) ? CONTACT_OK : CONTACT_VERSION;
}

bool ask_fits(const struct programmer *programmer, const cisterna_Request *request)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    cisterna_Request next = *request;
    next.request = programmer->request + 1;
    return request_write(&next, plain) > 0;
}

enum contact ask_repeat(struct programmer *programmer, const struct air *air, cisterna_Request *request, unsigned tries,
                        cisterna_Reply *reply)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    if (programmer->session.id == 0)
        return CONTACT_SILENCE;
    request->request = programmer->request + 1;
    size_t size = request_write(request, plain);
    if (size == 0)
        return CONTACT_MALFORMED;
    programmer->request++;
    for (unsigned i = 0; i < tries; i++) {
        struct packet packet;
        unsigned heard = 0;
        if (!session_seal(&programmer->session, plain, size, &packet) || !talk_send(programmer, air, &packet, i > 0))
            return CONTACT_SILENCE;
        while (talk_hear(programmer, air, &heard, &packet))
            if (reply_read(programmer, &packet, request->request, reply))
                return reply_judge(request, reply);
    }
    return CONTACT_SILENCE;
}

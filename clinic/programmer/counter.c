/* counter.c - the counter of knocks: kept before it is used, never taken back. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/programmer/counter.h"

bool counter_next(struct programmer *programmer, const struct air *air)
{
    if (programmer->key.counter == UINT64_MAX)
        return false;
    programmer->key.counter++;
    if (air->keep(air->context, &programmer->key))
        return true;
    programmer->key.counter--;
    return false;
}

bool counter_told(struct programmer *programmer, const struct packet *packet, const uint8_t gate_key[KEY_BYTES], uint8_t slot,
                  const uint8_t tag[TAG_BYTES])
{
    uint8_t expected[TAG_BYTES];
    if (packet->kind != PACKET_COUNTER || packet->slot != slot)
        return false;
    gate_tag(gate_key, GATE_COUNTER, programmer->key.pump_id, slot, packet->counter, tag, TAG_BYTES, expected);
    if (!cipher_same(expected, packet->tag, TAG_BYTES))
        return false;
    if (packet->counter > programmer->key.counter)
        programmer->key.counter = packet->counter;
    return true;
}

/* insider.h - somebody who has the card of the implant and keys of its own, and uses both as the input says: makes the packets of
 * link/SPEC.md one by one and takes what the pump answers. Written on link/ alone, apart from clinic/programmer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_INSIDER_H
#define FUZZ_INSIDER_H

#include "link/noise.h"
#include "link/session.h"

enum { LABEL_BYTES = 16 };

/* What everybody with the card knows of the pump, and its public key. */
struct implant {
    uint8_t id[PUMP_ID_BYTES], key[KEY_BYTES];
    uint8_t gate_key[KEY_BYTES], psk[KEY_BYTES]; /* of the pairing slot */
};

struct insider {
    uint64_t chance; /* where its ephemeral keys come from */
    uint8_t secret[KEY_BYTES], key[KEY_BYTES];
    /* since its last pairing */
    uint8_t slot; /* 0: none was told */
    uint8_t gate_key[KEY_BYTES];
    uint64_t counter, command_id;
    /* a knock, and the session that came of one */
    struct noise knocking;
    struct packet knock;
    struct session session;
    uint8_t session_slot;
    uint32_t request;
    /* a pairing under way */
    struct noise pairing;
    bool offered; /* PAIR_2 has come */
    uint8_t paired_key[KEY_BYTES], paired_gate[KEY_BYTES];
    uint8_t plain[PACKET_PLAIN_MAX]; /* what it sent last inside a session */
    uint16_t size;
};

enum heard { HEARD_NOTHING, HEARD_ANSWER, HEARD_COUNTER, HEARD_OFFER, HEARD_PAIRED, HEARD_REPLY };

void insider_start(struct insider *insider, uint8_t number);
/* KNOCK of a slot (its own, or another's with whatever gate key it knows) with this counter. */
void insider_knock(struct insider *insider, const struct implant *implant, uint8_t slot, const uint8_t gate_key[KEY_BYTES],
                   uint64_t counter, struct packet *knock);
/* PAIR_1, and PAIR_3 once PAIR_2 came: false before. */
void insider_pair(struct insider *insider, const struct implant *implant, uint64_t counter, struct packet *first);
bool insider_claim(struct insider *insider, uint8_t role, const char label[LABEL_BYTES], struct packet *third);
/* DATA with this in it; false without a session. */
bool insider_ask(struct insider *insider, const uint8_t *plain, size_t size, struct packet *packet);
/* Frames that never reach the pump: the nonces go on. */
void insider_lose(struct insider *insider, unsigned frames);
/* What the pump says: the insider goes on from there. A reply's bytes, or outcome and slot of a pairing, go into `plain`. */
enum heard insider_hear(struct insider *insider, const struct implant *implant, const struct packet *packet,
                        uint8_t plain[PACKET_PLAIN_MAX], size_t *size);

#endif

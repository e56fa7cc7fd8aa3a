/* scene.h - a pump, the insiders around it, everything that was sent, and what the judge knows of it all. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_SCENE_H
#define FUZZ_SCENE_H

#include "fuzz/account.h"
#include "fuzz/booth.h"
#include "fuzz/insider.h"
#include "link/cisterna.pb.h"

enum { INSIDERS = 5, AUTHORED_MAX = 192 };

/* A frame that an insider made. Whatever else comes, or comes with one bit turned over, is a stranger's. */
struct authored {
    uint16_t size;
    uint8_t frame[FRAME_BYTES_MAX];
    uint8_t kind; /* enum packet_kind */
    uint8_t who;  /* which insider */
    uint8_t slot;
    uint64_t counter;
    uint8_t gate_key[KEY_BYTES]; /* KNOCK: the one its tag was made with */
    uint32_t session, nonce;
    uint8_t role; /* PAIR_3: what it wishes to be */
    char label[LABEL_BYTES];
    bool readable; /* DATA: holds a request */
    cisterna_Request request;
    bool taken; /* its one effect was had: a session, an enrolment, or what was asked */
};

struct book {
    unsigned count;
    struct authored authored[AUTHORED_MAX];
};

/* Who is paired, as the judge knows it from what was sent and answered. */
struct enrolled {
    uint8_t who; /* 1 + which insider; 0: the slot is free */
    uint8_t role;
    char label[LABEL_BYTES];
    uint8_t gate_key[KEY_BYTES];
    uint64_t counter;    /* the highest that was taken */
    uint64_t command_id; /* the highest that was carried out or refused for what it asked */
};

struct scene {
    struct booth booth; /* first, as it has the stand first */
    struct implant implant;
    struct insider insider[INSIDERS];
    uint64_t card_counter; /* of the last PAIR_1 made */
    struct enrolled roster[PEER_SLOTS + 1];
    uint64_t pair_counter; /* the highest that was taken */
    uint8_t token[TOKEN_BYTES];        /* of the therapy in force; zeros: none */
    int64_t window_ms;                 /* when the emergency's window was opened; -1: it is not */
    bool replied;                      /* to the last frame sent, inside a session, with this: */
    cisterna_Reply reply;
    struct account account;
    struct book *book;
};

/* One of two beginnings. START_NEW: an empty pump that knows nobody. Any other: a pump at home, its therapy running, whose
 * programmers 0 to 3 (clinician, patient, reader, service) are paired in slots 1 to 4; number 4 is not. */
enum { STARTS = 4, START_NEW = 3 };
void scene_begin(struct scene *scene, struct book *book, uint8_t start);

/* A packet of an insider, written down and sent. Members of `as` that its kind needs are filled in by the caller. */
void scene_author(struct scene *scene, const struct packet *packet, const struct authored *as);
/* Any bytes, whoever made them. The pump hears them, the judge judges, insiders take the answer, the pump steps. */
void scene_send(struct scene *scene, const uint8_t *frame, size_t size);
void scene_pass(struct scene *scene, int64_t ms);
void scene_reset(struct scene *scene, uint8_t cause);

static inline struct pump *scene_pump(struct scene *scene)
{
    return &scene->booth.stand.pump;
}

#endif

/* judge.h - what must hold of every frame and at every rest, whoever sent what: the promises of link/SPEC.md, written apart from
 * pump/. REQ-LINK-10, -12, REQ-SECU-01, -03, -04, -08, -13, HZ-42, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "fuzz/scene.h"
#include "pump/standing.h"

/* The pump as it was before a frame. */
struct before {
    struct pump pump;
    struct kept kept;
    int64_t quanta;
};

/* Whose sessions share a place; those of the clinic must be held to the skin to be opened. */
static inline enum line_kind judge_line(uint8_t role)
{
    return role == ROLE_CLINICIAN || role == ROLE_SERVICE ? LINE_CLINIC : role == ROLE_PATIENT ? LINE_PATIENT : LINE_READER;
}

void judge_before(struct scene *scene, struct before *before);
/* A frame was heard: `by` wrote it, or nobody who has a key. `packet` is what it holds, null where it is none;
 * `answer` what came back, of kind 0 where the pump was silent. */
void judge_frame(struct scene *scene, const struct before *before, struct authored *by, const struct packet *packet,
                 const struct packet *answer);
/* In fuzz/rest.c. Nothing is under way: what is remembered agrees with itself, and with what the judge knows. */
void judge_rest(struct scene *scene);
/* Does this tell nothing that must not be told? */
void judge_told(const struct scene *scene, const uint8_t *bytes, size_t size);

/* In fuzz/effect.c: what the request in an authentic frame may change, and what follows from its answer. */
void effect_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer);
/* Nothing of the therapy, its staging, the peers, clock, contents, alarms or head has changed. */
bool effect_none(struct scene *scene, const struct before *before);
/* What an emergency's lowering may change, and no more. */
void effect_lowered(struct scene *scene, const struct before *before);

#endif

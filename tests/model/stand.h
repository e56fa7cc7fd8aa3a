/* stand.h - a test stand: one pump and one twin with a witness at the motor's door. Written beside rig/ so that what is checked
 * about the pump does not pass through the rig's own loop. Forked by assignment; a fork has no witness. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_MODEL_STAND_H
#define TESTS_MODEL_STAND_H

#include "pump/pump.h"
#include "twin/hardware/hardware.h"

/* Told of every quantum commanded, at its instant. */
typedef void stand_witness(void *self, instant_ms at);

struct stand {
    struct twin twin; /* first: what the doors are handed is a pointer to it, and so to the stand */
    struct pump pump;
    struct pump_unit unit;
    instant_ms now, wake;
    uint64_t next_id;
    vol_nl dead; /* tubing and catheter, in truth */
    struct board_doors doors;
    void (*true_key)(void *hardware, uint32_t key);
    void (*dress)(struct board_doors *doors); /* where not null: puts a test's own doors in the place of the twin's */
    uint8_t cause; /* of the next start; 0 stands for BOOT_POWER */
    stand_witness *witness;
    void *witness_self;
};

/* A new pump, nothing in it but saline in the dead volume. Catheter of this length. */
void stand_start(struct stand *stand, const struct model *model, int32_t ppm, int32_t catheter_mm, uint64_t seed);
/* The board of this stand, with the witness in the door. Good until the stand is moved. */
struct board stand_board(struct stand *stand);
/* Up to and including `until`. */
void stand_run(struct stand *stand, int64_t until_ms);
/* One command; id and head are filled in. The pump steps afterwards. */
struct receipt stand_tell(struct stand *stand, enum role role, struct command command);
/* Stages a therapy whole; dies with a message when the pump does not take the bytes. */
void stand_stage(struct stand *stand, const struct therapy *therapy, uint8_t token[TOKEN_BYTES]);
struct receipt stand_activate(struct stand *stand, const struct therapy *therapy, bool retitrated);
/* Empties the reservoir and fills it, told truthfully; with a therapy, it comes into force in the same step. */
struct receipt stand_refill(struct stand *stand, const struct mixture *mixture, vol_nl volume, const struct therapy *activate);
/* Adds a volume of the same on top of what is left. */
struct receipt stand_top_up(struct stand *stand, const struct mixture *mixture, vol_nl volume);
/* Power is cut and comes back at once; retained memory is kept as it is. */
void stand_reset(struct stand *stand);
struct pump_status stand_status(struct stand *stand);

#endif

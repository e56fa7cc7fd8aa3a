/* updating.h - a running pump, and a service that gives its software another image. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_PUMP_UPDATING_H
#define TESTS_PUMP_UPDATING_H

#include "pump/trial.h"
#include "pump/update.h"
#include "rig/rig.h"
#include "tests/core/check.h"
#include "tests/pump/signer.h"

enum { UPDATING_FACTORY = 3 }; /* version of the image that the factory wrote */

extern struct signer updating_signer; /* whose key the pump holds */

/* A C20 with morphine 1 mg/mL, running at this flow since instant 0; patient boluses of 10 uL at 1 uL a minute are
 * allowed where the flow leaves room for them. */
void updating_start(struct rig *rig, int32_t nl_day);
/* The therapy of that pump, to be changed and activated. */
struct therapy updating_therapy(const struct rig *rig, int32_t nl_day);

struct receipt updating_give(struct rig *rig, enum role role, struct command command);
/* A command without payload, by the service. */
struct receipt updating_do(struct rig *rig, enum command_kind kind);
struct receipt updating_begin(struct rig *rig, const struct build *build);
/* One chunk as it stands in the image; `size` at most 192. */
struct receipt updating_chunk(struct rig *rig, const struct build *build, uint32_t offset, uint32_t size);
/* All that the pump has not yet, in chunks of 192 bytes, waiting where it asks for that. The last receipt. */
struct receipt updating_send(struct rig *rig, const struct build *build);
/* Begin, send, seal: all must be applied. */
void updating_install(struct rig *rig, const struct build *build);
/* And apply, and let the core start again. */
void updating_apply(struct rig *rig);

struct update_status updating_status(const struct rig *rig);
/* The content of a slot as it stands in the flash, by the regions of pump/SPEC.md. */
uint8_t *updating_content(struct rig *rig, unsigned slot);
/* Events of this code in the flash, and the last of them. */
unsigned updating_events(struct rig *rig, uint16_t code, struct event *last);
void updating_pass(struct rig *rig, int64_t ms);

#endif

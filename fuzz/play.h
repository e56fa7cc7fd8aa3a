/* play.h - what one step of a program does to a scene. */
// SPDX-License-Identifier: Apache-2.0
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include "fuzz/scene.h"
#include "fuzz/step.h"

void play_step(struct scene *scene, enum step step, struct tape *bytes);
/* What is held to the skin. Bits: 1 devices are far, 2 a magnet, 4 a scanner's field. */
void play_hand(struct scene *scene, uint8_t bits);

#endif

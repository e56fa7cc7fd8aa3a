/* fake_answer.h - what the fake pump answers to one packet. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_FAKE_ANSWER_H
#define TESTS_CLINIC_FAKE_ANSWER_H

#include "tests/clinic/fake_pump.h"

/* False when it keeps silent. */
bool fake_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer);

#endif

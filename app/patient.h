/* patient.h - `cisterna patient`: the patient's controller, a page with one button. docs/patient.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENT_H
#define APP_PATIENT_H

/* words[0] is "patient". Runs until SIGTERM or SIGINT. Returns the exit code. */
int patient_main(int count, char **words);

#endif

/* doctor.h - `cisterna doctor`: what is missing on this machine, and the command that mends it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

/* Looks for every program and library that running, testing, proving and building for the chip need, and prints each
 * as ok or missing, with the command that installs it; with --json as one JSON object. argv[0] is the word "doctor".
 * Returns 0 when all is there, 1 when something is missing, 2 on wrong usage. Changes nothing. */
int doctor_main(int argc, char **argv);

#endif

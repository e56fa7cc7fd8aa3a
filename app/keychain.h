/* keychain.h - the file of keys on the command line: where it is, its passphrase, waiting for whoever has it, and what is said
 * when it cannot be used. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_KEYCHAIN_H
#define APP_KEYCHAIN_H

#include "app/desk.h"
#include "clinic/programmer/keystore.h"

/* Longer than one who talks to a silent pump holds the keys with the patience that is usual: guess. */
enum { KEYCHAIN_WAIT_MS = 20000, KEYCHAIN_EVERY_MS = 20 };

/* Opens the file that the command line names (a missing one is begun with `create`). EXIT_DONE, or a message and an exit code. */
int keychain_open(const struct desk *desk, bool create, struct keystore *store);
/* Takes again what was left to others; the same. */
int keychain_take(const struct desk *desk, struct keystore *store);
/* Waits a little for whoever has the keys; false when `waited_ms`, 0 at first, says that it was long enough. */
bool keychain_wait(unsigned *waited_ms);
/* The serial of a key's pump as a text. */
void keychain_serial(const struct key *key, char text[PUMP_ID_BYTES + 1]);

#endif

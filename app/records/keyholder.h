/* keyholder.h - key files: 64 hexadecimal digits that open the records, readable by their owner alone. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_KEYHOLDER_H
#define APP_RECORDS_KEYHOLDER_H

#include "app/records/clerk.h"
#include "clinic/records/users.h"

/* EXIT_DONE, or a message and an exit code: EXIT_REFUSED when others can read the file. */
int keyholder_read(const struct clerk *clerk, const char *name, uint8_t key[USER_KEY_FILE_BYTES]);
/* A new one, of chance, on the disk when this returns; never over a file that is there. */
int keyholder_make(const struct clerk *clerk, const char *name, uint8_t key[USER_KEY_FILE_BYTES]);
void keyholder_forget(uint8_t key[USER_KEY_FILE_BYTES]);

#endif

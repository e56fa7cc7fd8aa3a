/* clinicdoor.h - pumps of a folder of radios, and the keys to them, lent to the server: one conversation at a time with each
 * pump. The file of keys is opened once (Argon2 once) and left to others; it is taken for as long as a key is looked up or kept,
 * never for a conversation. So a `cisterna stop` with the same file waits for no pump that another is talking to.
 *
 * That is safe because a key is kept before what depends on it is sent, and is kept only while it stands in the file as this
 * side left it: where somebody else has used it meanwhile nothing more goes out (CONTACT_KEEP_FAILED), and that one's session
 * has ended ours at the pump. REQ-LINK-02, REQ-SECU-03, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CLINICDOOR_H
#define APP_CLINICDOOR_H

#include "app/clinic.h"
#include "clinic/server/door.h"

struct clinicdoor;

/* Opens the keys. EXIT_DONE, or a message and an exit code. */
int clinicdoor_open(const struct clinic_ask *ask, struct clinicdoor **door);
/* The same as the server wants it. Each conversation ends in the thread it began in. */
struct door clinicdoor_of(struct clinicdoor *door);
/* Once nobody talks any more. */
void clinicdoor_close(struct clinicdoor *door);

#endif

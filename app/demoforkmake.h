/* demoforkmake.h - how a further pump of the demo comes to be: by what its clinician does over the radio. In a process of its
 * own; the file fork.json in its folder, written last, says that all is done. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMOFORKMAKE_H
#define APP_DEMOFORKMAKE_H

enum { FORK_NOTE_BYTES = 256 };

/* words: its name, folder of the demo, serial of the pump whose moment it was, name of the moment, the new serial, serial of the
 * very first pump, and the how manieth of that one's patient this is. Returns an exit code. */
int demoforkmake_main(int count, char **words);

#endif

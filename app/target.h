/* target.h - what runs the pump's software: this program, or an emulated chip with an image of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_TARGET_H
#define APP_TARGET_H

#include <stdbool.h>

struct chip;

struct target {
    bool chip;                /* else host */
    bool bench;               /* the image that takes commands without the air, for a soak */
    const char *image;        /* null: where tools/build puts it, beside this program's own folder */
    const char *instructions; /* file for QEMU's trace, or null */
    const char *gdb;          /* the socket that a debugger comes in by, or null */
};

/* One option of several commands: --target, --image, --gdb, --instructions. An exit code, the fault told for this command. */
enum target_option { TARGET_TARGET, TARGET_IMAGE, TARGET_GDB, TARGET_INSTRUCTIONS };
int target_take(struct target *target, enum target_option option, const char *value, const char *command);
/* Do the options go together? */
int target_judge(const struct target *target, const char *command);

/* Starts the chip, if there is to be one: else `*chip` is null. An exit code; the fault has been told. To be ended with
 * chip_free(). */
int target_begin(const struct target *target, const char *command, struct chip **chip);
/* The file of the image; false when it was not named and this program does not know where it is itself. */
enum { TARGET_PATH_BYTES = 4096 };
bool target_image(const struct target *target, char path[TARGET_PATH_BYTES]);
/* "host" or "chip". */
const char *target_word(const struct target *target);

/* Tells what became of a chip that was lost; false, and nothing told, when it was not. */
bool target_lost(const struct chip *chip, const char *command);

#endif

/* target.c - the options of a target, and the emulated chip started. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/target.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/options.h"
#include "rig/chip/qemu.h"

enum { GDB_PATH_MAX = 100 }; /* sun_path holds 108 */
enum { PATH_ROOM = TARGET_PATH_BYTES, WHY_ROOM = 400 };

static int usage(const char *command, const char *text, const char *word)
{
    fprintf(stderr, "cisterna %s: %s%s; see cisterna --help\n", command, text, word);
    return EXIT_USAGE;
}

int target_take(struct target *target, enum target_option option, const char *value, const char *command)
{
    struct stat there;
    switch (option) {
    case TARGET_TARGET:
        target->chip = strcmp(value, "chip") == 0;
        return target->chip || strcmp(value, "host") == 0 ? EXIT_DONE
                                                          : usage(command, "--target is host or chip, not ", value);
    case TARGET_IMAGE:
        target->image = value;
        return *value != '\0' ? EXIT_DONE : usage(command, "--image needs a file", "");
    case TARGET_INSTRUCTIONS:
        target->instructions = value;
        return *value != '\0' ? EXIT_DONE : usage(command, "--instructions needs a file", "");
    case TARGET_GDB:
        target->gdb = value;
        if (*value == '\0' || strlen(value) > GDB_PATH_MAX || strchr(value, ',') != NULL)
            return usage(command,
                         "--gdb needs the name of a socket to be made, of at most 100 bytes and no comma: ", value);
        return lstat(value, &there) != 0 ? EXIT_DONE
                                         : usage(command, "--gdb makes a socket, and this is there: ", value);
    }
    return EXIT_USAGE;
}

int target_judge(const struct target *target, const char *command)
{
    if (!target->chip && (target->image != NULL || target->gdb != NULL || target->instructions != NULL))
        return usage(command, "--image, --gdb and --instructions need --target chip", "");
    return EXIT_DONE;
}

const char *target_word(const struct target *target)
{
    return target->chip ? "chip" : "host";
}

/* build/release/app/cisterna has its image in build/cortex-m/chip. */
static bool image_find(const struct target *target, char path[PATH_ROOM])
{
    const char *name = target->bench ? "pump-bench.elf" : "pump.elf";
    char self[PATH_ROOM];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size < 0)
        return false;
    self[size] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    int written = snprintf(path, PATH_ROOM, "%s/../../cortex-m/chip/%s", self, name);
    return written > 0 && written < PATH_ROOM;
}

bool target_image(const struct target *target, char path[PATH_ROOM])
{
    if (target->image == NULL)
        return image_find(target, path);
    snprintf(path, PATH_ROOM, "%s", target->image);
    return true;
}

static int image_told(const char *command, const char *path, const char *fault)
{
    fprintf(stderr, "cisterna %s: %s: %s; tools/build cortex-m makes it, --image names another\n", command, path,
            fault);
    return EXIT_FAILED;
}

int target_begin(const struct target *target, const char *command, struct chip **chip)
{
    char path[PATH_ROOM], why[WHY_ROOM];
    struct chip_wires wires;
    *chip = NULL;
    if (!target->chip)
        return EXIT_DONE;
    if (!target_image(target, path))
        return image_told(command, "the chip's image", "this program does not know where it is itself");
    const char *fault = qemu_image_fault(path);
    if (fault != NULL)
        return image_told(command, path, fault);
    const struct qemu_ask ask = { .image = path, .gdb = target->gdb, .instructions = target->instructions };
    if (qemu_start(&ask, &wires, why, sizeof why))
        *chip = chip_make(&wires, why, sizeof why);
    if (*chip == NULL) {
        fprintf(stderr, "cisterna %s: %s\n", command, why);
        return EXIT_FAILED;
    }
    if ((chip_hello(*chip)->bench != 0) != target->bench) {
        fprintf(stderr, "cisterna %s: %s is %s, which takes commands without the air\n", command, path,
                target->bench ? "not the bench image" : "the bench image, for soak alone");
        chip_free(*chip);
        *chip = NULL;
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

bool target_lost(const struct chip *chip, const char *command)
{
    if (chip == NULL || chip_end(chip) != CHIP_LOST)
        return false;
    fprintf(stderr, "cisterna %s: %s\n", command, chip_why(chip));
    return true;
}

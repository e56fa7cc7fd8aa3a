/* newborn.c - a new implant: its keys and its card. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/newborn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "amount/amount.h"
#include "app/options.h"
#include "clinic/programmer/card.h"
#include "link/cipher.h"
#include "rig/bodyfile.h"
#include "rig/moments.h"

enum { SERIAL_DIGITS = 8, HEX_BYTES = 2 * KEY_BYTES + 1, SOFTWARE = 1 };
static const char DEFAULT_MODEL[] = "C20", DEFAULT_CATHETER[] = "40 cm", CARD_FILE[] = "card.txt";

#define KEY_FORM "64 hexadecimal digits that are not all zero (for no key it is left out)"

static int refuse(const char *text, const char *word)
{
    fprintf(stderr, "cisterna pump: %s%s; see cisterna --help\n", text, word);
    return EXIT_USAGE;
}

bool newborn_chance(void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = getrandom((uint8_t *)bytes + done, size - done, 0);
        if (got < 0 && errno != EINTR) {
            fprintf(stderr, "cisterna pump: the system gives no random bytes: %s\n", strerror(errno));
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static void hex_write(char text[HEX_BYTES], const uint8_t key[KEY_BYTES])
{
    for (unsigned i = 0; i < KEY_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", key[i]);
}

/* 64 hexadecimal digits, not all zero: for the pump that is no key, and it would take whatever comes. */
static bool hex_read(const char *text, uint8_t key[SIGN_KEY_BYTES])
{
    if (strlen(text) != 2 * SIGN_KEY_BYTES || strspn(text, "0123456789abcdefABCDEF") != 2 * SIGN_KEY_BYTES)
        return false;
    for (unsigned i = 0; i < SIGN_KEY_BYTES; i++) {
        const char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };
        key[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return text[strspn(text, "0")] != '\0';
}

/* What was said, read: into `made`, where the rest stays as it is. */
static int read_said(const struct newborn *newborn, struct implant_made *made)
{
    int64_t mm = 0;
    char *end;
    if (newborn->model != NULL) {
        const struct model *model = model_named(newborn->model);
        if (model == NULL)
            return refuse("--model is C20, C40 or V20, not ", newborn->model);
        made->unit.model = *model;
    }
    if (newborn->serial != NULL) {
        size_t size = strlen(newborn->serial);
        if (size == 0 || size >= SERIAL_BYTES)
            return refuse("--serial has 1 to 15 characters, not as ", newborn->serial);
        for (size_t i = 0; i < size; i++)
            if (newborn->serial[i] <= ' ' || newborn->serial[i] > '~')
                return refuse("--serial has no blanks and only ASCII characters, not as ", newborn->serial);
        memset(made->unit.serial, 0, SERIAL_BYTES);
        memcpy(made->unit.serial, newborn->serial, size);
    }
    if (newborn->catheter != NULL) {
        if (amount_read(newborn->catheter, DIMENSION_LENGTH, &mm) != AMOUNT_OK || mm <= 0 || mm > CATHETER_MM_MAX)
            return refuse("--catheter needs a length up to 200 cm, such as '40 cm', not ", newborn->catheter);
        made->catheter_mm = (int32_t)mm;
    }
    if (newborn->seed != NULL) {
        made->seed = strtoull(newborn->seed, &end, 10);
        if (*newborn->seed < '0' || *newborn->seed > '9' || *end != '\0')
            return refuse("--seed needs a whole number, not ", newborn->seed);
    }
    if (newborn->formulary_key != NULL && !hex_read(newborn->formulary_key, made->unit.formulary_key))
        return refuse("--formulary-key needs " KEY_FORM ", not ", newborn->formulary_key);
    if (newborn->firmware_key != NULL && !hex_read(newborn->firmware_key, made->unit.firmware_key))
        return refuse("--firmware-key needs " KEY_FORM ", not ", newborn->firmware_key);
    return EXIT_DONE;
}

/* Keys, and all that was not said. */
static int draw_rest(const struct newborn *newborn, struct implant_made *made)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct newborn usual = { .model = newborn->model == NULL ? DEFAULT_MODEL : NULL,
                             .catheter = newborn->catheter == NULL ? DEFAULT_CATHETER : NULL };
    uint8_t chance[SERIAL_DIGITS];
    made->unit.software = SOFTWARE;
    if (!newborn_chance(made->unit.secret, KEY_BYTES) || !newborn_chance(made->unit.card, CARD_SECRET_BYTES) ||
        !newborn_chance(&made->seed, sizeof made->seed) || !newborn_chance(chance, sizeof chance))
        return EXIT_FAILED;
    memcpy(made->unit.serial, "CIS", 3);
    for (unsigned i = 0; i < SERIAL_DIGITS; i++)
        made->unit.serial[3 + i] = digits[chance[i] % 32];
    int code = read_said(&usual, made);
    return code == EXIT_DONE ? read_said(newborn, made) : code;
}

static void card_text(const struct implant_made *made, char *text, size_t room)
{
    char card[CARD_TEXT_BYTES], key_text[HEX_BYTES];
    uint8_t key[KEY_BYTES];
    card_write(made->unit.card, card);
    cipher_public(made->unit.secret, key);
    hex_write(key_text, key);
    snprintf(text, room, "CARD: %s\nSERIAL: %.15s\nMODEL: %s\nPUBLIC KEY: %s\n", card, made->unit.serial,
             model_name(made->unit.model.code), key_text);
    cipher_forget(card, sizeof card);
}

/* The implant of a kept moment, and the patient it is in; an exit code. */
static int moment_open(const char *folder, struct implant *moment, struct body *body)
{
    int64_t wall_ms = 0;
    enum moment_fault kept = moments_judge(folder);
    if (kept != MOMENT_OK) {
        fprintf(stderr, "cisterna pump: %s %s\n", folder,
                kept == MOMENT_NONE ? "holds no moment that was kept"
                                    : "is damaged: something in it is not what was kept; take another moment");
        return kept == MOMENT_NONE ? EXIT_FAILED : EXIT_DAMAGED;
    }
    int code = newborn_fault(implant_enter(moment, folder), folder);
    if (code == EXIT_DONE)
        code = newborn_fault(implant_look(moment, &wall_ms), folder);
    if (code != EXIT_DONE)
        return code;
    enum bodyfile_fault fault = bodyfile_open(moment->folder, moment->rig->unit.serial, body);
    if (fault == BODYFILE_OK || fault == BODYFILE_NONE)
        return EXIT_DONE;
    fprintf(stderr, "cisterna pump: %s/body cannot be read as a patient of this moment\n", folder);
    return EXIT_DAMAGED;
}

/* Makes it: anew, or in the place of the one of a moment, whose make and catheter it shares. An exit code. */
static int make(struct implant *implant, struct implant_made *made, const struct newborn *newborn, const char *folder,
                int64_t wall_ms)
{
    if (newborn->like == NULL)
        return newborn_fault(implant_make(implant, made, wall_ms), folder);
    struct implant moment = { .folder = -1 };
    struct body *body = calloc(1, sizeof *body);
    int code = body != NULL ? moment_open(newborn->like, &moment, body) : EXIT_FAILED;
    if (code == EXIT_DONE) {
        const struct implant_made *before = implant_made(&moment);
        bool same = newborn->model == NULL || made->unit.model.code == before->unit.model.code;
        same = same && (newborn->catheter == NULL || made->catheter_mm == before->catheter_mm);
        if (!same)
            code = refuse("--like has a model and a catheter of its own: leave them out, or say the same, in ", folder);
        made->unit.model = before->unit.model;
        made->unit.calibration = before->unit.calibration;
        made->catheter_mm = before->catheter_mm;
    }
    if (code == EXIT_DONE && body->lives && !bodyfile_save(implant->folder, body, made->unit.serial, true)) {
        fprintf(stderr, "cisterna pump: %s/body: %s\n", folder, strerror(errno));
        code = EXIT_FAILED;
    }
    if (code == EXIT_DONE)
        code = newborn_fault(implant_succeed(implant, made, moment.rig, wall_ms), folder);
    if (code != EXIT_DONE)
        (void)unlinkat(implant->folder, "body", 0); /* the patient of nobody */
    implant_close(&moment);
    free(body);
    return code;
}

int newborn_make(struct implant *implant, const struct newborn *newborn, const char *folder, int64_t wall_ms)
{
    struct implant_made made;
    char text[256];
    memset(&made, 0, sizeof made); /* gaps included: they go into the file */
    int code = draw_rest(newborn, &made);
    if (code == EXIT_DONE) {
        card_text(&made, text, sizeof text);
        /* The card first: an implant whose card nobody has can never be paired with. */
        if (!implant_note(implant, CARD_FILE, text)) {
            fprintf(stderr, "cisterna pump: %s/%s cannot be written: %s%s\n", folder, CARD_FILE, strerror(errno),
                    errno == EEXIST ? "; it is the card of another implant: move it away" : "");
            code = EXIT_FAILED;
        } else {
            code = make(implant, &made, newborn, folder, wall_ms);
            if (code != EXIT_DONE)
                (void)unlinkat(implant->folder, CARD_FILE, 0);
            else
                fprintf(stderr, "%s", text);
        }
    }
    cipher_forget(&made, sizeof made);
    cipher_forget(text, sizeof text);
    return code;
}

int newborn_compare(const struct implant *implant, const struct newborn *newborn)
{
    const struct implant_made *made = implant_made(implant);
    struct implant_made said = *made;
    int code = read_said(newborn, &said);
    if (code != EXIT_DONE)
        return code;
    if (said.unit.model.code != made->unit.model.code || said.unit.model.revision != made->unit.model.revision) {
        fprintf(stderr, "cisterna pump: the implant in this folder is a %s; --model says %s\n",
                model_name(made->unit.model.code), newborn->model);
        return EXIT_VERSION;
    }
    if (memcmp(said.unit.serial, made->unit.serial, SERIAL_BYTES) != 0)
        return refuse("the implant in this folder has another serial than ", newborn->serial);
    if (said.catheter_mm != made->catheter_mm)
        return refuse("the implant in this folder has another catheter than ", newborn->catheter);
    if (said.seed != made->seed)
        return refuse("the implant in this folder was made with another seed than ", newborn->seed);
    if (memcmp(said.unit.formulary_key, made->unit.formulary_key, SIGN_KEY_BYTES) != 0)
        return refuse("the implant in this folder has another key than --formulary-key ", newborn->formulary_key);
    if (memcmp(said.unit.firmware_key, made->unit.firmware_key, SIGN_KEY_BYTES) != 0)
        return refuse("the implant in this folder has another key than --firmware-key ", newborn->firmware_key);
    return EXIT_DONE;
}

int newborn_fault(enum implant_fault fault, const char *folder)
{
    switch (fault) {
    case IMPLANT_OK:
        return EXIT_DONE;
    case IMPLANT_FAILED:
        fprintf(stderr, "cisterna pump: %s: %s\n", folder, strerror(errno));
        return EXIT_FAILED;
    case IMPLANT_BUSY:
        fprintf(stderr, "cisterna pump: %s is in use: another process runs this implant\n", folder);
        return EXIT_FAILED;
    case IMPLANT_NONE:
        fprintf(stderr, "cisterna pump: %s holds no implant\n", folder);
        return EXIT_FAILED;
    case IMPLANT_THERE:
        fprintf(stderr, "cisterna pump: %s holds an implant already; nothing was changed\n", folder);
        return EXIT_FAILED;
    case IMPLANT_MALFORMED:
        fprintf(stderr, "cisterna pump: the twin does not know such an implant\n");
        return EXIT_USAGE;
    case IMPLANT_DAMAGED:
        fprintf(
            stderr,
            "cisterna pump: %s/implant is damaged, or not an implant, and was left as it is; put a sound copy in its "
            "place, or make a new implant in another folder\n",
            folder);
        return EXIT_DAMAGED;
    case IMPLANT_VERSION:
        fprintf(stderr,
                "cisterna pump: %s/implant was made by another version of cisterna, whose memory is laid out "
                "otherwise; go on with that one, or make a new implant in another folder\n",
                folder);
        return EXIT_VERSION;
    }
    return EXIT_FAILED;
}

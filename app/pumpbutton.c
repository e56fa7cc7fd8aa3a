/* pumpbutton.c - the button of the patient of `cisterna pump`. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/pumpbutton.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/newborn.h"
#include "app/options.h"
#include "app/pumpcontrol.h"
#include "clinic/programmer/card.h"
#include "link/cipher.h"

/* The secret of the card seals it, which nobody has to remember: whoever reads this folder has the implant itself. */
static const struct keystore_cost COST = { .passes = 1, .memory_kib = 8 };
static const char FILE_NAME[] = "button";

/* Without chance nothing may be sent: what it draws are keys. */
static void chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    if (!newborn_chance(bytes, size))
        exit(EXIT_FAILED);
}

static bool keep(void *context, const struct key *key)
{
    struct pumpbutton *pump = context;
    enum keystore_fault fault = keystore_put(&pump->store, key);
    bool known = pump->fault[0] != '\0'; /* it is said once, and each press tells it */
    pump->fault[0] = '\0';
    if (fault == KEYSTORE_OK)
        return true;
    snprintf(pump->fault, sizeof pump->fault, "the key of the button cannot be kept: %s", keystore_text(fault));
    if (!known)
        fprintf(stderr, "cisterna pump: %s: %s\n", pump->store.file.path, pump->fault);
    return false;
}

/* Events are taken by whoever runs the implant. */
static void told(void *context)
{
    struct pumpbutton *pump = context;
    pump->tell(pump->context);
}

int pumpbutton_begin(struct pumpbutton *pump, const char *folder, struct live *live, void (*tell)(void *context),
                     void *context)
{
    char path[KEYFILE_PATH_BYTES], card[CARD_TEXT_BYTES];
    if (!live->body.lives || !live->body.asks)
        return EXIT_DONE;
    if (snprintf(path, sizeof path, "%s/%s", folder, FILE_NAME) >= (int)sizeof path)
        return EXIT_FAILED;
    card_write(live->implant.rig->unit.card, card);
    enum keystore_fault fault = keystore_open(&pump->store, path, card, sizeof card - 1, &COST);
    cipher_forget(card, sizeof card);
    if (fault != KEYSTORE_OK) {
        fprintf(
            stderr,
            "cisterna pump: %s: the key of the patient's button: %s; take the file away, and another one is paired\n",
            path, keystore_text(fault));
        return fault == KEYSTORE_DAMAGED || fault == KEYSTORE_PASSPHRASE ? EXIT_DAMAGED
               : fault == KEYSTORE_VERSION                               ? EXIT_VERSION
                                                                         : EXIT_FAILED;
    }
    const struct button_edge edge = { .context = pump, .chance = chance, .keep = keep, .tell = told };
    pump->tell = tell;
    pump->context = context;
    pump->on = button_begin(&pump->button, live, pump->store.count > 0 ? &pump->store.key[0] : NULL, &edge);
    return EXIT_DONE;
}

enum button_press pumpbutton_pass(struct pumpbutton *pump, bool radio)
{
    return pump->on ? button_pass(&pump->button, radio, pumpcontrol_wall()) : BUTTON_NOTHING;
}

const char *pumpbutton_reason(const struct pumpbutton *pump)
{
    bool unkept = pump->button.contact == CONTACT_KEEP_FAILED && pump->fault[0] != '\0';
    return unkept ? pump->fault : button_reason(&pump->button);
}

void pumpbutton_end(struct pumpbutton *pump)
{
    if (pump->on)
        keystore_close(&pump->store);
    pump->on = false;
}

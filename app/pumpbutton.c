/* pumpbutton.c - the button of the patient of `cisterna pump`. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/pumpbutton.h"

#include <errno.h>
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
    if (!pump->held)
        return false; /* and so nothing is sent */
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

/* Takes hold of the file of the key. */
static enum keystore_fault hold(struct pumpbutton *pump, const char *path, const struct live *live)
{
    char card[CARD_TEXT_BYTES];
    card_write(live->implant.rig->unit.card, card);
    enum keystore_fault fault = keystore_open(&pump->store, path, card, sizeof card - 1, &COST);
    int why = errno;
    cipher_forget(card, sizeof card);
    errno = why;
    return fault;
}

static const char *mend_of(enum keystore_fault fault)
{
    return fault == KEYSTORE_BUSY ? "end that process" : "take the file away, and the key is paired anew";
}

void pumpbutton_begin(struct pumpbutton *pump, const char *folder, struct live *live, void (*tell)(void *context),
                      void *context)
{
    char path[KEYFILE_PATH_BYTES + sizeof FILE_NAME];
    const struct button_edge edge = { .context = pump, .chance = chance, .keep = keep, .tell = told };
    if (!live->body.lives || !live->body.asks)
        return;
    pump->tell = tell;
    pump->context = context;
    snprintf(path, sizeof path, "%s/%s", folder, FILE_NAME); /* cut, it is too long for a store, too */
    enum keystore_fault fault = hold(pump, path, live);
    pump->held = fault == KEYSTORE_OK;
    if (!pump->held) {
        const char *why = fault == KEYSTORE_IO && errno == EINVAL ? "it is no regular file" : keystore_text(fault);
        snprintf(pump->fault, sizeof pump->fault, "the key of the button cannot be read: %s", why);
        fprintf(stderr, "cisterna pump: %s: %s; the pump runs, and nobody presses: %s, and start the pump again\n",
                path, pump->fault, mend_of(fault));
    }
    pump->on =
        button_begin(&pump->button, live, pump->held && pump->store.count > 0 ? &pump->store.key[0] : NULL, &edge);
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
    if (pump->held)
        keystore_close(&pump->store);
    pump->on = pump->held = false;
}

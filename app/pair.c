/* pair.c - `cisterna pair`: card, role and label go in, a key comes out. */
// SPDX-License-Identifier: Apache-2.0
#include "app/pair.h"

#include <stdio.h>
#include <string.h>

#include "app/keychain.h"
#include "app/secret.h"
#include "app/told.h"
#include "app/visit.h"
#include "clinic/programmer/card.h"
#include "core/text.h"

/* What the pump's outcomes of pairing mean (link/SPEC.md, section 5). */
static const char *outcome_text(uint8_t outcome)
{
    static const char *const texts[] = { "it gave an outcome that is not known", "paired",
                                         "all its slots are taken: make it forget a programmer with cisterna unpair",
                                         "role or label are not well formed", "its storage cannot take it now" };
    return texts[outcome < sizeof texts / sizeof *texts ? outcome : 0];
}

/* What an implant card says. */
struct card {
    char serial[PUMP_ID_BYTES]; /* padded with zeros; empty: not told */
    uint8_t secret[CARD_SECRET_BYTES];
};

/* What stands behind a word at the beginning of a line of the text; null when no line begins so. */
static const char *line_find(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, length) == 0)
            return line + length + strspn(line + length, " ");
    }
    return NULL;
}

/* The card as a text: its secret alone, or lines that say what is what. */
static bool card_parse(const char *text, struct card *card)
{
    const char *secret = line_find(text, "CARD:"), *serial = line_find(text, "SERIAL:");
    if (secret == NULL)
        secret = text;
    size_t length = serial != NULL ? strcspn(serial, "\r\n") : 0;
    if (length >= sizeof card->serial)
        return false;
    if (serial != NULL)
        memcpy(card->serial, serial, length);
    return card_read(secret, strcspn(secret, "\r\n"), card->secret);
}

static int card_ask(const struct desk *desk, struct card *card)
{
    struct secret secret;
    const char *file = desk->value[OPTION_AT_CARD_FILE];
    int code = file != NULL ? secret_file(file, &secret) : secret_line("the 26 characters on the implant card", &secret);
    if (code == EXIT_DONE && !card_parse(secret.text, card))
        code = desk_usage(desk, "that is no card: 26 letters and digits, of which I, L, O and U are none", "");
    secret_forget(&secret);
    return code;
}

/* Serial, role and label as the key holds them. */
static int key_begin(const struct desk *desk, const struct card *card, struct key *key)
{
    const char *serial = desk->value[OPTION_AT_SERIAL], *label = NULL;
    if (serial == NULL)
        serial = card->serial;
    if (*serial == '\0' || strlen(serial) >= PUMP_ID_BYTES)
        return desk_usage(desk, "needs --serial SERIAL, the pump's own, of 1 to 15 bytes", "");
    int code = desk_name(desk, OPTION_AT_LABEL, sizeof key->label - 1, &label);
    if (code != EXIT_DONE)
        return code;
    memcpy(key->pump_id, serial, strlen(serial));
    memcpy(key->label, label, strlen(label));
    code = visit_role(desk, &key->role);
    if (code == EXIT_DONE && key->role == 0)
        code = desk_usage(desk, "needs --role patient, clinician, reader or service", "");
    return code;
}

/* Two programmers of one pump that are called the same could not be told apart when one is to be forgotten. */
static int label_compare(const struct desk *desk, const struct keystore *store, const struct key *key)
{
    char text[120];
    for (unsigned i = 0; i < store->count; i++) {
        const struct key *known = &store->key[i];
        if (memcmp(known->pump_id, key->pump_id, PUMP_ID_BYTES) != 0 || known->role == key->role ||
            !text_same_ignoring_case(known->label, key->label))
            continue;
        snprintf(text, sizeof text, "--label is that of the %s's key for this pump already; give another than ",
                 role_word(known->role));
        return desk_usage(desk, text, key->label);
    }
    return EXIT_DONE;
}

/* Goes on with the key that an earlier pairing, or attempt at one, left: the pump then gives the same slot again, and what was
 * paired stays so until it does. */
static void key_known(const struct keystore *store, struct key *key)
{
    for (unsigned i = 0; i < store->count; i++) {
        const struct key *known = &store->key[i];
        if (memcmp(known->pump_id, key->pump_id, PUMP_ID_BYTES) != 0 || known->role != key->role)
            continue;
        struct key asked = *key;
        *key = *known;
        memcpy(key->label, asked.label, sizeof key->label);
    }
}

static int say(const struct desk *desk, const struct key *key)
{
    char serial[PUMP_ID_BYTES + 1];
    keychain_serial(key, serial);
    if (desk_has(desk, OPTION_AT_JSON)) {
        json_t *object = json_object();
        json_object_set_new(object, "cisterna_pairing", json_integer(1));
        json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
        json_object_set_new(object, "pump", json_string(serial));
        json_object_set_new(object, "role", json_string(role_word(key->role)));
        json_object_set_new(object, "label", json_string(key->label));
        json_object_set_new(object, "slot", json_integer(key->slot));
        told_print(object);
    } else {
        printf("paired with %s as %s \"%s\", slot %u\n", serial, role_word(key->role), key->label, key->slot);
    }
    return EXIT_DONE;
}

static int pair(const struct desk *desk, struct visit *visit, const struct key *begun, const struct card *card)
{
    uint8_t outcome = 0;
    programmer_start(&visit->programmer, begun);
    int code = visit_patience(desk, &visit->programmer.patience);
    if (code == EXIT_DONE)
        code = visit_connect(desk, desk_has(desk, OPTION_AT_FAR) ? "far" : "near", visit);
    if (code != EXIT_DONE)
        return code;
    enum contact contact = programmer_pair(&visit->programmer, &visit->air, card->secret, (enum role)begun->role, &outcome);
    if (contact == CONTACT_OK)
        return say(desk, &visit->programmer.key);
    fprintf(stderr, "cisterna pair: %s\n", contact == CONTACT_REFUSED ? outcome_text(outcome) : told_contact(contact));
    if (contact == CONTACT_SILENCE)
        fprintf(stderr, "  It may also be that serial or card are another pump's.\n");
    return told_contact_exit(contact);
}

int pair_run(const struct desk *desk)
{
    struct visit visit = { .desk = desk, .socket = { .socket = -1 } };
    struct key key = { .slot = PAIRING_SLOT };
    struct card card = { .serial = "" };
    int code = card_ask(desk, &card);
    if (code == EXIT_DONE)
        code = key_begin(desk, &card, &key);
    if (code == EXIT_DONE)
        code = visit_keys_open(desk, true, &visit);
    if (code == EXIT_DONE) {
        code = label_compare(desk, &visit.store, &key);
        if (code == EXIT_DONE) {
            key_known(&visit.store, &key);
            code = pair(desk, &visit, &key, &card);
        }
        visit_end(&visit);
    }
    cipher_forget(&key, sizeof key);
    cipher_forget(&card, sizeof card);
    return code;
}

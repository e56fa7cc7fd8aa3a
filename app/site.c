/* site.c - what a site has signed, at the desk of whoever programs. */
// SPDX-License-Identifier: Apache-2.0
#include "app/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/textfile.h"
#include "app/told.h"
#include "clinic/formulary/inforce.h"

int site_options(const struct desk *desk)
{
    if (desk_has(desk, OPTION_AT_FORMULARY) != desk_has(desk, OPTION_AT_SITE_KEY))
        return desk_usage(desk, "--formulary DIR and --site-key FILE belong together", "");
    if (desk_has(desk, OPTION_AT_LIMITS) && !desk_has(desk, OPTION_AT_FORMULARY))
        return desk_usage(
            desk, "--limits are held to the release of the site: it needs --formulary DIR and --site-key FILE", "");
    return EXIT_DONE;
}

int site_library(const struct desk *desk, const char *region, struct formulary *formulary)
{
    const struct inforce inforce = { desk->value[OPTION_AT_FORMULARY], desk->value[OPTION_AT_SITE_KEY] };
    int code = (int)inforce_open(&inforce, region, formulary, stderr);
    if (code == EXIT_DONE)
        return code;
    if (*region == '\0')
        fprintf(stderr,
                "cisterna %s: no formulary for region \"\"; \"region\": \"US\" or \"EU\" in the therapy would pass\n",
                desk->command);
    else
        fprintf(stderr, "cisterna %s: no formulary for region %s is in force, so nothing is sent\n", desk->command, region);
    return inforce.folder == NULL ? EXIT_REFUSED : code;
}

/* The file of limits, verified by the site's key and held to therapy and release. */
static int limits_read(struct workrun *work)
{
    const struct desk *desk = work->visit->desk;
    const char *name = desk->value[OPTION_AT_LIMITS];
    uint8_t key[SIGN_KEY_BYTES];
    size_t size = 0;
    int code = (int)sitekey_read_public(desk->value[OPTION_AT_SITE_KEY], key, stderr);
    char *text = code == EXIT_DONE ? textfile_read(name, &size) : NULL;
    if (text == NULL)
        return code != EXIT_DONE ? code : EXIT_USAGE;
    code = (int)limitsfile_read(name, text, size, key, &work->limits, stderr);
    free(text);
    return code == EXIT_DONE ? (int)limitsfile_fit(name, &work->limits, &work->formulary, &work->therapy, stderr)
                             : code;
}

int site_limits(struct workrun *work)
{
    const struct desk *desk = work->visit->desk;
    uint16_t stated = work->therapy.formulary_version, in_force = work->formulary.version;
    if (stated != 0 && stated != in_force) {
        fprintf(stderr,
                "cisterna %s: the therapy was checked against release %u of the formulary, and release %u is in force: "
                "check it "
                "anew; \"formulary\": %u, or none, would pass\n",
                desk->command, stated, in_force, in_force);
        return EXIT_VERSION;
    }
    if (!desk_has(desk, OPTION_AT_LIMITS))
        return EXIT_DONE; /* whether it can be done without, the workflow judges */
    if (!work->seen.limits_signed)
        fprintf(stderr, "cisterna %s: NOTE: this pump was made without a site's key and looks at no signature: none is sent\n",
                desk->command);
    int code = limits_read(work);
    work->has_signature = code == EXIT_DONE;
    return code;
}

int site_sign(struct workrun *work, const uint8_t token[TOKEN_BYTES])
{
    struct visit *visit = work->visit;
    struct command command = { .kind = COMMAND_SIGN_LIMITS };
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    if (!work->seen.limits_signed)
        return EXIT_DONE;
    memcpy(command.token, token, TOKEN_BYTES);
    memcpy(command.signature, work->limits.signature, sizeof command.signature);
    enum told told = programmer_command(&visit->programmer, &visit->air, &command, &receipt, &contact);
    if (told == TOLD_APPLIED)
        return EXIT_DONE;
    int code = told_say(visit, told, &receipt, contact);
    if (told == TOLD_NOT_APPLIED && (receipt.reasons & VERDICT_SIGNATURE) != 0)
        fprintf(
            stderr,
            "cisterna %s: the limits are signed by the key in %s, and the pump was made with another: limits signed by "
            "its own site would pass\n",
            visit->desk->command, visit->desk->value[OPTION_AT_SITE_KEY]);
    fprintf(stderr, "cisterna %s: nothing has come into force; what is staged expires by itself\n",
            visit->desk->command);
    return code;
}

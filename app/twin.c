/* twin.c - words to a request, and its answer to standard output. */
// SPDX-License-Identifier: Apache-2.0
#include "app/twin.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/controlline.h"
#include "app/options.h"
#include "rig/trouble.h"

enum { PATIENCE_MS = 10000 };

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna twin: %s%s; see cisterna twin --help\n", text, word);
    return EXIT_USAGE;
}

static int help_print(void)
{
    printf("Examples:\n"
           "  cisterna pump --state my-pump --control &\n"
           "  cisterna twin --state my-pump look\n"
           "  cisterna twin --state my-pump kink '20 %%'\n"
           "\n"
           "What is so in truth behind a virtual pump that was started with --control, and what is done to it, its "
           "patient\n"
           "and its time. SIMULATION. Not a medical device; never for use in people.\n\n"
           "  look                 all of it, as JSON\n"
           "  speed N              so many seconds of its time in one of ours: 1 to 1000000\n"
           "  skip SPAN            passes as fast as it goes, such as '30 d'; the radio still answers\n"
           "  battery SHARE        what is left of the cell's charge, such as '2 %%'; it is never charged\n"
           "  radio off|on         no frame comes or goes, or they do again\n"
           "  granuloma [SHARE|off] a mass at the tip holds so much back (10 %%), and grows; or there is none\n"
           "  infection [off]      the body is infected, with a fever; or it is well again\n"
           "  migrate LEVEL        the catheter's tip comes to lie there, such as T10\n"
           "  save NAME            keeps this moment\n"
           "  FAULT [AMOUNT|off]   it comes, or goes:\n");
    for (unsigned i = 0; trouble_at(i) != NULL; i++)
        printf("      %-16s %s\n", trouble_at(i)->word, trouble_at(i)->text);
    printf("\n  --state DIR          the pump's folder (implant)\n"
           "  --help               this page\n");
    return EXIT_DONE;
}

static const struct trouble_row *trouble_named(const char *word)
{
    const struct trouble_row *row = NULL;
    for (unsigned i = 0; (row = trouble_at(i)) != NULL && strcmp(row->word, word) != 0; i++) {
    }
    return row;
}

/* Those with one value, and its member. */
static const char *member_of(const char *word)
{
    static const char *const ROWS[][2] = {
        { "speed", "speed" }, { "skip", "span" }, { "battery", "left" }, { "migrate", "level" }, { "save", "name" }
    };
    for (unsigned i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (strcmp(ROWS[i][0], word) == 0)
            return ROWS[i][1];
    return NULL;
}

/* The request; null, told, when there is none. */
static json_t *request_of(int count, char **words)
{
    const char *word = words[0], *value = count > 1 ? words[1] : NULL, *member = member_of(word);
    bool off = value != NULL && strcmp(value, "off") == 0;
    if (count > 2)
        (void)usage("takes one value, not ", words[2]);
    else if (strcmp(word, "look") == 0 && value == NULL)
        return json_pack("{s:s}", "do", "look");
    else if (strcmp(word, "radio") == 0 && value != NULL && (off || strcmp(value, "on") == 0))
        return json_pack("{s:s, s:b}", "do", "radio", "on", !off);
    else if ((strcmp(word, "granuloma") == 0 || strcmp(word, "infection") == 0) && (value == NULL || off))
        return json_pack("{s:s, s:b}", "do", word, "on", !off);
    else if (strcmp(word, "granuloma") == 0)
        return json_pack("{s:s, s:b, s:s}", "do", word, "on", 1, "amount", value);
    else if (member != NULL && value != NULL)
        return json_pack("{s:s, s:s}", "do", word, member, value);
    else if (trouble_named(word) != NULL && (value == NULL || off))
        return json_pack("{s:s, s:s, s:b}", "do", "fault", "fault", word, "on", !off);
    else if (trouble_named(word) != NULL)
        return json_pack("{s:s, s:s, s:b, s:s}", "do", "fault", "fault", word, "on", 1, "amount", value);
    else if (member != NULL || strcmp(word, "radio") == 0)
        (void)usage("needs a value after ", word);
    else
        (void)usage("does not know this, or not with a value: ", word);
    return NULL;
}

static int ask(const char *state, json_t *request)
{
    char *text = json_dumps(request, JSON_COMPACT);
    char *told = text != NULL ? controlline_ask(state, text, PATIENCE_MS) : NULL;
    json_t *answer = told != NULL ? json_loads(told, 0, NULL) : NULL;
    const char *error = json_string_value(json_object_get(answer, "error"));
    int code = answer != NULL && error == NULL ? EXIT_DONE : EXIT_FAILED;
    if (told == NULL)
        fprintf(stderr, "cisterna twin: %s/control: %s; is the pump up, with --control?\n", state, strerror(errno));
    else if (error != NULL)
        fprintf(stderr, "cisterna twin: %s\n", error);
    else
        printf("%s\n", told);
    json_decref(answer);
    free(told);
    free(text);
    return code;
}

int twin_main(int count, char **words)
{
    static const struct option OPTIONS[] = { { "state", required_argument, NULL, 'd' },
                                             { "help", no_argument, NULL, 'h' },
                                             { NULL, 0, NULL, 0 } };
    const char *state = "implant";
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, "h", OPTIONS, NULL)) != -1;) {
        if (letter == 'h')
            return help_print();
        if (letter == '?')
            return usage("unknown option, or a value is missing: ", words[optind - 1]);
        state = optarg;
    }
    if (optind == count)
        return usage("needs a word, such as look", "");
    json_t *request = request_of(count - optind, words + optind);
    int code = request != NULL ? ask(state, request) : EXIT_USAGE;
    json_decref(request);
    return code;
}

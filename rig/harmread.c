/* harmread.c - complications as a scenario has them. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/harmread.h"

enum { FACTOR_MOST = 1000000 }; /* a guess: all of a life in an hour */

static const char *const KINDS[] = {
#define COMPLICATION(name, word, part, rate, unit, from_d, until_d, shape, guess, source) word,
#include "twin/hardware/complication.def"
#undef COMPLICATION
    "granuloma", NULL
};

static const char *const LEVELS[] = {
#define LEVEL(name, length_mm, csf_ul, tissue_ul, surface_mm2, source) #name,
#include "twin/body/level.def"
#undef LEVEL
    "outside", NULL
};

static void kinds_read(const struct node *member, struct harm_setup *setup)
{
    struct node list = reader_member(member, "kinds", OPTIONAL);
    setup->kinds = (HARM_GRANULOMA << 1) - 1;
    if (list.value == NULL || !reader_array(&list, 1, COMPLICATIONS_ALL + 1))
        return;
    setup->kinds = 0;
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        unsigned kind = 0;
        if (!reader_word(&element, KINDS, &kind))
            continue;
        if ((setup->kinds >> kind & 1) != 0)
            reader_complain(&element, COMPLAINT_MALFORMED, "stands there already");
        setup->kinds |= 1u << kind;
    }
}

void harm_setup_read(const struct node *root, struct harm_setup *setup)
{
    static const char *const fields[] = { "kinds", "factor", "note", NULL };
    struct node member = reader_member(root, "complications", OPTIONAL);
    int64_t millionths = PPM_ONE;
    *setup = (struct harm_setup){ .factor = 1.0, .tip = LEVEL_L2 };
    if (member.value == NULL || !reader_object(&member, fields))
        return;
    kinds_read(&member, setup);
    (void)reader_amount(&member, "factor", OPTIONAL, DIMENSION_RATIO, 1, (int64_t)FACTOR_MOST * PPM_ONE, &millionths);
    setup->factor = (double)millionths / PPM_ONE;
}

void harm_deed_read(const struct node *node, struct action *action)
{
    unsigned level = 0;
    int64_t millionths = 0;
    if (action->kind == ACTION_GRANULOMA) {
        (void)reader_amount(node, "size", OPTIONAL, DIMENSION_RATIO, 0, PPM_ONE, &millionths);
        action->amount = (double)millionths / PPM_ONE;
    } else if (action->kind == ACTION_INFECTION) {
        action->amount = 1.0;
    } else if (reader_choice(node, "to", REQUIRED, LEVELS, &level)) {
        action->level = (int)level;
    }
}

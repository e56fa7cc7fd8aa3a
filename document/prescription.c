/* prescription.c - doses, flows and boluses as a scenario writes them, turned into nanolitres without rounding. */
// SPDX-License-Identifier: Apache-2.0
#include "document/prescription.h"

#include <ctype.h>
#include <string.h>

bool prescription_drug(const struct node *node, const char *name, enum need need, uint16_t *drug)
{
    const char *text = NULL;
    if (!reader_text(node, name, need, 40, &text))
        return false;
    struct node member = reader_member(node, name, OPTIONAL);
    *drug = drug_code(text);
    bool lower = true;
    for (const char *c = text; *c != '\0'; c++)
        lower = lower && !isupper((unsigned char)*c);
    if (*drug != DRUG_NONE && lower)
        return true;
    if (*drug != DRUG_NONE)
        reader_complain(&member, COMPLAINT_MALFORMED, "write drug names in small letters");
    else
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "\"%s\" is no drug this system knows; known: morphine, hydromorphone, baclofen, ziconotide, "
                        "bupivacaine, clonidine, fentanyl, sufentanil",
                        text);
    return false;
}

/* Adjuvants stand in rising order of code, whatever order they were written in. */
static void mixture_sort(struct mixture *mixture)
{
    for (unsigned i = 2; i < mixture->count; i++)
        for (unsigned j = i; j > 1 && mixture->component[j].drug < mixture->component[j - 1].drug; j--) {
            struct component swap = mixture->component[j];
            mixture->component[j] = mixture->component[j - 1];
            mixture->component[j - 1] = swap;
        }
}

bool prescription_mixture(const struct node *node, const char *name, struct mixture *mixture)
{
    static const char *const fields[] = { "drug", "concentration", "note", NULL };
    struct node list = reader_member(node, name, REQUIRED);
    struct mixture found = { .count = 0 };
    bool good = reader_array(&list, 0, MIXTURE_DRUGS_MAX);
    for (size_t i = 0; good && i < json_array_size(list.value); i++) {
        struct node element = reader_element(&list, i);
        int64_t conc = 0;
        uint16_t drug = DRUG_NONE;
        good = reader_object(&element, fields) && prescription_drug(&element, "drug", REQUIRED, &drug);
        good = reader_amount(&element, "concentration", REQUIRED, DIMENSION_CONC, 1, CONC_NG_ML_MAX, &conc) && good;
        for (size_t j = 0; good && j < i; j++)
            if (found.component[j].drug == drug) {
                reader_complain(&element, COMPLAINT_MALFORMED, "this drug stands in the list already");
                good = false;
            }
        found.component[found.count++] = (struct component){ drug, { (int32_t)conc } };
    }
    mixture_sort(&found);
    if (good)
        *mixture = found;
    return good;
}

/* Which drug a dose is of: the one named, else the primary. */
static bool dose_conc(const struct node *node, const struct mixture *mixture, uint16_t *drug, conc_ng_ml *conc)
{
    if (mixture->count == 0) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "a dose needs a drug; there is none here, so write a rate or volume");
        return false;
    }
    *drug = mixture->component[0].drug;
    if (reader_has(node, "drug") && !prescription_drug(node, "drug", REQUIRED, drug))
        return false;
    *conc = mixture_conc(mixture, *drug);
    if (conc->ng_ml == 0) {
        struct node member = reader_member(node, "drug", OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED, "%s is not among the drugs of this therapy", drug_word(*drug));
        return false;
    }
    return true;
}

/* The two masses nearest to this one that the pump gives and that have six decimals at most in the unit in which it was said, as
 * fields for numbers take them: something to pick from. */
static void masses_offer(const struct node *node, int64_t mass, conc_ng_ml conc, bool daily)
{
    char text[2][AMOUNT_TEXT_BYTES];
    const char *said = json_string_value(node->value);
    bool micro = said != NULL && (strstr(said, "mcg") != NULL || strstr(said, "ug") != NULL);
    const char *unit = micro ? (daily ? "mcg/day" : "mcg") : daily ? "mg/day" : "mg";
    int64_t least = micro ? 1000 : 1000000, step = conc.ng_ml; /* fg in the sixth decimal; fg in a nanolitre */
    if (said == NULL || strpbrk(said, "h") != NULL) /* by the hour: in no unit that a field has */
        return;
    for (int64_t a = step, b = least; b != 0;) { /* their greatest common divisor, and with it the least common multiple */
        int64_t rest = a % b;
        a = b;
        b = rest;
        if (b == 0)
            step = step / a * least;
    }
    int64_t below = mass / step;
    if (below > 0)
        amount_write(text[0], below * step, micro ? 9 : 12, 0, unit);
    amount_write(text[1], (below + 1) * step, micro ? 9 : 12, 0, unit);
    reader_offer(node, below > 0 ? text[0] : "", text[1]);
}

/* mass / concentration as a whole number, or a refusal that names the two nearest. */
static bool whole_quotient(const struct node *node, int64_t mass, conc_ng_ml conc, bool daily, int64_t *quotient)
{
    int64_t below = mass / conc.ng_ml;
    if (mass % conc.ng_ml == 0) {
        *quotient = below;
        return true;
    }
    char dose[2][AMOUNT_TEXT_BYTES];
    const char *mass_unit = daily ? "mg/day" : "mg", *unit = daily ? "nL/day" : "nL";
    amount_write(dose[0], below * conc.ng_ml, 12, 0, mass_unit);
    amount_write(dose[1], (below + 1) * conc.ng_ml, 12, 0, mass_unit);
    reader_complain(
        node, COMPLAINT_REFUSED,
        "not a whole number of %s at this concentration, and a dose is never rounded; nearest deliverable: %s "
        "(%lld %s) and %s (%lld %s)",
        unit, dose[0], (long long)below, unit, dose[1], (long long)below + 1, unit);
    masses_offer(node, mass, conc, daily);
    return false;
}

static bool rate_deliverable(const struct node *node, int64_t nl_day, conc_ng_ml conc, const struct model *model)
{
    int64_t least = model->rate_min.nl_day, most = model->rate_max.nl_day;
    if (nl_day >= least && nl_day <= most)
        return true;
    char rate[3][AMOUNT_TEXT_BYTES], dose[2][AMOUNT_TEXT_BYTES] = { "", "" };
    amount_write_flow(rate[0], nl_day);
    amount_write_flow(rate[1], least);
    amount_write_flow(rate[2], most);
    if (conc.ng_ml > 0) {
        amount_write(dose[0], least * conc.ng_ml, 12, 0, "mg/day, ");
        amount_write(dose[1], most * conc.ng_ml, 12, 0, "mg/day, ");
    }
    reader_complain(node, COMPLAINT_REFUSED,
                    "this is %s, which this pump cannot deliver; nearest deliverable: %s%s (least), "
                    "%s%s (most), or stopped",
                    rate[0], dose[0], rate[1], dose[1], rate[2]);
    return false;
}

bool prescription_flow(const struct node *node, enum need need, const struct mixture *mixture,
                       const struct model *model, rate_nl_day *rate)
{
    bool dose = reader_has(node, "dose"), flow = reader_has(node, "rate");
    int64_t value = 0;
    uint16_t drug = DRUG_NONE;
    conc_ng_ml conc = { 0 };
    if (!dose && !flow) {
        if (need == REQUIRED)
            reader_complain(node, COMPLAINT_MALFORMED,
                            "needs a \"dose\" (\"5 mg/day\") or a \"rate\" (\"0.2 mL/day\")");
        return false;
    }
    if (dose && flow) {
        reader_complain(node, COMPLAINT_MALFORMED, "has both \"dose\" and \"rate\"; write only one of them");
        return false;
    }
    struct node member = reader_member(node, dose ? "dose" : "rate", OPTIONAL);
    if (dose) {
        int64_t mass = 0;
        if (!dose_conc(node, mixture, &drug, &conc) ||
            !reader_amount(node, "dose", REQUIRED, DIMENSION_DOSE, 1, INT64_MAX / 2, &mass) ||
            !whole_quotient(&member, mass, conc, true, &value))
            return false;
    } else if (!reader_amount(node, "rate", REQUIRED, DIMENSION_FLOW, 1, INT64_MAX, &value)) {
        return false;
    }
    if (!rate_deliverable(&member, value, conc, model))
        return false;
    rate->nl_day = (int32_t)value;
    return true;
}

static bool bolus_volume(const struct node *node, const struct mixture *mixture, vol_nl dead_volume, vol_nl *volume)
{
    bool dose = reader_has(node, "dose");
    if (dose == reader_has(node, "volume")) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "needs either a \"dose\" (\"0.5 mg\") or a \"volume\" (\"0.02 mL\")");
        return false;
    }
    if (dose) {
        int64_t mass = 0;
        uint16_t drug = DRUG_NONE;
        conc_ng_ml conc = { 0 };
        struct node member = reader_member(node, "dose", OPTIONAL);
        return dose_conc(node, mixture, &drug, &conc) &&
               reader_amount(node, "dose", REQUIRED, DIMENSION_MASS, 1, INT64_MAX / 2, &mass) &&
               whole_quotient(&member, mass, conc, false, &volume->nl);
    }
    const char *text = json_string_value(json_object_get(node->value, "volume"));
    if (dead_volume.nl > 0 && text != NULL && strcmp(text, "dead volume") == 0) {
        *volume = dead_volume;
        return true;
    }
    return reader_amount(node, "volume", REQUIRED, DIMENSION_VOLUME, 1, VOL_NL_MAX, &volume->nl);
}

bool prescription_bolus(const struct node *node, const struct mixture *mixture, const struct model *model,
                        vol_nl dead_volume, vol_nl *volume, rate_nl_day *rate)
{
    vol_nl amount = { 0 };
    int64_t flow = 0, over = 0;
    bool timed = reader_has(node, "over");
    if (!bolus_volume(node, mixture, dead_volume, &amount))
        return false;
    if (timed == reader_has(node, "rate")) {
        reader_complain(node, COMPLAINT_MALFORMED,
                        "needs either a \"rate\" (\"1 mL/day\") or a span \"over\" which it runs "
                        "(\"10 min\")");
        return false;
    }
    struct node member = reader_member(node, timed ? "over" : "rate", OPTIONAL);
    if (timed) {
        if (!reader_amount(node, "over", REQUIRED, DIMENSION_SPAN, 1, INT64_C(60) * DAY_MS, &over))
            return false;
        flow = amount.nl * DAY_MS / over;
        if (amount.nl * DAY_MS % over != 0) {
            reader_complain(&member, COMPLAINT_REFUSED,
                            "does not make a whole number of nL/day; write the \"rate\": nearest "
                            "are \"%lld nL/day\" and \"%lld nL/day\"",
                            (long long)flow, (long long)flow + 1);
            return false;
        }
    } else if (!reader_amount(node, "rate", REQUIRED, DIMENSION_FLOW, 1, INT64_MAX, &flow)) {
        return false;
    }
    if (!rate_deliverable(&member, flow, (conc_ng_ml){ 0 }, model))
        return false;
    *volume = amount;
    rate->nl_day = (int32_t)flow;
    return true;
}

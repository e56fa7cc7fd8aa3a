/* medication.c - mixtures and drugs. A mixture made by a pharmacy has no code anywhere, and the codes of its drugs are to come
 * from a terminology's file, not from somebody's memory: drugs are told by their words. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/medication.h"

enum { NAMES_BYTES = 160 };

static void strength(struct bundle *bundle, conc_ng_ml conc)
{
    writer_object(&bundle->writer, "strength");
    bundle_quantity(bundle, "numerator", UNIT_CONC_MASS, conc.ng_ml);
    bundle_quantity(bundle, "denominator", UNIT_WHOLE_VOLUME, 1);
    writer_end(&bundle->writer);
}

/* "morphine with BUPivacaine" */
static void names(struct bundle *bundle, const uint16_t *drug, unsigned count)
{
    char text[NAMES_BYTES] = "drug-free fluid";
    size_t size = 0;
    for (unsigned i = 0; i < count && size < sizeof text; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", i > 0 ? " with " : "",
                                 drug_word(drug[i]) != NULL ? drug_word(drug[i]) : "a drug unknown here");
    code_concept(&bundle->writer, "code", CODE_NONE, text);
}

void fhir_medication_therapy(struct bundle *bundle, int64_t id, const struct mixture *mixture)
{
    struct writer *writer = &bundle->writer;
    uint16_t drug[MIXTURE_DRUGS_MAX];
    for (unsigned i = 0; i < mixture->count; i++)
        drug[i] = mixture->component[i].drug;
    bundle_open(bundle, (struct identity){ KIND_MEDICATION, id, MEDICATION_THERAPY });
    names(bundle, drug, mixture->count);
    if (mixture->count > 0)
        writer_array(writer, "ingredient");
    for (unsigned i = 0; i < mixture->count; i++) {
        writer_object(writer, NULL);
        code_concept(writer, "itemCodeableConcept", CODE_NONE, drug_word(drug[i]));
        writer_flag(writer, "isActive", true);
        strength(bundle, mixture->component[i].conc);
        writer_end(writer);
    }
    if (mixture->count > 0)
        writer_end(writer);
    bundle_close(bundle);
}

/* One drug as it came, with its lot. */
static void drug_write(struct bundle *bundle, const struct refill_record *refill, unsigned place)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_MEDICATION, refill->id, MEDICATION_DRUG + place });
    names(bundle, &refill->drug[place].drug, 1);
    if (*refill->drug[place].lot != '\0') {
        writer_object(writer, "batch");
        writer_text(writer, "lotNumber", refill->drug[place].lot);
        writer_end(writer);
    }
    bundle_close(bundle);
}

void fhir_medication_refill(struct bundle *bundle, const struct refill_record *refill)
{
    struct writer *writer = &bundle->writer;
    uint16_t drug[MIXTURE_DRUGS_MAX];
    for (unsigned i = 0; i < refill->drugs; i++)
        drug[i] = refill->drug[i].drug;
    bundle_open(bundle, (struct identity){ KIND_MEDICATION, refill->id, MEDICATION_REFILL });
    names(bundle, drug, refill->drugs);
    if (refill->drugs > 0)
        writer_array(writer, "ingredient");
    for (unsigned i = 0; i < refill->drugs; i++) {
        writer_object(writer, NULL);
        bundle_reference(bundle, "itemReference",
                         (struct identity){ KIND_MEDICATION, refill->id, MEDICATION_DRUG + i });
        writer_flag(writer, "isActive", true);
        strength(bundle, refill->drug[i].conc);
        writer_end(writer);
    }
    if (refill->drugs > 0)
        writer_end(writer);
    bundle_close(bundle);
    for (unsigned i = 0; i < refill->drugs; i++)
        drug_write(bundle, refill, i);
}

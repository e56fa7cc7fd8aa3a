/* device.c - pumps and catheters. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/device.h"

static void property(struct bundle *bundle, const char *text, enum unit unit, int64_t value)
{
    struct writer *writer = &bundle->writer;
    writer_object(writer, NULL);
    code_concept(writer, "type", CODE_NONE, text);
    writer_array(writer, "valueQuantity");
    bundle_quantity(bundle, NULL, unit, value);
    writer_end(writer);
    writer_end(writer);
}

static void name(struct bundle *bundle, const char *text, const char *type)
{
    struct writer *writer = &bundle->writer;
    if (text == NULL || *text == '\0')
        return;
    writer_array(writer, "deviceName");
    writer_object(writer, NULL);
    writer_text(writer, "name", text);
    writer_text(writer, "type", type);
    writer_end(writer);
    writer_end(writer);
}

/* A serial number tells whose pump it is to anybody who has seen an implant card: it counts as a name. */
void fhir_pump(struct bundle *bundle, const struct implant *implant)
{
    struct writer *writer = &bundle->writer;
    const char *model = model_name(implant->model);
    bundle_open(bundle, (struct identity){ KIND_DEVICE, implant->id, PART_WHOLE });
    writer_text(writer, "status", implant->explanted_ms == 0 ? "active" : "inactive");
    if (bundle->clear)
        writer_text(writer, "serialNumber", implant->serial);
    name(bundle, model, "model-name");
    writer_text(writer, "modelNumber", model);
    code_concept(writer, "type", CODE_DEVICE_PUMP, "implanted intrathecal infusion pump, simulated");
    writer_array(writer, "property");
    property(bundle, "revision of the model's constants", UNIT_COUNT, implant->revision);
    property(bundle, "calibration of this unit: true quantum over nominal, less one", UNIT_PPM,
             implant->calibration.ppm);
    writer_end(writer);
    bundle_reference(bundle, "patient", (struct identity){ KIND_PATIENT, implant->patient, PART_WHOLE });
    bundle_close(bundle);
}

void fhir_catheter(struct bundle *bundle, const struct catheter *catheter, int64_t patient)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_DEVICE, catheter->id, DEVICE_CATHETER });
    writer_text(writer, "status", catheter->removed_ms == 0 ? "active" : "inactive");
    name(bundle, catheter->kind, "manufacturer-name");
    code_concept(writer, "type", CODE_NONE, "intrathecal catheter, simulated");
    writer_array(writer, "property");
    property(bundle, "length as implanted", UNIT_LENGTH, catheter->length_mm);
    property(bundle, "volume of tubing and catheter", UNIT_VOLUME, catheter->dead_volume.nl);
    writer_end(writer);
    bundle_reference(bundle, "patient", (struct identity){ KIND_PATIENT, patient, PART_WHOLE });
    bundle_reference(bundle, "parent", (struct identity){ KIND_DEVICE, catheter->implant, PART_WHOLE });
    bundle_close(bundle);
}

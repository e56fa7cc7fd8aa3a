/* use.c - that a patient has a device, and since when. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/use.h"

static void use(struct bundle *bundle, struct identity device, unsigned part, int64_t patient, int64_t from_ms,
                int64_t to_ms)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_USE, device.row, part });
    writer_text(writer, "status", to_ms == 0 ? "active" : "completed");
    bundle_reference(bundle, "subject", (struct identity){ KIND_PATIENT, patient, PART_WHOLE });
    bundle_period(bundle, "timingPeriod", from_ms, to_ms);
    bundle_reference(bundle, "device", device);
    bundle_close(bundle);
}

void fhir_use_pump(struct bundle *bundle, const struct implant *implant)
{
    use(bundle, (struct identity){ KIND_DEVICE, implant->id, PART_WHOLE }, PART_WHOLE, implant->patient,
        implant->implanted_ms, implant->explanted_ms);
}

void fhir_use_catheter(struct bundle *bundle, const struct catheter *catheter, int64_t patient)
{
    use(bundle, (struct identity){ KIND_DEVICE, catheter->id, DEVICE_CATHETER }, USE_CATHETER, patient,
        catheter->placed_ms, catheter->removed_ms);
}

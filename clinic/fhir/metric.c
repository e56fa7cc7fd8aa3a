/* metric.c - what a pump can tell about itself. Nothing in it is a measurement: the flow is a setting, and the volume left is the
 * pump's calculation, even where a fill sensor exists, for that is what therapy goes by. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/metric.h"

static void metric(struct bundle *bundle, const struct implant *implant, unsigned part, enum code code,
                   const char *text, const char *category)
{
    struct writer *writer = &bundle->writer;
    bundle_open(bundle, (struct identity){ KIND_METRIC, implant->id, part });
    code_concept(writer, "type", code, text);
    bundle_reference(bundle, "source", (struct identity){ KIND_DEVICE, implant->id, PART_WHOLE });
    writer_text(writer, "operationalStatus", implant->explanted_ms == 0 ? "on" : "off");
    writer_text(writer, "category", category);
    writer_array(writer, "calibration");
    writer_object(writer, NULL);
    writer_text(writer, "type", "gain");
    writer_text(writer, "state", "calibrated");
    writer_end(writer);
    writer_end(writer);
    bundle_close(bundle);
}

void fhir_metrics(struct bundle *bundle, const struct implant *implant)
{
    metric(bundle, implant, METRIC_FLOW, CODE_METRIC_FLOW, "flow of the pump, as set", "setting");
    metric(bundle, implant, METRIC_RESERVOIR, CODE_METRIC_RESERVOIR,
           "volume left in the reservoir, as the pump calculates it", "calculation");
}

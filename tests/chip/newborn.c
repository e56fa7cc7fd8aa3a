/* newborn.c - what the factory writes into a pump, as it stands in the chip's memory: `newborn unit` tells a struct pump_unit,
 * `newborn retained` the retained memory. For core_test.py. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "pump/pump.h"

int main(int count, char **argument)
{
    static uint64_t retained[RETAINED_BYTES / 8];
    struct pump_unit unit = { .serial = "SIM-0001", .software = 1 };
    const struct board board = { .retained = retained };
    unit.model = *model_named("C20");
    pump_make(&board, (instant_ms){ 0 });
    if (count == 2 && strcmp(argument[1], "unit") == 0)
        return fwrite(&unit, sizeof unit, 1, stdout) == 1 ? 0 : 1;
    return fwrite(retained, sizeof retained, 1, stdout) == 1 ? 0 : 1;
}

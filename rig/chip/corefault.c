// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/corefault.h"

#include "rig/rig.h"

json_t *corefault_next(struct chip *chip)
{
    struct bus_fault fault;
    if (chip == NULL || !chip_fault(chip, &fault))
        return NULL;
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "fault", chip_fault_word(fault.kind), "status",
                     (json_int_t)fault.status, "address", (json_int_t)fault.address, "pc", (json_int_t)fault.pc, "lr",
                     (json_int_t)fault.lr, "psr", (json_int_t)fault.psr);
}

const char *corefault_stuck(const struct rig *rig)
{
    return rig->chip != NULL && chip_end(rig->chip) == CHIP_LOST ? chip_why(rig->chip)
                                                                 : "the pump asked for the same instant over and over";
}

/* layout.h - the addresses that the linker script decides (chip/pump.ld). They are not variables: only their addresses mean
 * anything. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CHIP_LAYOUT_H
#define CHIP_LAYOUT_H

#include <stdint.h>

enum { LAYOUT_NULL_BYTES = 256, LAYOUT_GUARD_BYTES = 256 }; /* as in the linker script */

extern const uint8_t layout_code_end[];                       /* of all that is loaded */
extern uint32_t layout_guard[];                               /* below the stack: nobody's */
extern uint32_t layout_stack[], layout_stack_top[];           /* the pump's */
extern uint32_t layout_handler_stack[], layout_handler_top[]; /* the exceptions' */
extern const uint8_t layout_flash[];                          /* the twin's copy of the flash (board/SPEC.md) */
extern uint32_t layout_clear[], layout_clear_end[];           /* what a start clears */

#endif

/* wish.h - commands and receipts between their members in core/ and their messages on the air (link/cisterna.proto). One walk for
 * each way, used by pump and programmer alike. */
// SPDX-License-Identifier: Apache-2.0
#ifndef LINK_WISH_H
#define LINK_WISH_H

#include "core/command.h"
#include "link/cisterna.pb.h"

/* False for a command that the message cannot hold. */
bool wish_from_command(const struct command *command, cisterna_Command *wish);
/* False, and *command untouched, when the message names no wish or a member lies outside what its type can hold. Ranges are
 * judged where the command's bytes are encoded (core/command.h). */
bool wish_to_command(const cisterna_Command *wish, struct command *command);
void wish_from_receipt(const struct receipt *receipt, cisterna_Receipt *told);
/* False for a receipt that cannot be one. */
bool wish_to_receipt(const cisterna_Receipt *told, struct receipt *receipt);
/* Concentrations of a mixture, both ways. */
void wish_from_mixture(const struct mixture *mixture, cisterna_Mixture *told);
bool wish_to_mixture(const cisterna_Mixture *told, struct mixture *mixture);

#endif

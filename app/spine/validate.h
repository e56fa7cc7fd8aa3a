/* validate.h - `cisterna spine validate`: published figures beside the model's, of the typical adult and of a crowd. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_VALIDATE_H
#define APP_SPINE_VALIDATE_H

/* words[0] is "validate". Returns the exit code; a row that misses is no failure. */
int validate_main(int count, char **words);

#endif

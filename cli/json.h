/* SPDX-License-Identifier: BSD-3-Clause */
/* The little JSON that the commands print themselves. */
#ifndef CRN_CLI_JSON_H
#define CRN_CLI_JSON_H

#include <stdio.h>

/* A quoted and escaped string; NULL is null. */
void json_string(FILE *out, const char *text);
/* A number; NaN and infinities, which JSON cannot say, are null. */
void json_number(FILE *out, double value);

#endif

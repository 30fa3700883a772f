/* SPDX-License-Identifier: BSD-3-Clause */
/* Help, version, man page and completions, from the tables of commands and options. */
#ifndef CRN_CLI_HELP_H
#define CRN_CLI_HELP_H

#include <stdio.h>

#include "options.h"

int print_version(void);
int print_overview(FILE *out);
int print_command_help(command_id command);

#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* What --help prints. One thread at a time for each stream. */
#pragma once

#include <stdio.h>

#include "table.h"

/** Print the text of `tlsweep COMMAND --help`, in lines of at most 80 columns. */
void op_help_command(const struct op_command *command, FILE *out);

/** Print the list of commands. */
void op_help_usage(FILE *out);

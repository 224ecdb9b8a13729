/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdio.h>

#include "table.h"

/** Print the text of `tlsweep COMMAND --help`, in lines of at most 80 columns. */
void sw_command_help(const struct sw_command *command, FILE *out);

/** Print the list of commands. */
void sw_usage(FILE *out);

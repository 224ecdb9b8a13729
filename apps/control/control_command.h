/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/**
 * `tlsweep control DIR COMMAND...`: give a running scan a command and print its answer.
 * @param argv  in: argv[0] is "control"
 * @return SW_EXIT_DONE, SW_EXIT_USAGE, or SW_EXIT_SETUP: no scan there, or its answer is an error
 */
int control_command(int argc, char **argv);

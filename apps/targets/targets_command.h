/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/**
 * `tlsweep targets`: print what a scan would probe, without probing it. Main thread.
 * @param argc, argv  in: argv[0] is "targets"; getopt may change the order of the pointers
 * @return UT_EXIT_DONE; UT_EXIT_USAGE: the command line is wrong; UT_EXIT_SETUP: a list cannot be
 *         read, or memory is short; UT_EXIT_OUTPUT: standard output cannot be written
 */
int targets_command(int argc, char **argv);

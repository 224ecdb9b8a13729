/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/**
 * `tlsweep control DIR COMMAND...`: give a running scan a command and print its answer. Main
 * thread; waits for the answer.
 * @param argc, argv  in: argv[0] is "control"; options stand before DIR
 * @return UT_EXIT_DONE; UT_EXIT_USAGE: the command line is wrong; UT_EXIT_SETUP: no scan is running
 *         there, or its answer is an error
 */
int ctl_command_run(int argc, char **argv);

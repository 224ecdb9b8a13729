/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/**
 * `tlsweep control DIR COMMAND...`: give a running scan a command and print its answer.
 * @param argc, argv  in: argv[0] is "control"; its options stand before DIR. Main thread.
 * @return UT_EXIT_DONE, UT_EXIT_USAGE, or UT_EXIT_SETUP: no scan there, or its answer is an error
 */
int ctl_command_run(int argc, char **argv);

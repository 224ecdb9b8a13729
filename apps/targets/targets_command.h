/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/** `tlsweep targets`: argv[0] is "targets". @return an enum ut_exit. Main thread. */
int targets_command(int argc, char **argv);

/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with options as a whole, though each of them is well formed. Pure; any thread. */
#pragma once

#include "options.h"

/**
 * Check the options of `tlsweep targets`.
 * @param options  in: complete
 * @return a constant sentence; NULL: nothing is wrong
 */
const char *op_fault_of_targets(const struct op_options *options);

/**
 * Check the options of `tlsweep scan`.
 * @param options  in: complete
 * @return a constant sentence; NULL: nothing is wrong
 */
const char *op_fault_of_scan(const struct op_options *options);

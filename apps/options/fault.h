/* SPDX-License-Identifier: BSD-3-Clause */
/* What is wrong with options as a whole, though each of them is well formed. Pure. */
#pragma once

#include "options.h"

/** Of `tlsweep targets`. @return one sentence; NULL: nothing is wrong */
const char *op_targets_fault(const struct op_options *options);

/** Of a scan. @return one sentence; NULL: nothing is wrong */
const char *op_scan_fault(const struct op_options *options);

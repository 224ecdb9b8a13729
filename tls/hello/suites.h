/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by suites*.c. */
#pragma once

#include "flight.h"

struct hl_suite {
	uint16_t code;
	const char *name;
};

/** The name of a suite that IANA's registry does not have; "unknown" if it has none. Any thread. */
const char *hl_suite_legacy_name(uint16_t suite);

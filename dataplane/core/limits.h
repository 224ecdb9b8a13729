/* SPDX-License-Identifier: BSD-3-Clause */
/* How many cores a scan may have. */
#pragma once

#define DP_MAX_POLL 16
#define DP_MAX_TLS  64

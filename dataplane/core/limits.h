/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of each a scan may be asked for. The code below sizes its fields and arrays by these,
 * options have them as the ends of their ranges. */
#pragma once

#define DP_MAX_POLL	   16
#define DP_MAX_TLS	   64
#define DP_MAX_PROBES	   16		      /* of one target */
#define DP_MAX_DECOYS	   8		      /* decoy ports of a responder */
#define DP_MAX_CONNECTIONS (4u * 1024 * 1024) /* per poll core */

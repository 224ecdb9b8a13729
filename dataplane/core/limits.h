/* SPDX-License-Identifier: BSD-3-Clause */
/* The largest numbers that a scan can be asked for. They size fields and arrays, and they are the
 * upper ends of the ranges of options. */
#pragma once

#define DP_MAX_POLL	   16
#define DP_MAX_TLS	   64
#define DP_MAX_PROBES	   16		      /* of one target */
#define DP_MAX_DECOYS	   8		      /* decoy ports of a responder */
#define DP_MAX_CONNECTIONS (4u * 1024 * 1024) /* per poll core */

/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why we, and not the server, left a session before it was done: one word for each reason, for
 * programs that read records. The sentence beside it is for people.
 */
#pragma once

/* What the first three call too large is what this build or an option does not take. */
enum tl_cause {
	TL_CAUSE_NONE,
	TL_CAUSE_CERTIFICATE_TOO_LARGE, /* the Certificate message, all of it */
	TL_CAUSE_DHE_TOO_LARGE,		/* the prime of a DHE key exchange */
	TL_CAUSE_KEY_TOO_LARGE,		/* the RSA modulus in the server's own certificate */
	TL_CAUSE_EXPONENT_TOO_LARGE,	/* the RSA exponent there: beyond 64 bits no work is done */
	TL_CAUSE_BUDGET,	    /* dear operations have had their share of the core's time */
	TL_CAUSE_SESSION_TOO_LARGE, /* more bytes than a session may take in */
	TL_CAUSE_MEMORY,	    /* more memory than a session may take */
	TL_CAUSE_IDLE,		    /* too many warnings, or records without data */
	TL_N_CAUSE
};

/** The word of the JSON, "dhe-too-large"; NULL for TL_CAUSE_NONE and what is none. */
const char *tl_cause_name(enum tl_cause cause);

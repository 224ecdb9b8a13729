/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why we, and not the server, ended a session early: one word for each reason, for programs that
 * read records. tl_result.error is the sentence for people.
 */
#pragma once

/* Too large is what this build or an option does not accept. */
enum tl_cause {
	TL_CAUSE_NONE,
	TL_CAUSE_CERTIFICATE_TOO_LARGE, /* the Certificate message, all of it */
	TL_CAUSE_DHE_TOO_LARGE,		/* the prime of a DHE key exchange */
	TL_CAUSE_KEY_TOO_LARGE,		/* the RSA modulus in the server's own certificate */
	TL_CAUSE_EXPONENT_TOO_LARGE,	/* the RSA exponent there has more than 64 bits */
	TL_CAUSE_BUDGET,		/* dear operations have used up their share of time */
	TL_CAUSE_SESSION_TOO_LARGE,	/* more bytes than a session may take in */
	TL_CAUSE_MEMORY,		/* more memory than a session may take */
	TL_CAUSE_OUTPUT,		/* more to send than the server takes */
	TL_CAUSE_RECORDS,		/* too many records without data */
	TL_CAUSE_WARNINGS,		/* too many warning alerts */
	TL_N_CAUSE
};

/** The word of the JSON, "dhe-too-large"; NULL for TL_CAUSE_NONE and for what is not a cause. */
const char *tl_cause_name(enum tl_cause cause);

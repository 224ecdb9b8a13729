/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which options --resume takes from the scan.conf of an output folder.
 *
 * A scan is often run as root, and the folder may be the user's who called sudo, or was let pass
 * with --unsafe-output-dir. What a file there says must not load code or have a file written; what
 * has a file read, of which a message may then show a line, it may say only when it is our own.
 */
#pragma once

#include "table.h"

enum op_trust {
	OP_TRUST_TAKE,
	OP_TRUST_PASS_OVER, /* it has no say here */
	OP_TRUST_WITHHOLD,  /* the user has to give it again */
};

/**
 * Is a value to be taken?
 * @param option  in: its row says what can be done with it
 * @param value   in: its text
 * @param own     in: the file belongs to the effective user
 */
enum op_trust op_config_trust(const struct op_option *option, const char *value, bool own);

/** What becomes of options of this kind, in Markdown for docs/; NULL: they are taken. */
const char *op_config_trust_doc(enum op_resume resume);

/** Why an option may be withheld, for "is not taken from there, since ...". */
const char *op_config_trust_why(const struct op_option *option);

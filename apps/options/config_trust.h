/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which options --resume takes from the scan.conf of an output folder.
 *
 * A scan is often run as root, and another user may be able to write to the folder: the one who
 * called sudo, or anybody with --unsafe-output-dir. So a value of the file there must not load code
 * or name a file to be written. It may name a file to be read, of which a message could show a
 * line, only if the scan.conf belongs to the effective user. Any thread.
 */
#pragma once

#include "table.h"

enum op_trust {
	OP_TRUST_TAKE,	    /* the value is taken */
	OP_TRUST_PASS_OVER, /* the value is ignored */
	OP_TRUST_WITHHOLD,  /* the value is not taken: the user has to give it again */
};

/**
 * Is a value of scan.conf taken?
 * @param option  in: its row; resume says what the value could do
 * @param value   in: its text
 * @param own     in: the file belongs to the effective user
 */
enum op_trust op_config_trust(const struct op_option *option, const char *value, bool own);

/** What --resume does with options of this kind, in Markdown for docs/; NULL: they are taken. */
const char *op_config_trust_doc(enum op_resume resume);

/** Why an option is withheld, for the end of a sentence: "since ...". Constant. */
const char *op_config_trust_why(const struct op_option *option);

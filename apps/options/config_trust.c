/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_trust.h"

#include <string.h>

#include "apps/util/folder.h"

/* Does a value of --interface name a device and nothing more? Arguments of the lab are read by this
 * program alone. Arguments of a device of DPDK follow behind a comma, and xdp_prog= loads code.
 * Captures and sockets are files. */
static bool names_device_alone(const char *interface)
{
	if (strncmp(interface, "lab:", 4) == 0)
		return true;
	return strncmp(interface, "pcap:", 5) != 0 && strncmp(interface, "memif:", 6) != 0 &&
	       strpbrk(interface, ",/") == NULL;
}

enum op_trust op_config_trust(const struct op_option *option, const char *value, bool own)
{
	switch (option->resume) {
	case OP_RESUME_CODE:
		return OP_TRUST_WITHHOLD;
	case OP_RESUME_DEVICE:
		return names_device_alone(value) ? OP_TRUST_TAKE : OP_TRUST_WITHHOLD;
	case OP_RESUME_LIST:
		return own || strcmp(value, "-") == 0 ? OP_TRUST_TAKE : OP_TRUST_WITHHOLD;
	case OP_RESUME_PASS_OVER:
		return OP_TRUST_PASS_OVER;
	default:
		return OP_TRUST_TAKE;
	}
}

const char *op_config_trust_why(const struct op_option *option)
{
	switch (option->resume) {
	case OP_RESUME_CODE:
		return "since it can load code";
	case OP_RESUME_DEVICE:
		return "since it names more than a device, and so can load code or have files "
		       "written";
	default:
		return "since it names a file to be read, and " UT_CONFIG_FILE
		       " belongs to another user";
	}
}

const char *op_config_trust_doc(enum op_resume resume)
{
	static const char *const docs[] = {
		[OP_RESUME_TAKE] = NULL,
		[OP_RESUME_PASS_OVER] = "ignored: the folder is where it is",
		[OP_RESUME_CODE] = "never taken: DPDK loads code that it names (`-d`)",
		[OP_RESUME_DEVICE] =
			"taken if it is only a device (`eth1`, `0000:03:00.0`, `af_xdp:eth1`, "
			"`tap:NAME`, `lab`). Not taken: `pcap:` and `memif:`, which write files, "
			"and anything with a comma or slash, after which a device's own arguments "
			"may load code",
		[OP_RESUME_LIST] =
			"taken if `scan.conf` belongs to the user who runs the scan. These files "
			"are read, and a line that is not a target is shown in the message. If "
			"somebody else could choose the file, it could be any file",
	};

	return docs[resume];
}

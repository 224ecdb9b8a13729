/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_trust.h"

#include <string.h>

#include "apps/util/folder.h"

/* The lab's words are our own. All others reach a device of DPDK's, whose arguments follow behind a
 * comma (xdp_prog= loads code), and captures and sockets are files themselves. */
static bool names_device_alone(const char *interface)
{
	if (strncmp(interface, "lab:", 4) == 0)
		return true;
	return strncmp(interface, "pcap:", 5) != 0 && strncmp(interface, "memif:", 6) != 0 &&
	       strpbrk(interface, ",/") == NULL;
}

enum sw_trust sw_config_trust(const struct sw_option *option, const char *value, bool own)
{
	switch (option->resume) {
	case SW_RESUME_CODE:
		return SW_TRUST_WITHHOLD;
	case SW_RESUME_DEVICE:
		return names_device_alone(value) ? SW_TRUST_TAKE : SW_TRUST_WITHHOLD;
	case SW_RESUME_LIST:
		return own || strcmp(value, "-") == 0 ? SW_TRUST_TAKE : SW_TRUST_WITHHOLD;
	case SW_RESUME_PASS_OVER:
		return SW_TRUST_PASS_OVER;
	case SW_RESUME_TAKE:
		break;
	}
	return SW_TRUST_TAKE;
}

const char *sw_config_trust_why(const struct sw_option *option)
{
	switch (option->resume) {
	case SW_RESUME_CODE:
		return "since it can load code";
	case SW_RESUME_DEVICE:
		return "since it names more than a device, and so can load code or have files "
		       "written";
	default:
		return "since it names a file to be read, and " SW_CONFIG_NAME
		       " belongs to another user";
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_trust.h"

#include "apps/util/folder.h"
#include "options_internal.h"

#include <string.h>

/* The lab's words are our own. All others reach a device of DPDK's, whose arguments follow behind a
 * comma (xdp_prog= loads code), and captures and sockets are files themselves. */
static bool names_device_alone(const char *interface)
{
	if (strncmp(interface, "lab:", 4) == 0)
		return true;
	return strncmp(interface, "pcap:", 5) != 0 && strncmp(interface, "memif:", 6) != 0 &&
	       strpbrk(interface, ",/") == NULL;
}

enum sw_trust sw_config_trust(int key, const char *value, bool own)
{
	switch (key) {
	case SW_KEY_EAL:
		return SW_TRUST_WITHHOLD;
	case SW_KEY_INTERFACE:
		return names_device_alone(value) ? SW_TRUST_TAKE : SW_TRUST_WITHHOLD;
	case SW_KEY_ALLOW_FILE:
	case SW_KEY_EXCLUDE_FILE:
	case SW_KEY_PAIRS:
		return own || strcmp(value, "-") == 0 ? SW_TRUST_TAKE : SW_TRUST_WITHHOLD;
	case SW_KEY_OUTPUT_DIR:
		return SW_TRUST_PASS_OVER;
	default:
		return SW_TRUST_TAKE;
	}
}

const char *sw_config_trust_why(int key)
{
	switch (key) {
	case SW_KEY_EAL:
		return "since it can load code";
	case SW_KEY_INTERFACE:
		return "since it names more than a device, and so can load code or have files "
		       "written";
	default:
		return "since it names a file to be read, and " SW_CONFIG_NAME
		       " belongs to another user";
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "dialog_harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	fuzz_dialog(DL_XMPP_CLIENT, data, len);
	return 0;
}

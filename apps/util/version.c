/* SPDX-License-Identifier: BSD-3-Clause */
#include "version.h"

#include "commit.h"

const char sw_commit[] = SW_COMMIT;

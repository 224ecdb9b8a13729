/* SPDX-License-Identifier: BSD-3-Clause */
#include "version.h"

#include "commit.h"

const char ut_commit[] = UT_COMMIT;

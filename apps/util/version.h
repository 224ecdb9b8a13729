/* SPDX-License-Identifier: BSD-3-Clause */
/* Which tlsweep this is. */
#pragma once

/* The release. meson.build names the same one, and a test compares the two. */
#define UT_VERSION "0.1.0"

/* The commit it was built from, as `git describe` names it. "": not built in a git work tree. */
extern const char ut_commit[];

/* SPDX-License-Identifier: BSD-3-Clause */
/* The packaged library describes itself in a header of this name; ours is described by
 * user_settings.h. */
#pragma once

#ifndef WOLFSSL_USER_SETTINGS
#define WOLFSSL_USER_SETTINGS
#endif

/* SPDX-License-Identifier: BSD-3-Clause */
/* wolfSSL's headers, with the settings its library was built with. */
#pragma once

#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* The release; meson.build names the same one, and a test holds the two together. */
#define SW_VERSION "0.1.0"

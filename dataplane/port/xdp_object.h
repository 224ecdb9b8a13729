/* SPDX-License-Identifier: BSD-3-Clause */
/* The object of own_frame.bpf.c, written by embed.py. It is part of the binary: so it always fits
 * the binary, and nobody else's file is loaded into the kernel. */
#pragma once

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

extern const uint8_t dp_xdp_object[];
extern const size_t dp_xdp_object_len; /* bytes */

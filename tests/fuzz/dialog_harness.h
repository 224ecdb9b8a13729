/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One fuzz input is one dialog: a byte of flags, a byte of piece length (0: no pieces), then what
 * the peer says. Bytes that no text protocol uses steer the owner: end of a read, timer, close,
 * failed handshake.
 */
#pragma once

#include "tls/dialog/dialog.h"

enum fuzz_flag {
	FUZZ_IMPLICIT = 0x01,
	FUZZ_HOST = 0x02,
	FUZZ_RETRY = 0x04,
	FUZZ_NO_POST = 0x08,
	FUZZ_LATE_CREDIT = 0x10,
};

enum fuzz_mark {
	FUZZ_END_OF_READ = 0xf0, /* the handshake succeeds if it is due */
	FUZZ_TIMER = 0xf1,
	FUZZ_EOF = 0xf2,
	FUZZ_ALERT = 0xf3,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/** Play the input, check what holds for every dialog, and that other pieces give the same findings.
 */
void fuzz_dialog(enum dl_proto proto, const uint8_t *data, size_t len);

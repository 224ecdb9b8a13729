/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions against `openssl s_server` on loopback. */
#pragma once

#include "tls/session/session.h"

extern char sserver_dir[256]; /* of certs_make(): where s_server runs */
extern struct tl_worker *sserver_worker;

/*
 * One session with one s_server.
 * options: s_server's words but for -accept; command: for its standard input once the handshake is
 * complete, NULL: none; until: step at which the session has done what was asked for.
 */
struct tl_result *sserver_talk(const char *options, const char *command, enum tl_step until);

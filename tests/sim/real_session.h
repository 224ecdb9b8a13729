/* SPDX-License-Identifier: BSD-3-Clause */
/* The sessions of tls/session for a simulation's TLS core. */
#pragma once

#include "tests/sim/tls_core.h"

/** @param worker  in: makes the sessions; borrowed */
struct sim_session_ops real_session_ops(struct tl_worker *worker);

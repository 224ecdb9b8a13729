/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recorded exchanges, played to a dialog by a model of its owner: credits are granted when asked
 * for, handshakes succeed, timers fire when the script says so. Each exchange is played whole, byte
 * by byte, in every two-way split of every step, and in seeded random splits, and must leave the
 * same findings.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tap.h"
#include "tls/dialog/dialog.h"

enum step_kind {
	STEP_END,
	STEP_SAY,   /* the peer sends bytes */
	STEP_TIMER, /* nothing more comes until the deadline */
	STEP_EOF,   /* the peer closes */
	STEP_ALERT, /* the handshake fails */
};

struct step {
	enum step_kind kind;
	const char *bytes;
	size_t len;
};

#define SAY(text)                                \
	{                                        \
		STEP_SAY, text, sizeof(text) - 1 \
	}
#define TIMER                       \
	{                           \
		STEP_TIMER, NULL, 0 \
	}
#define PEER_CLOSES               \
	{                         \
		STEP_EOF, NULL, 0 \
	}
#define HANDSHAKE_FAILS             \
	{                           \
		STEP_ALERT, NULL, 0 \
	}
#define STEPS(...) ((const struct step[]){__VA_ARGS__, {STEP_END, NULL, 0}})

struct exchange {
	const char *proves; /* an English sentence */
	enum dl_proto proto;
	bool implicit, retry;
	const char *host; /* NULL: none known */
	const struct step *steps;
	const char *sent;    /* all we send; "{tls}" stands where the handshake happens */
	const char *verdict; /* "status stage class code" */
	const char *facts;   /* flags that are set, then the lists; NULL: not looked at */
};

struct play {
	struct dl_dialog dialog;
	struct dl_out out;
	char sent[4096];
	size_t sent_len;
	bool late_credit; /* grant only when the step is over */
	uint64_t now_us;
	uint32_t n_turns; /* calls into the dialog */
};

#define TEST_ADDR "192.0.2.1"

extern const struct dl_config test_config;

/** Begin; where a step is cut into pieces is up to the caller. */
void play_start(struct play *play, const struct exchange *exchange);

/** Begin without a script. */
void play_begin(struct play *play, enum dl_proto proto);

/** Give bytes, unless the dialog has ended or waits for TLS; then do what it asks for. */
void play_say(struct play *play, const char *bytes, size_t len);

/** The same with a text. */
void play_say_text(struct play *play, const char *text);

/** Play one step, its bytes in one piece. */
void play_step(struct play *play, const struct step *step);

/** Play all of it, each step in one piece. */
void play_whole(struct play *play, const struct exchange *exchange);

/** "success bye none 220" */
const char *play_verdict(const struct play *play);

/** "advertised ok | caps=A;B auth=X" */
const char *play_facts(const struct play *play);

/** The raw text of one phase, NUL-terminated in a buffer of its own. */
const char *play_text(const struct play *play, enum dl_text text);

/**
 * Play it byte by byte, in every two-way split of every step, and in seeded random splits, with the
 * credit granted at once and late.
 * @param where  out: the first cut that gave other findings than the whole
 */
bool same_however_cut(
	const struct exchange *exchange, const struct play *whole, char *where, size_t size);

/* Hold each exchange against what it should give, whole and cut. */
static inline void check_exchanges(const struct exchange *exchanges, size_t n)
{
	static struct play whole;

	for (size_t i = 0; i < n; i++) {
		const struct exchange *exchange = &exchanges[i];
		char where[64] = "";

		play_whole(&whole, exchange);
		tap_about("%s, %s", dl_proto_name(exchange->proto), exchange->proves);
		tap_str(play_verdict(&whole), exchange->verdict, "the verdict is the right one");
		tap_str(whole.sent, exchange->sent, "we say the right things in the right order");
		if (exchange->facts != NULL)
			tap_str(play_facts(&whole), exchange->facts,
				"the facts that were heard are kept");
		same_however_cut(exchange, &whole, where, sizeof(where));
		tap_str(where, "", "no way to cut what is heard changes that");
		tap_about(NULL);
	}
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include "dialog.h"

#include <string.h>

#include "alert.h"
#include "frame.h"
#include "turn.h"

_Static_assert(DL_HOST_MAX == DL_NAME_MAX, "a name that passes must fit");
_Static_assert(sizeof(struct dl_talk) <= 12 * 1024, "a talk is a pool element, keep it small");

void dl_config_default(struct dl_config *config)
{
	*config = (struct dl_config){
		.ehlo_name = "",
		.user_agent = "",
		.greeting_us = DL_GREETING_US,
		.reply_us = DL_REPLY_US,
		.irc_hello_us = DL_IRC_HELLO_US,
		.irc_starttls_us = DL_IRC_STARTTLS_US,
		.handshake_us = DL_HANDSHAKE_US,
		.bye_us = DL_BYE_US,
		.max_lines = 128,
		.max_phase_bytes = 16 * 1024,
		.post_tls = true,
	};
}

/* Tell the owner what to do next: it follows from the state alone. */
static void turn_end(const struct dl_turn *turn)
{
	const struct dl_talk *talk = turn->talk;

	turn->out->deadline_us = talk->deadline_us;
	switch ((enum dl_state)talk->state) {
	case DL_STATE_CREDIT:
		turn->out->next = DL_NEXT_CREDIT;
		break;
	case DL_STATE_TLS:
		turn->out->next = DL_NEXT_TLS;
		break;
	case DL_STATE_DONE:
		turn->out->next = talk->class == DL_CLASS_HOST_UNKNOWN &&
						  talk->reconnect_host[0] != '\0'
					  ? DL_NEXT_RECONNECT
					  : DL_NEXT_DONE;
		break;
	default:
		turn->out->next = DL_NEXT_READ;
		break;
	}
}

static enum dl_text text_of(const struct dl_talk *talk)
{
	switch ((enum dl_state)talk->state) {
	case DL_STATE_GREET:
		return DL_TEXT_BANNER;
	case DL_STATE_HELLO:
		return talk->in_tls ? DL_TEXT_HELLO_TLS : DL_TEXT_HELLO;
	case DL_STATE_HELO:
		return talk->in_tls ? DL_TEXT_HELLO_TLS : DL_TEXT_HELO;
	case DL_STATE_BYE:
		return DL_TEXT_QUIT;
	default:
		return DL_TEXT_STARTTLS;
	}
}

static bool is_reading(const struct dl_talk *talk)
{
	switch ((enum dl_state)talk->state) {
	case DL_STATE_CREDIT:
	case DL_STATE_TLS:
	case DL_STATE_DONE:
		return false;
	default:
		return true;
	}
}

static struct dl_word line_of(const struct dl_talk *talk)
{
	return (struct dl_word){talk->line, talk->line_len};
}

static bool looks_like_tls(const struct dl_talk *talk)
{
	return !talk->in_tls && dl_tls_record_begins(line_of(talk));
}

/* Has the protocol accepted a line or a tag as its own? An XML declaration is not yet XMPP. */
static bool is_proof(const struct dl_talk *talk, enum dl_framing framing, struct dl_word line)
{
	if (talk->class == DL_CLASS_OTHER_PROTOCOL || talk->doubted)
		return false;
	return framing == DL_FRAME_XML ? talk->header_seen || talk->class != DL_CLASS_NONE
				       : line.len > 0;
}

/* Keep the present bytes as text and begin a new line. A TLS alert is not text. */
static void keep_text(struct dl_talk *talk, enum dl_text phase)
{
	if (talk->in_tls || !dl_alert_note(talk, line_of(talk)))
		dl_text_add(talk, phase, talk->line, talk->line_len);
	dl_frame_reset(talk);
}

/* Give talk->line to the protocol and keep its text. */
static void deliver(struct dl_turn *turn)
{
	struct dl_talk *talk = turn->talk;
	const struct dl_ops *ops = dl_ops_of(talk->proto);
	struct dl_word line = line_of(talk);

	turn->text = text_of(talk);
	if (looks_like_tls(talk)) {
		dl_abort(turn, DL_CLASS_TLS_ON_PLAIN, 0);
	} else if (ops->framing != DL_FRAME_XML && ++talk->n_lines > turn->config->max_lines) {
		dl_cut_short(turn, DL_PROTOCOL_ERROR, DL_CLASS_LIMIT);
	} else {
		while (line.len > 0 &&
			(line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
			line.len--;
		ops->line(turn, line);
		if (is_proof(talk, ops->framing, line))
			talk->heard = DL_HEARD_PROTOCOL;
	}
	keep_text(talk, turn->text);
}

/* Keep the text of a line that will never be whole. @return true if it shows that this is not the
 * protocol */
static bool drop_partial(struct dl_turn *turn)
{
	struct dl_talk *talk = turn->talk;
	enum dl_text phase = text_of(talk);
	bool first = talk->stage <= DL_AT_HELLO && talk->raw_len == 0;
	bool foreign = is_reading(talk) && talk->line_len > 0 && !talk->in_tls &&
		       (looks_like_tls(talk) ||
			       (first && strchr(dl_ops_of(talk->proto)->first_bytes,
						 talk->line[0]) == NULL));

	if (foreign)
		dl_abort(turn,
			looks_like_tls(talk) ? DL_CLASS_TLS_ON_PLAIN : DL_CLASS_OTHER_PROTOCOL, 0);
	keep_text(talk, phase);
	return foreign;
}

/* If the first line never ends but begins like the protocol's, it counts as the protocol. */
static void over_limit(struct dl_turn *turn)
{
	struct dl_talk *talk = turn->talk;
	const struct dl_ops *ops = dl_ops_of(talk->proto);

	if (ops->greets != NULL && ops->greets(line_of(talk)))
		talk->heard = DL_HEARD_PROTOCOL;
	drop_partial(turn);
	dl_cut_short(turn, DL_PROTOCOL_ERROR, DL_CLASS_LIMIT);
}

static void feed(struct dl_turn *turn, uint8_t byte)
{
	struct dl_talk *talk = turn->talk;
	enum dl_framing framing = dl_ops_of(talk->proto)->framing;

	if (talk->greeting_us == 0) {
		uint64_t us = turn->now_us - talk->started_us;

		talk->greeting_us = us == 0 ? 1 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
	}
	if (++talk->phase_bytes > turn->config->max_phase_bytes ||
		++talk->input_bytes > DL_INPUT_CAP) {
		over_limit(turn);
		return;
	}
	if (!looks_like_tls(talk) && dl_frame_ends_before(talk, framing, (char)byte)) {
		deliver(turn);
		if (!is_reading(talk))
			return;
	}
	if (dl_frame_take(talk, framing, (char)byte) ||
		(talk->line_len == DL_ALERT_LEN && looks_like_tls(talk)))
		deliver(turn);
}

/*
 * The peer speaks while we wait for a credit. The bytes are kept for dl_granted(), so that findings
 * do not depend on how long the wait was. With implicit TLS we have sent nothing yet, so the bytes
 * can be TLS only if they are an alert.
 */
static void keep(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_talk *talk = turn->talk;
	size_t room = DL_LINE_CAP - talk->line_len, fits = len < room ? len : room;

	memcpy(talk->line + talk->line_len, bytes, fits);
	talk->line_len = (uint16_t)(talk->line_len + fits);
	if (talk->implicit_tls && !dl_alert_begins(line_of(talk))) {
		dl_abort(turn, DL_CLASS_OTHER_PROTOCOL, 0);
		talk->status = DL_HANDSHAKE_ERROR;
		keep_text(talk, DL_TEXT_BANNER);
	} else if (fits < len) {
		dl_abort(turn, DL_CLASS_LIMIT, 0);
	}
}

/* What follows the go-ahead in the same read: an alert is kept for the session, the rest counted.
 */
static void behind_go_ahead(struct dl_talk *talk, struct dl_word rest)
{
	if (!dl_alert_begins(rest) || rest.len > DL_LINE_CAP) {
		talk->plaintext_after_ready = (uint32_t)rest.len;
		return;
	}
	memcpy(talk->line, rest.at, rest.len);
	talk->line_len = (uint16_t)rest.len;
}

static void take_in(struct dl_turn *turn, const uint8_t *bytes, size_t len)
{
	struct dl_talk *talk = turn->talk;
	size_t i = 0;

	if (len > 0 && talk->heard == DL_HEARD_NOTHING)
		talk->heard = DL_HEARD_BYTES;
	while (i < len && is_reading(talk))
		feed(turn, bytes[i++]);
	if (i == len)
		return;
	if (talk->state == DL_STATE_CREDIT)
		keep(turn, bytes + i, len - i);
	else if (talk->state == DL_STATE_TLS)
		behind_go_ahead(talk, (struct dl_word){(const char *)bytes + i, len - i});
}

void dl_start(struct dl_talk *talk, const struct dl_config *config, enum dl_proto proto,
	bool implicit, const char *host, const char *addr, bool retry, uint64_t now_us,
	struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .config = config, .out = out, .now_us = now_us};
	size_t addr_len = strnlen(addr, sizeof(talk->addr) - 1);

	memset(talk, 0, sizeof(*talk));
	talk->proto = proto;
	talk->implicit_tls = implicit || dl_ops_of(proto)->starttls == NULL;
	talk->retry = retry;
	talk->started_us = now_us;
	if (dl_word_is_host((struct dl_word){host, strlen(host)}))
		memcpy(talk->host, host, strlen(host));
	memcpy(talk->addr, addr, addr_len);
	out->len = 0;
	if (talk->implicit_tls)
		dl_enter(&turn, DL_STATE_CREDIT, DL_NEVER);
	else
		dl_ops_of(proto)->begin(&turn);
	turn_end(&turn);
}

void dl_granted(
	struct dl_talk *talk, const struct dl_config *config, uint64_t now_us, struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .config = config, .out = out, .now_us = now_us};
	uint8_t kept[DL_LINE_CAP];
	size_t n_kept = talk->line_len;

	out->len = 0;
	if (talk->state == DL_STATE_CREDIT && talk->implicit_tls) {
		dl_enter(&turn, DL_STATE_TLS, DL_NEVER);
	} else if (talk->state == DL_STATE_CREDIT) {
		memcpy(kept, talk->line, n_kept);
		dl_frame_reset(talk);
		talk->starttls_attempted = true;
		dl_ops_of(talk->proto)->starttls(&turn);
		take_in(&turn, kept, n_kept);
	}
	turn_end(&turn);
}

void dl_input(struct dl_talk *talk, const struct dl_config *config, const uint8_t *bytes,
	size_t len, uint64_t now_us, struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .config = config, .out = out, .now_us = now_us};

	out->len = 0;
	/* What comes after the go-ahead belongs to the handshake: giving it here is the owner's
	 * mistake. */
	if (talk->state != DL_STATE_TLS)
		take_in(&turn, bytes, len);
	turn_end(&turn);
}

size_t dl_tls_bytes(const struct dl_talk *talk, const uint8_t **bytes)
{
	*bytes = (const uint8_t *)talk->line;
	return talk->state == DL_STATE_TLS ? talk->line_len : 0;
}

void dl_tls_up(
	struct dl_talk *talk, const struct dl_config *config, uint64_t now_us, struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .config = config, .out = out, .now_us = now_us};

	out->len = 0;
	if (talk->state == DL_STATE_TLS) {
		const struct dl_ops *ops = dl_ops_of(talk->proto);

		talk->in_tls = true;
		dl_frame_reset(talk);
		if (talk->implicit_tls)
			talk->started_us = now_us;
		if (config->post_tls)
			ops->begin(&turn);
		else if (ops->framing == DL_FRAME_XML || talk->implicit_tls)
			/* No stream is open, or a command would come before the greeting. */
			dl_bye_done(&turn);
		else
			dl_succeed(&turn);
	}
	turn_end(&turn);
}

void dl_tls_failed(struct dl_talk *talk, enum dl_status status)
{
	struct dl_out out = {.len = 0};

	if (talk->state == DL_STATE_DONE)
		return;
	if (talk->in_tls) {
		dl_eof(talk, &out);
		return;
	}
	talk->status = status;
	talk->stage = DL_AT_TLS;
	talk->code = 0; /* that of the go-ahead decided nothing of this */
	talk->state = DL_STATE_DONE;
	talk->deadline_us = DL_NEVER;
}

void dl_tls_other(struct dl_talk *talk, const uint8_t *bytes, size_t len)
{
	if (talk->state != DL_STATE_TLS || !talk->implicit_tls)
		return;
	dl_tls_failed(talk, DL_HANDSHAKE_ERROR);
	talk->class = DL_CLASS_OTHER_PROTOCOL;
	talk->heard = DL_HEARD_BYTES;
	dl_text_add(
		talk, DL_TEXT_BANNER, (const char *)bytes, len < DL_LINE_CAP ? len : DL_LINE_CAP);
}

void dl_timer(
	struct dl_talk *talk, const struct dl_config *config, uint64_t now_us, struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .config = config, .out = out, .now_us = now_us};
	const struct dl_ops *ops = dl_ops_of(talk->proto);

	out->len = 0;
	if (now_us >= talk->deadline_us && talk->deadline_us != DL_NEVER && !drop_partial(&turn)) {
		bool hello = talk->state == DL_STATE_HELLO || talk->state == DL_STATE_HELO;

		if (hello && ops->no_hello != NULL && (!talk->in_tls || talk->ask_again))
			ops->no_hello(&turn);
		else
			dl_timed_out(&turn);
	}
	turn_end(&turn);
}

void dl_eof(struct dl_talk *talk, struct dl_out *out)
{
	struct dl_turn turn = {.talk = talk, .out = out};
	/* What could not be given to a session any more. */
	bool angry = talk->state == DL_STATE_CREDIT && talk->implicit_tls &&
		     dl_alert_note(talk, line_of(talk));

	out->len = 0;
	if (talk->state != DL_STATE_DONE && !drop_partial(&turn))
		dl_cut_short(
			&turn, angry ? DL_HANDSHAKE_ERROR : DL_CONNECTION_CLOSED, DL_CLASS_NONE);
	turn_end(&turn);
}

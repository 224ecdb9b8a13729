/* SPDX-License-Identifier: BSD-3-Clause */
#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	char letter;
	uint8_t flag;
} flag_letters[] = {
	{'S', TS_TCP_SYN},
	{'F', TS_TCP_FIN},
	{'R', TS_TCP_RST},
	{'P', TS_TCP_PSH},
	{'.', TS_TCP_ACK},
	{'U', TS_TCP_URG},
};

#define N_FLAGS (sizeof(flag_letters) / sizeof(flag_letters[0]))

const char *script_flags(uint8_t flags)
{
	static char text[N_FLAGS + 1];
	uint32_t n = 0;

	for (uint32_t i = 0; i < N_FLAGS; i++)
		if (flags & flag_letters[i].flag)
			text[n++] = flag_letters[i].letter;
	text[n] = '\0';
	return text;
}

/* What is left of a line; each parse_ function takes from the front and says whether it could. */
struct cursor {
	const char *at;
};

static void skip_space(struct cursor *c)
{
	while (*c->at == ' ' || *c->at == '\t')
		c->at++;
}

static bool take(struct cursor *c, const char *what)
{
	size_t len = strlen(what);

	skip_space(c);
	if (strncmp(c->at, what, len) != 0)
		return false;
	c->at += len;
	return true;
}

static bool take_u32(struct cursor *c, uint32_t *out)
{
	unsigned long long value;
	char *end;

	skip_space(c);
	if (!isdigit((unsigned char)*c->at))
		return false;
	value = strtoull(c->at, &end, 10);
	c->at = end;
	*out = (uint32_t)value;
	return value <= UINT32_MAX;
}

static bool take_word(struct cursor *c, char *out, size_t cap)
{
	size_t n = 0;

	skip_space(c);
	while (*c->at != '\0' && !isspace((unsigned char)*c->at) && *c->at != '"') {
		if (n + 1 >= cap)
			return false;
		out[n++] = *c->at++;
	}
	out[n] = '\0';
	return n > 0;
}

static bool take_wait(struct cursor *c, uint64_t *wait_us)
{
	char *end;
	double s;

	*wait_us = 0;
	if (!take(c, "+"))
		return true;
	s = strtod(c->at, &end);
	if (end == c->at || s < 0 || s > 100000)
		return false;
	c->at = end;
	*wait_us = (uint64_t)(s * 1e6 + 0.5);
	return true;
}

static bool take_text(struct cursor *c, struct script_event *e)
{
	if (!take(c, "\""))
		return true;
	e->has_text = true;
	while (*c->at != '"') {
		char ch = *c->at++;

		if (ch == '\0' || e->text_len == SCRIPT_MAX_TEXT)
			return false;
		if (ch == '\\') {
			ch = *c->at++;
			if (ch != 'r' && ch != 'n' && ch != '\\' && ch != '"')
				return false;
			ch = ch == 'r' ? '\r' : ch == 'n' ? '\n' : ch;
		}
		e->text[e->text_len++] = ch;
	}
	c->at++;
	return true;
}

static bool take_flags(struct cursor *c, uint8_t *flags)
{
	skip_space(c);
	*flags = 0;
	for (; *c->at != ' ' && *c->at != '\0'; c->at++) {
		uint32_t i = 0;

		while (i < N_FLAGS && flag_letters[i].letter != *c->at)
			i++;
		if (i == N_FLAGS)
			return false;
		*flags |= flag_letters[i].flag;
	}
	return *flags != 0;
}

static void add_letter(struct script_seg *seg, const char *letter)
{
	strncat(seg->opts_order, letter, TS_OPTS_ORDER_LEN - strlen(seg->opts_order) - 1);
}

static bool take_stamps(struct cursor *c, struct script_seg *seg)
{
	seg->opts |= TS_OPT_TS;
	add_letter(seg, "T");
	return take(c, "val") && take_u32(c, &seg->ts_val) && take(c, "ecr") &&
	       take_u32(c, &seg->ts_ecr);
}

static bool take_sack(struct cursor *c, struct script_seg *seg)
{
	struct ts_sack block;

	while (take_u32(c, &block.first)) {
		if (seg->n_sack == TS_SACK_MAX || !take(c, ":") || !take_u32(c, &block.end))
			return false;
		seg->sack[seg->n_sack++] = block;
	}
	return seg->n_sack > 0;
}

static bool take_option(struct cursor *c, struct script_seg *seg)
{
	uint32_t value = 0;

	if (take(c, "mss")) {
		add_letter(seg, "M");
		if (!take_u32(c, &value) || value > UINT16_MAX)
			return false;
		seg->mss = (uint16_t)value;
		return true;
	}
	if (take(c, "wscale")) {
		add_letter(seg, "W");
		seg->opts |= TS_OPT_WSCALE;
		if (!take_u32(c, &value) || value > 14)
			return false;
		seg->wscale = (uint8_t)value;
		return true;
	}
	if (take(c, "TS"))
		return take_stamps(c, seg);
	if (take(c, "nop")) {
		add_letter(seg, "N");
		return true;
	}
	if (take(c, "sackOK")) {
		add_letter(seg, "S");
		seg->opts |= TS_OPT_SACK_OK;
		return true;
	}
	return take(c, "sack") && take_sack(c, seg);
}

static bool take_options(struct cursor *c, struct script_seg *seg)
{
	if (!take(c, "<"))
		return true;
	do {
		if (!take_option(c, seg))
			return false;
	} while (take(c, ","));
	return take(c, ">");
}

static bool take_seg(struct cursor *c, struct script_event *e)
{
	struct script_seg *seg = &e->seg;
	uint32_t end;

	seg->wscale = 0xff;
	if (!take_flags(c, &seg->flags) || !take_u32(c, &seg->seq) || !take(c, ":") ||
		!take_u32(c, &end) || !take(c, "(") || !take_u32(c, &seg->len) || !take(c, ")"))
		return false;
	if (end - seg->seq != seg->len)
		return false;
	if (((seg->flags & TS_TCP_ACK) != 0) != take(c, "ack"))
		return false;
	if ((seg->flags & TS_TCP_ACK) && !take_u32(c, &seg->ack))
		return false;
	seg->has_wnd = take(c, "win");
	if (seg->has_wnd && (!take_u32(c, &seg->wnd) || seg->wnd > UINT16_MAX))
		return false;
	if (!take_options(c, seg) || !take_text(c, e))
		return false;
	return !e->has_text || e->text_len == seg->len;
}

static bool take_icmp(struct cursor *c, struct script_event *e)
{
	uint32_t type, code;

	e->kind = SCRIPT_ICMP;
	if (!take_u32(c, &type) || !take_u32(c, &code) || !take(c, "seq") ||
		!take_u32(c, &e->icmp.seq))
		return false;
	if (take(c, "mtu") && !take_u32(c, &e->icmp.mtu))
		return false;
	e->icmp.type = (uint8_t)type;
	e->icmp.code = (uint8_t)code;
	return type <= UINT8_MAX && code <= UINT8_MAX;
}

static bool take_verb(struct cursor *c, struct script_event *e)
{
	e->kind = SCRIPT_VERB;
	while (e->n_words < SCRIPT_MAX_WORDS &&
		take_word(c, e->words[e->n_words], sizeof(e->words[0])))
		e->n_words++;
	return e->n_words > 0 && take_text(c, e);
}

static bool take_event(struct cursor *c, struct script_event *e)
{
	bool ok = take_wait(c, &e->wait_us);

	if (!ok)
		return false;
	if (take(c, "<")) {
		e->kind = SCRIPT_IN;
		ok = take(c, "icmp") ? take_icmp(c, e) : take_seg(c, e);
	} else if (take(c, ">")) {
		e->kind = SCRIPT_OUT;
		ok = take_seg(c, e);
	} else {
		ok = take_verb(c, e);
	}
	skip_space(c);
	return ok && *c->at == '\0';
}

static bool load_line(struct script *s, char *text, unsigned int line)
{
	struct cursor c = {.at = text};
	struct script_event *e;

	text[strcspn(text, "\n")] = '\0';
	skip_space(&c);
	if (*c.at == '#' && s->title[0] == '\0')
		snprintf(s->title, sizeof(s->title), "%s", c.at + 1 + strspn(c.at + 1, " "));
	if (*c.at == '#' || *c.at == '\0')
		return true;
	if (s->n == SCRIPT_MAX_EVENTS)
		return false;
	e = &s->events[s->n++];
	*e = (struct script_event){.line = line};
	return take_event(&c, e);
}

bool script_load(struct script *s, const char *path)
{
	FILE *f = fopen(path, "r");
	char text[512];
	unsigned int line = 0;
	bool ok = true;

	s->n = 0;
	s->title[0] = '\0';
	if (f == NULL) {
		snprintf(s->error, sizeof(s->error), "%s: %s", path, strerror(errno));
		return false;
	}
	while (ok && fgets(text, sizeof(text), f) != NULL) {
		ok = load_line(s, text, ++line);
		if (!ok)
			snprintf(s->error, sizeof(s->error), "%s:%u: cannot read \"%.100s\"", path,
				line, text);
	}
	fclose(f);
	if (ok && (s->title[0] == '\0' || s->n == 0)) {
		snprintf(s->error, sizeof(s->error),
			"%s:1: no comment saying what it proves, or no event", path);
		ok = false;
	}
	return ok;
}

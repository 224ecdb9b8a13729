/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame.h"

/* No phase takes more bytes than this. A longer literal only has to be recognised as too long.
 */
#define MAX_LITERAL (1U << 24)

/*
 * RFC 9051 section 4.3: after a line that ends in {n} or {n+} come n bytes of any kind, and then
 * the line continues. A line that was cut has lost its end, so no literal follows; the caps soon
 * end such a dialog.
 */
static uint32_t literal_len(const struct dl_talk *talk)
{
	const char *line = talk->line;
	size_t i = talk->line_len;
	uint32_t len = 0, unit = 1;

	if (talk->line_cut)
		return 0;
	i -= i > 0 && line[i - 1] == '\n';
	i -= i > 0 && line[i - 1] == '\r';
	if (i == 0 || line[--i] != '}')
		return 0;
	i -= i > 0 && line[i - 1] == '+';
	for (; i > 0 && dl_is_digit(line[i - 1]) && unit < MAX_LITERAL; i--, unit *= 10)
		len += (uint32_t)(line[i - 1] - '0') * unit;
	return i > 0 && line[i - 1] == '{' ? len : 0;
}

static bool in_tag(const struct dl_talk *talk)
{
	return talk->line_len > 0 && talk->line[0] == '<';
}

/* Does the byte end an XML tag or text? Quoted ">" is allowed in attributes (XML 1.0 section 2.4).
 */
static bool xml_ends(struct dl_talk *talk, char byte)
{
	if (!in_tag(talk))
		return byte == '\n';
	if (talk->xml_quote != 0) {
		if (byte == talk->xml_quote)
			talk->xml_quote = 0;
		return false;
	}
	/* Comments and the like may hold a lone apostrophe. */
	if ((byte == '\'' || byte == '"') && talk->line[1] != '!')
		talk->xml_quote = byte;
	return byte == '>';
}

bool dl_frame_ends_before(const struct dl_talk *talk, enum dl_framing framing, char byte)
{
	return framing == DL_FRAME_XML && byte == '<' && talk->line_len > 0 && !in_tag(talk);
}

bool dl_frame_take(struct dl_talk *talk, enum dl_framing framing, char byte)
{
	if (talk->line_len < DL_LINE_CAP) {
		talk->line[talk->line_len++] = byte;
	} else {
		talk->line_cut = true;
		talk->raw_truncated = true;
	}
	if (framing == DL_FRAME_XML)
		return xml_ends(talk, byte);
	if (talk->literal_left > 0) {
		talk->literal_left--;
		return false;
	}
	if (byte != '\n')
		return false;
	if (framing == DL_FRAME_IMAP)
		talk->literal_left = literal_len(talk);
	return talk->literal_left == 0;
}

void dl_frame_reset(struct dl_talk *talk)
{
	talk->line_len = 0;
	talk->line_cut = false;
	talk->xml_quote = 0;
}

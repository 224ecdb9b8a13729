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
static uint32_t literal_len(const struct dl_dialog *dialog)
{
	const char *line = dialog->line;
	size_t i = dialog->line_len;
	uint32_t len = 0, unit = 1;

	if (dialog->line_cut)
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

static bool in_tag(const struct dl_dialog *dialog)
{
	return dialog->line_len > 0 && dialog->line[0] == '<';
}

/* Does the byte end an XML tag or text? Quoted ">" is allowed in attributes (XML 1.0 section 2.4).
 */
static bool xml_ends(struct dl_dialog *dialog, char byte)
{
	if (!in_tag(dialog))
		return byte == '\n';
	if (dialog->xml_quote != 0) {
		if (byte == dialog->xml_quote)
			dialog->xml_quote = 0;
		return false;
	}
	/* Comments and the like may hold a lone apostrophe. */
	if ((byte == '\'' || byte == '"') && dialog->line[1] != '!')
		dialog->xml_quote = byte;
	return byte == '>';
}

bool dl_frame_ends_before(const struct dl_dialog *dialog, enum dl_framing framing, char byte)
{
	return framing == DL_FRAME_XML && byte == '<' && dialog->line_len > 0 && !in_tag(dialog);
}

bool dl_frame_take(struct dl_dialog *dialog, enum dl_framing framing, char byte)
{
	if (dialog->line_len < DL_LINE_CAP) {
		dialog->line[dialog->line_len++] = byte;
	} else {
		dialog->line_cut = true;
		dialog->raw_truncated = true;
	}
	if (framing == DL_FRAME_XML)
		return xml_ends(dialog, byte);
	if (dialog->literal_left > 0) {
		dialog->literal_left--;
		return false;
	}
	if (byte != '\n')
		return false;
	if (framing == DL_FRAME_IMAP)
		dialog->literal_left = literal_len(dialog);
	return dialog->literal_left == 0;
}

void dl_frame_reset(struct dl_dialog *dialog)
{
	dialog->line_len = 0;
	dialog->line_cut = false;
	dialog->xml_quote = 0;
}

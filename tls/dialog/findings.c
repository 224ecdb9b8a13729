/* SPDX-License-Identifier: BSD-3-Clause */
#include "findings.h"

#include <string.h>

#define ITEM_MAX 255
/* Each look-up walks the store; a peer that sends thousands of tokens must not make that quadratic.
 */
#define ONCE_MAX 256

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

void dl_text_add(struct dl_dialog *dialog, enum dl_text phase, const char *bytes, size_t len)
{
	struct dl_span *span = &dialog->text[phase];
	size_t room;

	if (span->len > 0 && span->off + span->len != dialog->raw_len)
		span = &dialog->text[dialog->text_last];
	else
		dialog->text_last = (uint8_t)phase;
	if (span->len == 0)
		span->off = dialog->raw_len;
	room = min_size(DL_RAW_CAP - dialog->raw_len, DL_TEXT_CAP - span->len);
	if (len > room) {
		dialog->raw_truncated = true;
		len = room;
	}
	memcpy(dialog->raw + dialog->raw_len, bytes, len);
	dialog->raw_len = (uint16_t)(dialog->raw_len + len);
	span->len = (uint16_t)(span->len + len);
}

void dl_item_add(struct dl_dialog *dialog, enum dl_list list, struct dl_word token)
{
	uint8_t *item = dialog->items + dialog->items_len;

	if (token.len == 0)
		return;
	if (token.len > ITEM_MAX) {
		token.len = ITEM_MAX;
		dialog->items_truncated = true;
	}
	if (token.len + 2 > (size_t)(DL_ITEMS_CAP - dialog->items_len)) {
		dialog->items_truncated = true;
		return;
	}
	item[0] = (uint8_t)list;
	item[1] = (uint8_t)token.len;
	memcpy(item + 2, token.at, token.len);
	dialog->items_len = (uint16_t)(dialog->items_len + 2 + token.len);
}

size_t dl_item_next(
	const struct dl_dialog *dialog, size_t *pos, enum dl_list *list, const char **token)
{
	const uint8_t *item = dialog->items + *pos;

	if (*pos + 2 > dialog->items_len)
		return 0;
	*list = (enum dl_list)item[0];
	*token = (const char *)item + 2;
	*pos += 2 + (size_t)item[1];
	return item[1];
}

void dl_item_add_once(struct dl_dialog *dialog, enum dl_list list, struct dl_word token)
{
	size_t cut = min_size(token.len, ITEM_MAX), pos = 0, len;
	enum dl_list its_list;
	const char *at;

	if (dialog->n_once == ONCE_MAX) {
		dialog->items_truncated = true;
		return;
	}
	dialog->n_once++;
	while ((len = dl_item_next(dialog, &pos, &its_list, &at)) > 0) {
		if (its_list == list && len == cut && memcmp(at, token.at, len) == 0)
			return;
	}
	dl_item_add(dialog, list, token);
}

void dl_item_add_pair(
	struct dl_dialog *dialog, enum dl_list list, const char *name, struct dl_word value)
{
	char pair[ITEM_MAX + 1];
	size_t name_len = strlen(name);
	size_t value_len = min_size(value.len, sizeof(pair) - name_len - 1);

	memcpy(pair, name, name_len);
	pair[name_len] = '=';
	memcpy(pair + name_len + 1, value.at, value_len);
	dl_item_add(dialog, list, (struct dl_word){pair, name_len + 1 + value_len});
}

void dl_cap_add(struct dl_dialog *dialog, struct dl_word cap)
{
	dl_item_add(dialog, dialog->in_tls ? DL_LIST_CAPS_TLS : DL_LIST_CAPS, cap);
}

void dl_cap_add_once(struct dl_dialog *dialog, struct dl_word cap)
{
	dl_item_add_once(dialog, dialog->in_tls ? DL_LIST_CAPS_TLS : DL_LIST_CAPS, cap);
}

void dl_auth_add(struct dl_dialog *dialog, struct dl_word mechanism)
{
	char upper[ITEM_MAX + 1];
	size_t len = min_size(mechanism.len, sizeof(upper));

	for (size_t i = 0; i < len; i++)
		upper[i] = dl_upper(mechanism.at[i]);
	dl_item_add_once(dialog, dialog->in_tls ? DL_LIST_AUTH_TLS : DL_LIST_AUTH,
		(struct dl_word){upper, len});
}

void dl_auth_add_all(struct dl_dialog *dialog, struct dl_word mechanisms, const char *stop)
{
	struct dl_word mechanism;

	while ((mechanism = dl_word_next(&mechanisms, stop)).len > 0)
		dl_auth_add(dialog, mechanism);
}

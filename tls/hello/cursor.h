/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading bytes that someone else owns, with bounds. Every take checks its length; one that fails
 * leaves the cursor unchanged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hl_cursor {
	const uint8_t *at;
	size_t left;
};

static inline bool hl_take(struct hl_cursor *c, size_t n, const uint8_t **out)
{
	if (n > c->left)
		return false;
	*out = c->at;
	c->at += n;
	c->left -= n;
	return true;
}

static inline bool hl_take_u8(struct hl_cursor *c, uint8_t *value)
{
	const uint8_t *p;

	if (!hl_take(c, 1, &p))
		return false;
	*value = p[0];
	return true;
}

static inline bool hl_take_u16(struct hl_cursor *c, uint16_t *value)
{
	const uint8_t *p;

	if (!hl_take(c, 2, &p))
		return false;
	*value = (uint16_t)(p[0] << 8 | p[1]);
	return true;
}

/* A vector with a two-byte length. */
static inline bool hl_take_vec16(struct hl_cursor *c, struct hl_cursor *vec)
{
	struct hl_cursor was = *c;
	uint16_t len;

	if (!hl_take_u16(c, &len) || !hl_take(c, len, &vec->at)) {
		*c = was;
		return false;
	}
	vec->left = len;
	return true;
}

/* A vector with a three-byte length. */
static inline bool hl_take_vec24(struct hl_cursor *c, struct hl_cursor *vec)
{
	struct hl_cursor was = *c;
	const uint8_t *p;
	size_t len;

	if (!hl_take(c, 3, &p))
		return false;
	len = (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];
	if (!hl_take(c, len, &vec->at)) {
		*c = was;
		return false;
	}
	vec->left = len;
	return true;
}

/* A vector with a one-byte length. */
static inline bool hl_take_vec8(struct hl_cursor *c, struct hl_cursor *vec)
{
	struct hl_cursor was = *c;
	uint8_t len;

	if (!hl_take_u8(c, &len) || !hl_take(c, len, &vec->at)) {
		*c = was;
		return false;
	}
	vec->left = len;
	return true;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include <time.h>

#include "parts.h"

/* n decimal digits at p. @return the number, -1 when one is none */
static int digits(const uint8_t *p, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* What follows the seconds (or the minutes): "Z", "+hhmm" or nothing. @return seconds east */
static bool zone_read(struct ct_der rest, int *east_s)
{
	int h, m;

	*east_s = 0;
	if (rest.left > 0 && (rest.at[0] == '.' || rest.at[0] == ',')) { /* fractions: dropped */
		do {
			rest.at++;
			rest.left--;
		} while (rest.left > 0 && rest.at[0] >= '0' && rest.at[0] <= '9');
	}
	if (rest.left == 0 || (rest.left == 1 && rest.at[0] == 'Z'))
		return true;
	if (rest.left != 5 || (rest.at[0] != '+' && rest.at[0] != '-'))
		return false;
	h = digits(rest.at + 1, 2);
	m = digits(rest.at + 3, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*east_s = (rest.at[0] == '+' ? 1 : -1) * (h * 3600 + m * 60);
	return true;
}

/* A negative number is one that had no digits. */
static bool tm_sane(const struct tm *tm)
{
	return tm->tm_mon >= 0 && tm->tm_mon <= 11 && tm->tm_mday >= 1 && tm->tm_mday <= 31 &&
	       tm->tm_hour >= 0 && tm->tm_hour <= 23 && tm->tm_min >= 0 && tm->tm_min <= 59 &&
	       tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

void ct_time_read(const struct ct_tlv *time, char *text, int64_t *unix_s)
{
	size_t year_len = time->tag == CT_GENERALIZED_TIME ? 4 : 2, at = year_len + 8;
	struct ct_der body = time->body;
	struct tm tm = {0};
	int year, east_s;
	time_t t;

	text[0] = '\0';
	*unix_s = 0;
	if ((time->tag != CT_UTC_TIME && time->tag != CT_GENERALIZED_TIME) || body.left < at)
		return;
	year = digits(body.at, year_len);
	tm.tm_mon = digits(body.at + year_len, 2) - 1;
	tm.tm_mday = digits(body.at + year_len + 2, 2);
	tm.tm_hour = digits(body.at + year_len + 4, 2);
	tm.tm_min = digits(body.at + year_len + 6, 2);
	if (body.left >= at + 2 && digits(body.at + at, 2) >= 0) {
		tm.tm_sec = digits(body.at + at, 2);
		at += 2;
	}
	if (year >= 0 && year_len == 2)
		year += year < 50 ? 2000 : 1900; /* RFC 5280 4.1.2.5.1 */
	tm.tm_year = year - 1900;
	body = (struct ct_der){body.at + at, body.left - at};
	if (year < 0 || !tm_sane(&tm) || !zone_read(body, &east_s))
		return;
	t = timegm(&tm) - east_s;
	if (gmtime_r(&t, &tm) == NULL ||
		strftime(text, CT_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
		text[0] = '\0';
		return;
	}
	*unix_s = t;
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "tls/cert/parts.h"

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

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years count from March to put leap
 * days last. */
static int64_t days_since_epoch(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* What stands behind the seconds (or the minutes): "Z", "+hhmm" or nothing. @return seconds east */
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

static bool date_sane(int year, int month, int day, int hour, int minute, int second)
{
	return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0 &&
	       hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

static void time_print(int64_t unix_s, char *text)
{
	int64_t days = unix_s / 86400 - (unix_s % 86400 < 0);
	int64_t second = unix_s - days * 86400;
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097,
		of_era = z - era * 146097;
	int64_t yoe = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t doy = of_era - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	int year = (int)(yoe + era * 400 + (month <= 2));

	snprintf(text, 24, "%04d-%02d-%02dT%02d:%02d:%02dZ", year < 0 || year > 9999 ? 0 : year,
		month, (int)(doy - (153 * mp + 2) / 5 + 1), (int)(second / 3600 % 24),
		(int)(second / 60 % 60), (int)(second % 60));
}

void ct_time_read(const struct ct_tlv *time, char *text, int64_t *unix_s)
{
	size_t year_len = time->tag == CT_GENERALIZED_TIME ? 4 : 2, at = year_len + 8;
	struct ct_der body = time->body;
	int year, month, day, hour, minute, second = 0, east_s;

	text[0] = '\0';
	*unix_s = 0;
	if ((time->tag != CT_UTC_TIME && time->tag != CT_GENERALIZED_TIME) || body.left < at)
		return;
	year = digits(body.at, year_len);
	month = digits(body.at + year_len, 2);
	day = digits(body.at + year_len + 2, 2);
	hour = digits(body.at + year_len + 4, 2);
	minute = digits(body.at + year_len + 6, 2);
	if (body.left >= at + 2 && digits(body.at + at, 2) >= 0) {
		second = digits(body.at + at, 2);
		at += 2;
	}
	if (year >= 0 && year_len == 2)
		year += year < 50 ? 2000 : 1900; /* RFC 5280 4.1.2.5.1 */
	body = (struct ct_der){body.at + at, body.left - at};
	if (!date_sane(year, month, day, hour, minute, second) || !zone_read(body, &east_s))
		return;
	*unix_s = days_since_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
		  east_s;
	time_print(*unix_s, text);
}

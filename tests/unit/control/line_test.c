/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of the control socket: what each command takes, and what is refused with which words. */
#include "apps/control/control_line.h"

#include <stdlib.h>

#include "tap.h"

static char err[256];

/* Parse a copy of a text. */
static int parse(const char *text, struct ctl_line *line)
{
	static char copy[CTL_LINE_MAX + 1];

	snprintf(copy, sizeof(copy), "%s", text);
	err[0] = '\0';
	return ctl_line_parse(copy, line, err, sizeof(err));
}

static void check_verb(const char *text, enum ctl_verb verb)
{
	struct ctl_line line;

	tap_ok(parse(text, &line) == 0 && line.verb == verb,
		"the control line \"%s\" has the command it names", text);
}

static void check_number(const char *text, enum ctl_verb verb, double number)
{
	struct ctl_line line = {.number = -1};
	int rc = parse(text, &line);

	tap_ok(rc == 0 && line.verb == verb && line.number == number,
		"the control line \"%s\" has the number %g (read: %g)", text, number, line.number);
}

static void check_argument(const char *text, enum ctl_verb verb, const char *argument)
{
	struct ctl_line line = {.argument = ""};

	tap_ok(parse(text, &line) == 0 && line.verb == verb,
		"the control line \"%s\" has the command it names", text);
	tap_ok(strcmp(line.argument, argument) == 0, "the argument of \"%s\" is \"%s\"", text,
		argument);
}

static void check_refused(const char *text, const char *sentence)
{
	struct ctl_line line;

	tap_about("control line \"%.40s\"", text);
	tap_ok(parse(text, &line) != 0, "it is refused");
	tap_str(err, sentence, "the message has the reason and what to write");
	tap_about(NULL);
}

static void test_garbage(void)
{
	static const char letters[] = "rateexclude-fil bndwhstop05K.\t/:,\x80\xff\"%";
	struct ctl_line line;
	unsigned int n_taken = 0;

	srand(1);
	for (int i = 0; i < 200000; i++) {
		char text[40];
		size_t len = (size_t)rand() % (sizeof(text) - 1);

		for (size_t k = 0; k < len; k++)
			text[k] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		text[len] = '\0';
		err[0] = '\0';
		if (ctl_line_parse(text, &line, err, sizeof(err)) == 0)
			n_taken++;
		else if (err[0] == '\0')
			tap_ok(false, "a control line of garbage is refused with a message");
	}
	tap_ok(n_taken < 100, "garbage is refused, with words (%u lines made sense)", n_taken);
}

int main(void)
{
	check_verb("help", CTL_HELP);
	check_verb("  status \r", CTL_STATUS);
	check_verb("stop", CTL_STOP);
	check_verb("abort", CTL_ABORT);
	check_verb("checkpoint\t", CTL_CHECKPOINT);
	check_number("rate 5000", CTL_RATE, 5000);
	check_number("rate\t1.2M", CTL_RATE, 1.2e6);
	check_number("rate 0", CTL_RATE, 0);
	check_number("bandwidth 10M", CTL_BANDWIDTH, 1e7);
	check_number("bandwidth 0", CTL_BANDWIDTH, 0);
	check_argument("exclude  198.18.0.0/24 ", CTL_EXCLUDE, "198.18.0.0/24");
	check_argument("exclude-file /tmp/a file", CTL_EXCLUDE_FILE, "/tmp/a file");
	check_refused("exclude", "write exclude ITEM");
	check_refused("rate", "write rate PPS");
	check_refused("rate -1", "rate \"-1\": give packets a second, such as 0.5, 1000, 20K or "
				 "1.2M; 0 is no limit");
	check_refused(
		"bandwidth 1x", "bandwidth \"1x\": give bits a second, such as 500K, 100M or 2.5G");
	check_refused("stop now", "stop takes nothing behind it");
	check_refused("Stop", "there is no command \"Stop\"; try help");
	check_refused("ex", "there is no command \"ex\"; try help");
	check_refused("sto\x7fp", "there is a control character in the line");
	check_refused("exclude 198.18.0.1\x1b[2J", "there is a control character in the line");
	test_garbage();
	return tap_done();
}

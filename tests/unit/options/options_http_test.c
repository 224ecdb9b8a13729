/* SPDX-License-Identifier: BSD-3-Clause */
/* The options about what HTTP servers are asked, and about what records say of ClientHellos. */
#include "options_parse.h"

static void test_http(void)
{
	parse(BASE "");
	tap_str(options.dialog.http_method, "GET", "HTTP servers are asked with GET");
	tap_str(options.dialog.http_path, "/", "for their first page");
	tap_eq(options.dialog.http_max_body, 8192, "of which 8 KiB are kept");
	tap_ok(parse(BASE "--http-method HEAD --http-path /a?b=c --http-max-body 0") == OP_PARSE_OK,
		"method, path and size can be given");
	tap_str(options.dialog.http_method, "HEAD", "the method reaches the dialogs");
	tap_str(options.dialog.http_path, "/a?b=c", "so does the path with its query");
	tap_eq(options.dialog.http_max_body, 0, "and no body at all");
	refuses(BASE "--http-method POST", "GET, HEAD or OPTIONS",
		"a method that may change something is refused");
	refuses(BASE "--http-method get", "GET, HEAD or OPTIONS", "so is one in lower case");
	refuses(BASE "--http-path a", "begins with /", "and a path that is none");
	refuses(BASE "--http-path /a_b", "%xx", "and a space in it");
	refuses(BASE "--http-path /a\r\nX:y", "%xx", "a line feed least of all");
	refuses(BASE "--http-path /a#b", "%xx", "a fragment is not sent");
	refuses(BASE "--http-max-body 1M", "196608", "a body beyond what a dialog takes in");
}

static void test_client_hello(void)
{
	parse(BASE "");
	tap_ok(!options.full_client_hello, "records have a short ClientHello");
	parse(BASE "--full-client-hello");
	tap_ok(options.full_client_hello, "and the whole one if it is asked for");
}

int main(void)
{
	test_http();
	test_client_hello();
	return tap_done();
}

/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pages.h"

static int markdown(const char *path)
{
	FILE *in = fopen(path, "re");
	bool good = false;

	if (in == NULL) {
		perror(path);
		return 1;
	}
	good = pages_markdown(in, stdout, path);
	fclose(in);
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out);
	} pages[] = {{"man", pages_man}, {"bash", pages_bash}, {"zsh", pages_zsh}};

	for (size_t i = 0; argc == 2 && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(argv[1], pages[i].name) != 0)
			continue;
		pages[i].write(stdout);
		return fclose(stdout) == 0 ? 0 : 1;
	}
	if (argc == 3 && strcmp(argv[1], "markdown") == 0)
		return markdown(argv[2]);
	fputs("usage: tlsweep-pages man | bash | zsh | markdown FILE\n", stderr);
	return 2;
}

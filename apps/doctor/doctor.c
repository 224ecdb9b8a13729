/* SPDX-License-Identifier: BSD-3-Clause */
#include "doctor.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 512

void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *remedy,
	const char *format, ...)
{
	static const char *const words[DOCTOR_N_VERDICT] = {
		[DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "FAIL"};
	va_list ap;

	doctor->n[verdict]++;
	fprintf(doctor->out, "%-5s ", words[verdict]);
	va_start(ap, format);
	vfprintf(doctor->out, format, ap);
	va_end(ap);
	fputc('\n', doctor->out);
	if (remedy != NULL)
		fprintf(doctor->out, "      remedy: %s\n", remedy);
}

int doctor_read(const struct doctor *doctor, const char *path, char *text, size_t len)
{
	char full[PATH_LEN];
	FILE *f;
	bool got;

	if (snprintf(full, sizeof(full), "%s%s", doctor->root, path) >= (int)sizeof(full))
		return -1;
	f = fopen(full, "re");
	if (f == NULL)
		return -1;
	got = fgets(text, (int)len, f) != NULL;
	fclose(f);
	if (!got)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	return (int)strlen(text);
}

/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion for bash. The generated part names words alone; what is done with them is the same for
 * every command and stands in head and tail. */
#include "apps/control/control_line.h"
#include "apps/options/table.h"
#include "pages.h"

static const char head[] =
	"# bash completion for tlsweep(1)                         -*- shell-script -*-\n"
	"# Generated from the table of options by tlsweep-pages.\n"
	"\n"
	"# Offer words that begin with $current.\n"
	"_tlsweep_words()\n"
	"{\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n"
	"}\n"
	"\n"
	"# The same for the last item of a list with commas between.\n"
	"_tlsweep_list()\n"
	"{\n"
	"\tlocal before=''\n"
	"\n"
	"\t[[ $current == *,* ]] && before=${current%,*},\n"
	"\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${current##*,}\")\n"
	"\tcompopt -o nospace 2>/dev/null\n"
	"}\n"
	"\n"
	"# Offer files (-f) or folders (-d).\n"
	"_tlsweep_files()\n"
	"{\n"
	"\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"}\n"
	"\n"
	"# Offer the lab and the interfaces of this machine.\n"
	"_tlsweep_ports()\n"
	"{\n"
	"\tlocal path names=lab\n"
	"\n"
	"\tfor path in /sys/class/net/*; do\n"
	"\t\t[[ -e $path ]] && names+=\" ${path##*/}\"\n"
	"\tdone\n"
	"\t_tlsweep_words \"$names\"\n"
	"}\n"
	"\n";

static const char tail[] =
	"_tlsweep()\n"
	"{\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\n"
	"\tCOMPREPLY=()\n"
	"\tif ((COMP_CWORD == 1)); then\n"
	"\t\t_tlsweep_words \"$_tlsweep_commands\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t# --name=value is three words for bash.\n"
	"\tif [[ $current == '=' ]]; then\n"
	"\t\tcurrent=''\n"
	"\telif [[ $option == '=' ]] && ((COMP_CWORD > 2)); then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n"
	"\tif declare -F \"_tlsweep_${COMP_WORDS[1]}\" >/dev/null; then\n"
	"\t\t\"_tlsweep_${COMP_WORDS[1]}\"\n"
	"\tfi\n"
	"}\n"
	"\n"
	"complete -F _tlsweep tlsweep\n";

static void print_choices(FILE *out, const struct op_option *option)
{
	const char *choice;

	fprintf(out, "\t\t%s '", option->list ? "_tlsweep_list" : "_tlsweep_words");
	for (size_t i = 0; (choice = option->choice(i)) != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", choice);
	fputs("'\n", out);
}

static void print_argument(FILE *out, const struct op_option *option)
{
	if (option->letter != '\0')
		fprintf(out, "\t-%c | --%s)\n", option->letter, option->name);
	else
		fprintf(out, "\t--%s)\n", option->name);
	if (option->choice != NULL)
		print_choices(out, option);
	else if (option->complete == OP_COMPLETE_FILE)
		fputs("\t\t_tlsweep_files -f\n", out);
	else if (option->complete == OP_COMPLETE_FOLDER)
		fputs("\t\t_tlsweep_files -d\n", out);
	else if (option->complete == OP_COMPLETE_PORT)
		fputs("\t\t_tlsweep_ports\n", out);
	else
		fprintf(out, "\t\t: %s\n", option->arg);
	fputs("\t\t;;\n", out);
}

/* Print the names of a command's options, a few on a line. */
static void print_names(FILE *out, const struct op_command *command)
{
	const struct op_option *option;
	int column = 0;

	fputs("\t\t_tlsweep_words '", out);
	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++) {
		if (option->file_only)
			continue;
		if (column > 80) {
			fputs("\n\t\t\t", out);
			column = 0;
		}
		if (option->letter != '\0')
			column += fprintf(out, "-%c ", option->letter);
		column += fprintf(out, "--%s ", option->name);
	}
	fputs("'\n", out);
}

static void print_command(FILE *out, const struct op_command *command)
{
	const struct op_option *option;

	fprintf(out, "_tlsweep_%s()\n{\n\tcase $option in\n", command->name);
	for (size_t i = 0; (option = op_option_at(command, i)) != NULL; i++)
		if (option->arg != NULL && !option->file_only)
			print_argument(out, option);
	fputs("\t*)\n", out);
	print_names(out, command);
	fputs("\t\t;;\n\tesac\n}\n\n", out);
}

/* tlsweep control DIR COMMAND */
static void print_control(FILE *out)
{
	const struct ctl_command *command;

	fputs("_tlsweep_control()\n{\n\tif [[ $COMP_CWORD == 2 && $current == -* ]]; then\n", out);
	print_names(out, &op_command_control);
	fputs("\t\treturn\n\tfi\n"
	      "\tcase $COMP_CWORD in\n\t2)\n\t\t_tlsweep_files -d\n\t\t;;\n"
	      "\t3)\n\t\t_tlsweep_words '",
		out);
	for (size_t i = 0; (command = ctl_command_at(i)) != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", command->name);
	fputs("'\n\t\t;;\n\t*)\n\t\t[[ $option == exclude-file ]] && _tlsweep_files -f\n\t\t;;\n"
	      "\tesac\n}\n\n",
		out);
}

void pages_bash(FILE *out)
{
	const struct op_command *command;

	fputs(head, out);
	fputs("_tlsweep_commands='", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", command->name);
	fputs("'\n\n", out);
	for (size_t i = 0; (command = op_command_at(i)) != NULL; i++) {
		if (command == &op_command_control)
			print_control(out);
		else if (op_option_at(command, 0) != NULL)
			print_command(out, command);
	}
	fputs(tail, out);
}

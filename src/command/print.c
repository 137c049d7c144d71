/* Where results go: stdout, or a file that is opened before anything is called. */
#include "command/print.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool printer_open(struct printer *printer, const struct cli *cli, struct str path,
		  struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	int number;

	*printer = (struct printer){
		.in_actions = cli->in_actions, .terminal = cli->out_terminal, .path = path};
	if (!path.len || str_eq(path, STR("-")))
		return true;
	number = open(arena_text(&arena, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	printer->file = number >= 0 ? fdopen(number, "w") : NULL;
	if (printer->file)
		return true;
	error_errno(err, "--output \"%.*s\"", STR_ARG(path));
	err->kind = ERROR_USAGE;
	if (number >= 0)
		close(number);
	return false;
}

/* Disarms what a terminal or a runner would act on; a file gets the text unchanged. */
static void add_safe(struct printer *printer, enum print_kind kind, struct str text,
		     struct buf *out)
{
	if (printer->file || (!printer->in_actions && (kind != PRINT_TEXT || !printer->terminal)))
		buf_add(out, text);
	else if (kind == PRINT_JSON)
		guard_add_json(out, text);
	else
		guard_add(&printer->guard, out, text);
}

void printer_release(struct printer *printer)
{
	if (printer->file)
		fclose(printer->file);
	printer->file = NULL;
}

/* Prints to stdout instead, so that a result that was paid for is not lost with the file. */
static bool print_instead(struct printer *printer, enum print_kind kind, struct str text,
			  struct error *err)
{
	struct error unprinted;

	printer_release(printer);
	if (printer_add(printer, kind, text, &unprinted))
		error_append(err, "; the result is on stdout instead");
	return false;
}

bool printer_add(struct printer *printer, enum print_kind kind, struct str text, struct error *err)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	FILE *file = printer->file ? printer->file : stdout;

	add_safe(printer, kind, text, &out);
	if (fwrite(out.ptr, 1, out.len, file) == out.len && fflush(file) == 0)
		return true;
	if (!printer->file)
		return error_errno(err, "cannot write to stdout");
	error_errno(err, "cannot write \"%.*s\"", STR_ARG(printer->path));
	return print_instead(printer, kind, text, err);
}

bool printer_close(struct printer *printer, struct error *err)
{
	FILE *file = steal(&printer->file);
	off_t end;
	bool cut;

	if (!file)
		return true;
	/* The old content of the file may be longer; a pipe cannot be truncated. */
	end = ftello(file);
	cut = end < 0 || ftruncate(fileno(file), end) == 0 || errno == EINVAL;
	if ((fclose(file) != 0) | !cut)
		return error_errno(err, "cannot write \"%.*s\"", STR_ARG(printer->path));
	return true;
}

bool print_text(const struct cli *cli, enum print_kind kind, struct str text, struct error *err)
{
	struct printer printer;

	return printer_open(&printer, cli, STR_EMPTY, err) &&
	       printer_add(&printer, kind, text, err);
}

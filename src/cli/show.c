/* A review as a local command prints it. */
#include "cli/show.h"

#include "output/agent_text.h"
#include "output/markdown.h"
#include "output/report.h"
#include "output/sarif.h"
#include "output/terminal.h"
#include "value/json.h"

const char *const show_formats[] = {"text", "markdown", "json", "sarif", "agent", NULL};
const char *const show_severities[] = {"critical", "high", "medium", "low", "info", NULL};
const char *const show_fail_levels[] = {"critical", "high", "medium", "low", "info", "never", NULL};

static void add_json(struct buf *out, const struct value *tree)
{
	json_write(out, tree, JSON_PRETTY);
	buf_add_char(out, '\n');
}

bool show_review(struct printer *printer, const struct review_view *view, struct str format,
		 bool color, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	enum print_kind kind = PRINT_JSON;

	if (str_eq(format, STR("json"))) {
		add_json(&out, report_value(&arena, view, STR_EMPTY));
	} else if (str_eq(format, STR("sarif"))) {
		add_json(&out, sarif_value(&arena, view, NULL));
	} else {
		kind = PRINT_TEXT;
		if (str_eq(format, STR("agent")))
			agent_text(&out, view);
		else if (str_eq(format, STR("markdown")))
			markdown_document(&out, view);
		else
			kind = PRINT_PAGE;
		if (kind == PRINT_PAGE)
			terminal_add(&out, view, color && printer->terminal && !printer->file,
				     terminal_width(printer->file ? printer->file : stdout));
	}
	return printer_add(printer, kind, buf_str(&out), err) && printer_close(printer, err);
}

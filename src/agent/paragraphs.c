/* Splits documents into paragraphs, and finds those nearest to a change. */
#include "agent/paragraphs.h"

#include <math.h>

#include "base/log.h"

void paragraphs_release(struct paragraphs *paragraphs)
{
	if (paragraphs)
		VEC_RELEASE(paragraphs);
}

/* The piece that is being gathered. */
struct splitter {
	struct arena *arena;
	struct paragraphs *out;
	struct str path;
	struct str heading;
	struct str piece; /* borrowed from the text; empty: none begun */
	uint32_t piece_line;
	bool fenced;
};

static void end_piece(struct splitter *splitter)
{
	struct str text = str_trim(splitter->piece);

	splitter->piece = STR_EMPTY;
	if (!text.len || splitter->out->len >= PARAGRAPHS_MAX)
		return;
	VEC_PUSH(splitter->out, (struct paragraph){
					.path = splitter->path,
					.line = splitter->piece_line,
					.heading = splitter->heading,
					.text = arena_str(splitter->arena, text),
				});
}

/* "# Title" gives "Title". */
static bool read_heading(struct str line, struct str *heading)
{
	size_t level = 0;

	while (level < line.len && line.ptr[level] == '#')
		level++;
	if (!level || level > 6 || level >= line.len || line.ptr[level] != ' ')
		return false;
	*heading = str_trim(str_skip(line, level));
	return true;
}

static void take_line(struct splitter *splitter, struct str line, uint32_t number)
{
	struct str trimmed = str_trim(line);
	struct str heading;

	if (!splitter->fenced && read_heading(line, &heading)) {
		end_piece(splitter);
		splitter->heading = arena_str(splitter->arena, heading);
		return;
	}
	if (str_starts(trimmed, STR("```")))
		splitter->fenced = !splitter->fenced;
	if (!trimmed.len && !splitter->fenced && splitter->piece.len >= PARAGRAPH_SIZE_MIN)
		end_piece(splitter);
	if (splitter->piece.len && splitter->piece.len + line.len > PARAGRAPH_SIZE_MAX)
		end_piece(splitter);
	if (!splitter->piece.len) {
		if (!trimmed.len)
			return;
		splitter->piece = str_of(line.ptr, 0);
		splitter->piece_line = number;
	}
	/* Lines follow each other in the text, so the piece grows over them. */
	splitter->piece.len = (size_t)(line.ptr + line.len - splitter->piece.ptr);
}

void paragraphs_split(struct arena *arena, struct str path, struct str text,
		      struct paragraphs *paragraphs)
{
	struct splitter splitter = {
		.arena = arena,
		.out = paragraphs,
		.path = arena_str(arena, path),
	};
	struct str line;

	for (uint32_t number = 1; str_next_line(&text, &line, NULL); number++) {
		/* A line without end is cut, as a minified file may be one. */
		take_line(&splitter, str_of(line.ptr, MIN_OF(line.len, (size_t)PARAGRAPH_SIZE_MAX)),
			  number);
	}
	end_piece(&splitter);
}

struct str paragraph_text(struct arena *arena, const struct paragraph *paragraph)
{
	return arena_printf(arena, "%.*s%s%.*s", STR_ARG(paragraph->heading),
			    paragraph->heading.len ? "\n" : "", STR_ARG(paragraph->text));
}

void paragraph_add(struct buf *out, const struct paragraph *paragraph)
{
	log_escape(out, paragraph->path);
	buf_addf(out, ":%u", paragraph->line);
	if (paragraph->heading.len)
		buf_addf(out, " (%.*s)", STR_ARG(paragraph->heading));
	buf_addf(out, "\n%.*s\n\n", STR_ARG(paragraph->text));
}

/* ---- Vectors ---- */

double vector_cosine(const float *a, const float *b, size_t dimensions)
{
	double dot = 0, length_a = 0, length_b = 0;

	for (size_t i = 0; i < dimensions; i++) {
		dot += (double)a[i] * (double)b[i];
		length_a += (double)a[i] * (double)a[i];
		length_b += (double)b[i] * (double)b[i];
	}
	if (length_a <= 0 || length_b <= 0)
		return 0;
	return dot / (sqrt(length_a) * sqrt(length_b));
}

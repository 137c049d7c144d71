/* Checks a finding's lines against the change that its comment is posted on. */
#include "publish/publisher.h"

static bool same_folded(struct str a, struct str b)
{
	struct str first = str_trim(a);
	struct str second = str_trim(b);
	size_t i = 0;
	size_t j = 0;

	while (i < first.len && j < second.len) {
		bool blank = first.ptr[i] == ' ' || first.ptr[i] == '\t';
		bool other = second.ptr[j] == ' ' || second.ptr[j] == '\t';

		if (blank != other || (!blank && first.ptr[i] != second.ptr[j]))
			return false;
		i++;
		j++;
		while (blank && i < first.len && (first.ptr[i] == ' ' || first.ptr[i] == '\t'))
			i++;
		while (blank && j < second.len && (second.ptr[j] == ' ' || second.ptr[j] == '\t'))
			j++;
	}
	return i == first.len && j == second.len;
}

static uint32_t line_of(const struct diff_line *line, enum diff_side side)
{
	return side == SIDE_LEFT ? line->old_line : line->new_line;
}

/* Whether the quoted lines begin at `start` of the hunk; sets where they end. */
static bool quoted_at(const struct diff_hunk *hunk, size_t start, enum diff_side side,
		      struct str quoted, uint32_t *first, uint32_t *last)
{
	struct str line;
	size_t at = start;

	*first = line_of(&hunk->lines[start], side);
	*last = *first;
	while (str_next_line(&quoted, &line, NULL)) {
		while (at < hunk->len && !line_of(&hunk->lines[at], side))
			at++;
		if (at == hunk->len || !same_folded(hunk->lines[at].text, line))
			return false;
		*last = line_of(&hunk->lines[at], side);
		at++;
	}
	return *first != 0;
}

/* Finds the quoted lines in the new change; the place nearest to the old one is used. */
static bool find_again(const struct diff_file *file, const struct finding *finding,
		       struct new_comment *comment)
{
	uint32_t best = UINT32_MAX;

	for (size_t i = 0; i < file->len && finding->quoted.len; i++) {
		for (size_t j = 0; j < file->hunks[i].len; j++) {
			uint32_t first;
			uint32_t last;
			uint32_t away;

			if (!quoted_at(&file->hunks[i], j, finding->side, finding->quoted, &first,
				       &last))
				continue;
			away = first > finding->line ? first - finding->line
						     : finding->line - first;
			if (away >= best)
				continue;
			best = away;
			comment->line = last;
			comment->start_line = first < last ? first : 0;
		}
	}
	return best != UINT32_MAX;
}

static bool in_one_hunk(const struct diff_file *file, const struct new_comment *comment)
{
	const struct diff_hunk *last = NULL;
	const struct diff_hunk *first = NULL;

	if (!diff_line_at(file, comment->side, comment->line, &last))
		return false;
	return !comment->start_line ||
	       (diff_line_at(file, comment->side, comment->start_line, &first) && first == last);
}

bool place_comment(struct publisher *run, const struct finding *finding,
		   struct new_comment *comment, struct str *reason)
{
	const struct diff_file *file = file_shown_as(run->diff, finding->path);
	bool moved = run->diff == &run->now_diff;

	*comment = (struct new_comment){
		.path = file ? file->path : finding->path,
		.line = MAX_OF(finding->end_line, finding->line),
		.start_line = finding->end_line > finding->line ? finding->line : 0,
		.side = finding->side,
	};
	if (file && moved && !find_again(file, finding, comment)) {
		*reason = STR(
			"the pull request got new commits during the review, and these lines changed");
		return false;
	}
	if (!file || !comment->line || !in_one_hunk(file, comment)) {
		*reason = moved ? STR("the pull request got new commits during the review")
				: STR("the lines are not in the diff");
		return false;
	}
	return true;
}

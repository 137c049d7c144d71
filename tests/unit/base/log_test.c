/* The log: what its lines look like, and what they can never be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "unit.h"

/* A standard stream that is written to a file until it is read back. */
struct capture {
	FILE *file;
	FILE *stream;
	int saved;
};

static struct capture capture_begin(FILE *stream)
{
	struct capture capture = {.file = tmpfile(), .stream = stream};

	ck_assert_ptr_nonnull(capture.file);
	fflush(stream);
	capture.saved = dup(fileno(stream));
	dup2(fileno(capture.file), fileno(stream));
	return capture;
}

static void capture_end(struct capture *capture, struct buf *out)
{
	char bytes[4096];
	size_t count;

	fflush(capture->stream);
	dup2(capture->saved, fileno(capture->stream));
	close(capture->saved);
	rewind(capture->file);
	while ((count = fread(bytes, 1, sizeof(bytes), capture->file)) > 0)
		buf_add(out, str_of(bytes, count));
	fclose(capture->file);
}

static void mask(const char *text)
{
	SCOPED(secret) struct secret secret = {0};

	secret_set(&secret, str_from(text));
	log_mask(&secret);
}

TEST(levels_become_workflow_commands)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);

	log_setup(LOG_DEBUG, LOG_FORMAT_WORKFLOW);
	log_info("t", "plain");
	log_debug("t", "trace");
	log_notice("t", "100%%");
	log_warning("t", "w");
	log_error("t", "a\nb");
	log_group_begin("agent %s", "50%0Ax");
	log_group_end();
	capture_end(&capture, &out);
	log_reset();
	ck_assert_str_eq(out.ptr, "plain\n::debug::trace\n::notice::100%25\n::warning::w\n"
				  "::error::a\\nb\n::group::agent 50%250Ax\n::endgroup::\n");
}

TEST(no_line_can_act_as_a_command)
{
	static const char *const texts[] = {
		"::error::x",
		"  ::add-mask::x",
		"##[error]x",
		"x ##[group]y",
		"\r\n::stop-commands::t",
		"\t::debug::x",
		"a\r::error::x",
		"\xe2\x80\xa8::error::x",
		"##\x01[x",
		"###[x",
		"\xc2\xa0::error::x",
		"\xe3\x80\x80::error::x",
		"\xe2\x80\x83 ::error::x",
	};

	for (int format = LOG_FORMAT_TEXT; format <= LOG_FORMAT_WORKFLOW; format++) {
		for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
			SCOPED(buf) struct buf out = BUF_INIT;
			struct capture capture = capture_begin(stderr);
			struct str rest;

			log_setup(LOG_INFO, (enum log_format)format);
			log_info("t", "%s", texts[i]);
			capture_end(&capture, &out);
			log_reset();
			ck_assert_msg(!str_contains(buf_str(&out), STR("##[")), "%s", out.ptr);
			for (rest = buf_str(&out);
			     rest.len &&
			     (rest.ptr[0] == ' ' || (unsigned char)rest.ptr[0] >= 0x80);)
				rest = str_skip(rest, 1);
			ck_assert_msg(!str_starts(rest, STR("::")), "%s", out.ptr);
			ck_assert_msg(str_find_char(buf_str(&out), '\n', 0) ==
					      (ptrdiff_t)out.len - 1,
				      "%s", out.ptr);
			ck_assert_int_lt(str_find_char(buf_str(&out), '\r', 0), 0);
		}
	}
}

TEST(a_name_behind_blanks_is_not_a_command)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_text(&out, "  ");
	log_escape(&out, STR("::error::x"));
	ck_assert_str_eq(out.ptr, "  \\::error::x");
}

TEST(controls_and_direction_marks_are_shown)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	log_escape(&out, STR("a\x1b[31m\tb\x7f\xe2\x80\xae\xff\xc3\xa9"));
	ck_assert_str_eq(out.ptr, "a\\x1b[31m b\\x7f\\u202e\xef\xbf\xbd\xc3\xa9");
}

TEST(masked_secrets_are_never_written)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);

	log_setup(LOG_INFO, LOG_FORMAT_TEXT);
	mask("abcd");
	mask("abcdefgh");
	mask("abc");
	mask("****");
	log_flow_set("flow abcd");
	log_warning("t", "x abcdefgh abcd abc ***** y");
	capture_end(&capture, &out);
	log_reset();
	ck_assert_str_eq(out.ptr, "warning: flow ***: x *** *** abc *** y\n");
	ck_assert_str_eq(log_flow(), "flow abcd");
}

TEST(masks_each_line_of_a_secret_once)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);

	log_setup(LOG_INFO, LOG_FORMAT_WORKFLOW);
	mask("first line\r\n\nsec%ond\rhalf\n");
	mask("first line");
	log_info("t", "a first line b");
	capture_end(&capture, &out);
	log_reset();
	ck_assert_str_eq(out.ptr,
			 "::add-mask::first line\n::add-mask::sec%25ond%0Dhalf\na *** b\n");
}

TEST(a_warning_is_given_once)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);

	log_setup(LOG_INFO, LOG_FORMAT_TEXT);
	for (int i = 0; i < 3; i++) {
		log_warning("t", "again");
		log_warning("t", "number %d", i / 2);
		log_notice("t", "each time");
	}
	capture_end(&capture, &out);
	log_reset();
	ck_assert_str_is(buf_str(&out),
			 STR("warning: again\nwarning: number 0\nnotice: each time\n"
			     "notice: each time\nwarning: number 1\nnotice: each time\n"));
}

TEST(lines_are_collected_and_printed_together)
{
	SCOPED(buf) struct buf lines = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);

	log_setup(LOG_INFO, LOG_FORMAT_TEXT);
	log_flow_set("flow");
	log_add(&lines, LOG_INFO, "t", "one\ntwo abcd");
	log_add(&lines, LOG_DEBUG, "t", "not this");
	log_add(&lines, LOG_WARNING, "t", "three");
	log_notice("t", "before them");
	mask("abcd");
	log_put(&lines);
	log_put(&lines);
	log_flow_set("");
	capture_end(&capture, &out);
	log_reset();
	ck_assert_str_eq(out.ptr, "notice: flow: before them\nflow: one\\ntwo ***\n"
				  "warning: flow: three\n");
}

TEST(levels_below_the_chosen_one_are_silent)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct capture capture = capture_begin(stderr);
	enum log_level level = LOG_INFO;

	ck_assert(log_level_parse(STR("warning"), &level));
	ck_assert(!log_level_parse(STR("loud"), &level));
	log_setup(level, LOG_FORMAT_TEXT);
	log_notice("t", "not this");
	log_group_begin("nor this");
	log_error("topic", "say \"%s\" \\", "x");
	capture_end(&capture, &out);
	log_reset();
	ck_assert(level == LOG_WARNING && !log_enabled(LOG_DEBUG));
	ck_assert_str_eq(out.ptr, "error: say \"x\" \\\n");
}

TEST(settings_are_named_as_they_are_given_where_the_program_runs)
{
	log_setup(LOG_INFO, LOG_FORMAT_WORKFLOW);
	ck_assert_str_eq(log_setting("aws-region", "--region"), "aws-region");
	log_setup(LOG_INFO, LOG_FORMAT_TEXT);
	ck_assert_str_eq(log_setting("aws-region", "--region"), "--region");
	log_reset();
}

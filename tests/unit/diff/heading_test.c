/* Tests of the lines that begin a function, and of the function around a change. */
#include "base/buf.h"
#include "diff/heading.h"
#include "unit.h"

static bool begins(const char *path, const char *line)
{
	const struct heading_language *language = heading_language(str_from(path));

	ck_assert_msg(language != NULL, "%s has no language", path);
	OWNED(headings) struct headings *headings = headings_new(language);
	return headings_match(headings, str_from(line));
}

static const struct {
	const char *path, *line;
	bool begins;
} lines[] = {
	{"a.c", "int main(void)", true},
	{"a.c", "static const struct row rows[] = {", true},
	{"a.c", "out:", false},
	{"a.c", "\tif (ready)", false},
	{"a.c", "#include <stdio.h>", false},
	{"src/a.hpp", "class Pool : public Base {", true},
	{"a.cs", "    public async Task<int> Run(string name)", true},
	{"a.cs", "    return Run(name);", false},
	{"a.css", ".button:hover {", true},
	{"a.css", "  color: red;", false},
	{"a.ex", "  defp take(pool) do", true},
	{"a.go", "func (p *Pool) Take() *Conn {", true},
	{"a.go", "	go func() {", false},
	{"A.java", "    public Conn take(int id) throws Busy {", true},
	{"A.java", "public final class A<T> {", true},
	{"A.java", "        return take(id);", false},
	{"A.java", "        if (take(id)) {", false},
	{"A.java", "        else if (x) {", false},
	{"a.ts", "export async function take(id: number) {", true},
	{"a.tsx", "const Row = ({ id }: Props) => {", true},
	{"a.js", "  take(id) {", true},
	{"a.js", "  if (id) {", false},
	{"a.kt", "    private suspend fun take(id: Int): Conn {", true},
	{"a.php", "    public static function take($id)", true},
	{"a.py", "    async def take(self, id):", true},
	{"a.py", "    take(id)", false},
	{"a.rb", "  def take(id)", true},
	{"a.rs", "    pub(crate) async fn take(&self) -> Conn {", true},
	{"a.rs", "impl<T> Pool<T> {", true},
	{"a.rs", "    self.take()", false},
	{"a.scala", "  private def take(id: Int): Conn = {", true},
	{"a.sh", "take() {", true},
	{"a.sh", "take \"$1\"", false},
	{"a.swift", "    public func take(id: Int) -> Conn {", true},
	{"a.pl", "sub take {", true},
	{"a.f90", "  subroutine take(id)", true},
	{"a.f90", "  end subroutine", false},
	{"a.lua", "local function take(id)", true},
	{"a.clj", "(defn take [id]", true},
	{"a.pas", "procedure TPool.Take;", true},
	{"a.adb", "   procedure Take (Id : Integer) is", true},
	{"a.m", "- (void)take:(int)id {", true},
};

TEST_LOOP(tells_lines_that_begin_a_function, 0, (int)ARRAY_LEN(lines))
{
	ck_assert_msg(begins(lines[_i].path, lines[_i].line) == lines[_i].begins, "%s: %s",
		      lines[_i].path, lines[_i].line);
}

TEST(languages_are_sorted_and_their_patterns_compile)
{
	size_t len;
	const struct heading_language *rows = heading_languages(&len);

	for (size_t i = 0; i < len; i++) {
		OWNED(headings) struct headings *headings = headings_new(&rows[i]);

		ck_assert(!headings_match(headings, STR_EMPTY));
		ck_assert(!i || str_cmp(str_from(rows[i - 1].name), str_from(rows[i].name)) < 0);
	}
}

TEST(prose_and_data_have_no_functions)
{
	ck_assert(!heading_language(STR("README.md")));
	ck_assert(!heading_language(STR("a.json")));
	ck_assert(!heading_language(STR("Makefile")));
	ck_assert(!heading_language(STR("src/.c")));
	ck_assert(!heading_language(STR("")));
}

/* The function around lines `first` to `last` of the text. */
static struct line_range around(const char *path, const char *text, uint32_t first, uint32_t last,
				uint32_t lines_max)
{
	OWNED(headings) struct headings *headings = headings_new(heading_language(str_from(path)));
	struct str all[400];
	struct str rest = str_from(text);
	size_t len = 0;

	while (len < ARRAY_LEN(all) && str_next_line(&rest, &all[len], NULL))
		len++;
	return headings_enclosing(headings, all, len, (struct line_range){first, last}, lines_max);
}

#define ck_assert_range(range_, first_, last_)                                                     \
	do {                                                                                       \
		struct line_range seen = (range_);                                                 \
		ck_assert_msg(seen.first == (first_) && seen.last == (last_), "%u to %u",          \
			      seen.first, seen.last);                                              \
	} while (0)

static const char c_text[] = "#include <a.h>\n" /* 1 */
			     "\n"
			     "int first(void)\n" /* 3 */
			     "{\n"
			     "\treturn 1;\n"
			     "}\n" /* 6 */
			     "\n"
			     "/* Takes one. */\n" /* 8 */
			     "static int\n"
			     "second(int x)\n" /* 10 */
			     "{\n"
			     "\tif (x)\n"
			     "\t\tgoto out;\n"
			     "\tx++;\n" /* 14 */
			     "out:\n"
			     "\treturn x;\n"
			     "}\n" /* 17 */
			     "\n"
			     "int last;\n"; /* 19 */

TEST(a_function_of_c_ends_at_its_brace)
{
	ck_assert_range(around("a.c", c_text, 5, 5, 60), 3, 6);
	ck_assert_range(around("a.c", c_text, 14, 14, 60), 10, 17);
	ck_assert_range(around("a.c", c_text, 16, 17, 60), 10, 17);
}

TEST(a_change_outside_of_functions_has_nothing_around_it)
{
	ck_assert_range(around("a.c", c_text, 1, 1, 60), 1, 1);
}

TEST(a_change_over_two_functions_has_the_rest_of_both_around_it)
{
	ck_assert_range(around("a.c", c_text, 5, 14, 60), 3, 17);
}

static const char python_text[] = "import os\n" /* 1 */
				  "\n"
				  "class Pool:\n" /* 3 */
				  "    def put(self):\n"
				  "        pass\n"
				  "\n"
				  "    # Takes one.\n" /* 7 */
				  "    @timed\n"
				  "    def take(self):\n"
				  "        def inner():\n" /* 10 */
				  "            return 1\n"
				  "        x = inner()\n" /* 12 */
				  "        return x\n"
				  "\n"
				  "    @timed\n" /* 15 */
				  "    def drop(self):\n"
				  "        pass\n";

TEST(a_method_of_python_is_found_past_an_inner_function)
{
	ck_assert_range(around("a.py", python_text, 12, 12, 60), 7, 13);
	ck_assert_range(around("a.py", python_text, 11, 11, 60), 10, 13);
}

TEST(a_longer_function_gives_the_lines_near_to_the_change)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_add_text(&text, "int f(void)\n{\n");
	for (int i = 0; i < 300; i++)
		buf_add_text(&text, "\tx++;\n");
	buf_add_text(&text, "}\n");
	ck_assert_range(around("a.c", text.ptr, 150, 150, 60), 110, 170);
	ck_assert_range(around("a.c", text.ptr, 10, 10, 60), 1, 61);
}

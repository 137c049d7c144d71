#!/usr/bin/env python3
"""Files that are not plain UTF-8 text with a plain name: findings are placed, or the reason is reported."""
from harness import BASE, HEAD, Emulator, Job, check, equal, finding, flow, line_comments, main, reply, summary


@flow
def findings_in_text_of_any_encoding_are_placed_on_their_lines():
    for encoding, words in (("latin-1", "é à ü"), ("cp1252", "“né”"), ("shift_jis", "日本語です"),
                            ("gbk", "中文注释"), ("utf-8-sig", "né")):
        code = "int conns_busy = 2; /* " + words + " */"
        text = ("/* " + words * 4 + " */\n" + code + "\n").encode(encoding)
        with Emulator([reply(finding(path="a.c", line=1, evidence=code))],
                      base={"a.c": text.replace(b"= 2", b"= 1")}, head={"a.c": text}) as emulator:
            result = Job(emulator).run()
            equal(result.status, 0, encoding, result.text)
            equal([c["line"] for c in line_comments(emulator)], [2], encoding, result.text)


@flow
def a_finding_in_a_file_that_github_shows_no_lines_of_is_in_the_summary():
    text = "/* 日本 */\nint conns_busy = 2;\n"
    with Emulator([reply(finding(path="a.c", line=2, evidence="int conns_busy = 2;"))],
                  base={"a.c": text.replace("= 2", "= 1").encode("utf-16")},
                  head={"a.c": text.encode("utf-16")}) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(line_comments(emulator), [])
        check("The index may be negative" in summary(emulator), summary(emulator))
        equal(result.report()["coverage"]["reviewed"], 1)


@flow
def code_behind_a_mark_of_another_encoding_is_seen_or_the_review_is_partial():
    """Programs that read bytes run it; read as UTF-16 it is Chinese."""
    code = b"<?php\n/* x */\nsystem($_GET['cmd']);\n"
    words = "/* some words about this file */\n".encode("utf-16-le") * 4
    for name, text, conclusion in (("mark", b"\xff\xfe" + code, "clean"),
                                   ("mark and NUL", b"\xff\xfe" + code.replace(b"x", b"\0"), "partial"),
                                   ("words before it", b"\xff\xfe" + words + code, "partial"),
                                   ("ebcdic", (code.decode() * 9).encode("cp1140"), "partial"),
                                   ("utf-32", code.decode().encode("utf-32"), "partial")):
        with Emulator([reply()], head={**HEAD, "src/a.php": text}) as emulator:
            result = Job(emulator).run()
            equal((result.status, result.outputs["conclusion"]), (0, conclusion), name, result.text)
            seen = "system($_GET" in emulator.requests("converse")[0]["body"]
            equal(seen, conclusion == "clean", name)


@flow
def a_change_of_binary_files_only_is_skipped_and_never_clean():
    with Emulator([reply()], base={"a.png": b"\x89PNG\0\0a"}, head={"a.png": b"\x89PNG\0\0b"}) as emulator:
        result = Job(emulator).run()
        equal((result.status, result.outputs["conclusion"]), (0, "skipped"), result.text)
        check("skipped: binary" in result.text, result.text)
        equal(emulator.requests("converse"), [])


@flow
def a_name_that_ends_in_a_blank_is_that_files_name():
    with Emulator([reply(finding(path="a.c ", line=1, evidence="int conns_busy = 2;"))],
                  base={"a.c ": "int x;\n", "a.c": "int y;\n"},
                  head={"a.c ": "int conns_busy = 2;\n", "a.c": "int y;\n"}) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal([(c["path"], c["line"]) for c in line_comments(emulator)], [("a.c ", 1)], result.text)


@flow
def only_the_base_version_calls_a_file_generated():
    marks = {".gitattributes": "src/*.c linguist-generated\n"}
    for base, head, conclusion in (({**BASE, **marks}, {**HEAD, **marks}, "skipped"),
                                   (BASE, {**HEAD, **marks}, "findings")):
        with Emulator([reply(finding())], base=base, head=head) as emulator:
            result = Job(emulator).run()
            equal((result.status, result.outputs["conclusion"]), (0, conclusion), result.text)
            equal("skipped: generated" in result.text, conclusion == "skipped", result.text)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks what the tables of commands and keys print: pages, manual page, completions.

reference_test.py OUTCROP-REFERENCE
"""
import itertools
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REFERENCE = pathlib.Path(sys.argv[1]).resolve()


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=180)


def printed(page):
    return run(REFERENCE, page).stdout


def commands():
    """The sections of the page of commands: name and text."""
    return re.findall(r"^## outcrop ([a-z-]+)\n(.*?)(?=^## )", printed("commands"), re.M | re.S)


def check_pages():
    for page, path in (("commands", "docs/command-line.md"), ("keys", "docs/keys.md")):
        yield f"{path}_is_current: run script/reference", printed(page) == (ROOT / path).read_text()
    sections = commands()
    yield f"every_command_has_examples {[n for n, t in sections if n not in t]}", \
        len(sections) > 10 and all("Examples:" in text for _, text in sections)
    known = {name: set(re.findall(r"^\| `--([a-z-]+)", text, re.M)) for name, text in sections}
    wrong = []
    for _, text in sections:
        examples = text.split("Examples:")[1]
        for name, line in re.findall(r"outcrop ([a-z-]+)([^\n|>]*)", examples):
            wrong += [f"{name} --{option}" for option in re.findall(r" --([a-z-]+)", line)
                      if option not in known.get(name, ())]
    yield f"every_option_of_an_example_exists {wrong}", not wrong


def check_manual():
    page = printed("manual")
    missing = [name for name, _ in commands() if f'"outcrop {name}'.replace("-", "\\-") not in page]
    yield f"the_manual_page_has_every_command {missing}", not missing
    dated = run(REFERENCE, "manual", "1795000000").stdout.splitlines()[0]
    yield f"the_manual_page_has_the_date_of_the_sources {dated}", dated.startswith('.TH OUTCROP 1 "2026-11-18" ')
    if shutil.which("groff"):
        result = run("groff", "-man", "-ww", "-Tascii", "-P-cbou", text=page)
        yield f"the_manual_page_is_formatted_without_warnings {result.stderr}", \
            result.returncode == 0 and not result.stderr and "EXIT STATUS" in result.stdout
        wide = [line for line in result.stdout.splitlines() if len(line) > 80]
        yield f"the_manual_page_fits_80_columns {wide}", not wide
    else:
        print("# skipped: the manual page is not formatted: no groff here")


def completed(script, *words):
    """What bash completes for a line of these words."""
    given = " ".join(f"'{word}'" for word in words)
    program = f"source '{script}'; COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; _outcrop; " \
              'printf "%s\\n" "${COMPREPLY[@]}"'
    result = run("bash", "-uc", program)
    return result.stdout.split() if not result.stderr else [result.stderr]


def check_completions():
    with tempfile.TemporaryDirectory() as folder:
        for shell in ("bash", "fish", "zsh"):
            path = pathlib.Path(folder) / shell
            path.write_text(printed(shell))
            if not shutil.which(shell):
                print(f"# skipped: the completions of {shell} are not read: no {shell} here")
                continue
            result = run(shell, "-n", path)
            yield f"{shell}_reads_its_completions {result.stderr}", result.returncode == 0 and not result.stderr
        script = pathlib.Path(folder) / "bash"
        for words, expected in ((("outcrop", "rev"), ["review"]),
                                (("outcrop", "review", "--st"), ["--staged"]),
                                (("outcrop", "review", "--format", "m"), ["markdown"]),
                                (("outcrop", "review", "--format", "=", "sa"), ["sarif"]),
                                (("outcrop", "review", "--format", "="),
                                 ["text", "markdown", "json", "sarif", "agent"]),
                                (("outcrop", "completion", "z"), ["zsh"]),
                                (("outcrop", "review", "--config", ""), []),
                                (("outcrop", "check", "x"), [])):
            found = completed(script, *words)
            yield f"bash_completes_{'_'.join(words)} {found}", found == expected


def main():
    return tap.finish(itertools.chain(check_pages(), check_manual(), check_completions()))


if __name__ == "__main__":
    sys.exit(main())

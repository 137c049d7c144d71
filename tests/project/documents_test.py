#!/usr/bin/env python3
"""Holds what is written down to the code: action.yml, the documents' links, the rules of style."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def read(path):
    return (ROOT / path).read_text()


def tracked(*patterns):
    """The files of the project: those that git knows, or all of them in an exported tree."""
    try:
        listing = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "--",
                                  *patterns], check=True, capture_output=True, text=True).stdout
        return [ROOT / name for name in listing.splitlines() if (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [path for pattern in patterns for path in ROOT.rglob(pattern) if path.is_file()]


def sources():
    return tracked("*.c", "*.h")


def c_strings(text):
    joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    return joined.replace('\\"', '"').replace("\\\\", "\\")


def action_section(name):
    """The entries of one section of action.yml: {entry: {key: value}}."""
    entries, entry, key = {}, None, None
    inside = False
    for line in read("action.yml").splitlines():
        if re.match(r"^\S", line):
            inside = line == f"{name}:"
        elif inside and (match := re.match(r"^  ([a-z-]+):$", line)):
            entry = entries.setdefault(match.group(1), {})
        elif inside and (match := re.match(r"^    ([a-z]+): ?(.*)$", line)):
            key = match.group(1)
            entry[key] = "" if match.group(2) == ">-" else match.group(2).strip('"')
        elif inside and line.startswith("      "):
            entry[key] = f"{entry[key]} {line.strip()}".strip()
    return entries


def input_table():
    text = read("src/action/inputs_table.c").split("const struct output_name")
    inputs = re.findall(r'\{"([a-z-]+)", INPUT_\w+, AT\(\w+\),\s*("[^"]*"),((?:\s*"(?:[^"\\]|\\.)*")+)',
                        text[0])
    outputs = re.findall(r'\{"([a-z-]+)",((?:\s*"(?:[^"\\]|\\.)*")+)\}', text[1])
    return ({name: (c_strings(default), c_strings(help_)) for name, default, help_ in inputs},
            {name: c_strings(help_) for name, help_ in outputs})


@test
def action_yml_has_the_inputs_of_the_code():
    table, _ = input_table()
    action = action_section("inputs")
    assert table, "no inputs found in src/action/inputs_table.c"
    assert list(action) == list(table), set(action) ^ set(table) or "another order"
    for name, (default, help_) in table.items():
        assert action[name]["default"] == default, f"{name}: default {action[name]['default']!r}"
        assert action[name]["description"] == help_, f"{name}: {action[name]['description']!r}"
        assert action[name]["required"] == "false", name


@test
def action_yml_has_the_outputs_of_the_code():
    _, table = input_table()
    action = action_section("outputs")
    assert list(action) == list(table), set(action) ^ set(table) or "another order"
    for name, help_ in table.items():
        assert action[name]["description"] == help_, f"{name}: {action[name]['description']!r}"


@test
def action_yml_runs_the_image_without_arguments():
    text = read("action.yml")
    assert "\nruns:\n  using: docker\n  image: Dockerfile\n" in text
    assert "args:" not in text and "entrypoint:" not in text


@test
def the_documents_name_every_input_and_output():
    text = read("docs/inputs-and-outputs.md")
    inputs, outputs = input_table()
    rows = set(re.findall(r"^\| `([a-z-]+)`", text, re.M))
    assert set(inputs) | set(outputs) == rows, (set(inputs) | set(outputs)) ^ rows


@test
def options_are_listed_in_alphabetical_order():
    for command in read("docs/command-line.md").split("\n## ")[1:]:
        options = re.findall(r"^\| `--([a-z-]+)", command, re.M)
        assert options == sorted(options), f"{command.splitlines()[0]}: {options}"


@test
def links_of_the_documents_lead_somewhere():
    for path in tracked("*.md"):
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"^[a-z]+:", target) or target.startswith("#"):
                continue
            place = (path.parent / target.split("#")[0]).resolve()
            assert place.exists(), f"{path.relative_to(ROOT)}: {target}"


def anchors(path):
    """What GitHub makes of the headings of a page."""
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
    names = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
             for heading in re.findall(r"^#+ (.*)$", text, re.M)]
    return set(names) | {f"{name}-{number}" for name in names for number in range(1, names.count(name))}


@test
def links_to_headings_lead_to_one():
    for path in tracked("*.md"):
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
        for page, anchor in re.findall(r"\]\(([^)\s#:]*)#([^)\s]+)\)", text):
            target = (path.parent / page).resolve() if page else path
            assert target.suffix != ".md" or anchor in anchors(target), \
                f"{path.relative_to(ROOT)}: {page}#{anchor}"


@test
def every_attack_of_the_suite_is_in_the_security_model():
    text = read("docs/security-model.md")
    for path in sorted((ROOT / "tests/injection").glob("*.toml")):
        assert f"`{path.stem}`" in text, path.stem


@test
def every_folder_has_a_page():
    index = read("docs/internals/README.md")
    for folder in sorted((ROOT / "src").iterdir()):
        if folder.is_dir() and list(folder.glob("*.c")):
            assert (ROOT / "docs/internals" / f"{folder.name}.md").exists(), folder.name
            assert f"({folder.name}.md)" in index, f"{folder.name} is not in the index"


@test
def the_walk_opens_each_file_once_in_order():
    """docs/internals/walk.md: what it names exists, and leads from one file to the next."""
    rows = re.findall(r"^\| `(src/[\w/]+\.c)` \| ((?:`\w+`(?:, )?)+) \|", read("docs/internals/walk.md"), re.M)
    assert len(rows) > 40, len(rows)
    opened = ""
    for number, (path, names) in enumerate(rows):
        assert path not in [earlier for earlier, _ in rows[:number]], f"{path} is opened twice"
        text = read(path)
        names = re.findall(r"\w+", names)
        for name in names:
            # A function's definition is one without an end of statement; a table has its initializer.
            defined = rf"^\w[^\n;=]*\b{name}(?:\([^;{{]*\)\n|\[\] = | = )\{{|^\}} {name}\[\] = \{{"
            assert re.search(defined, text, re.M), f"{path} does not define {name}"
        assert not number or re.search(rf"\b{names[0]}\b", opened), f"nothing before {path} names {names[0]}"
        opened += text


@test
def the_picture_of_the_rooms_is_that_of_the_build_files():
    check = subprocess.run([sys.executable, ROOT / "script/rooms", "--check"], check=False,
                           capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


@test
def source_files_begin_with_one_sentence():
    for path in sources():
        if path.name.endswith(".h.in"):
            continue
        first = path.read_text().split("\n", 1)[0]
        assert first.startswith("/* "), f"{path.relative_to(ROOT)}: {first!r}"


@test
def lines_have_a_hundred_columns_at_most():
    for path in sources():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            width = len(line.expandtabs(8))
            # clang-format leaves comments and string literals alone.
            limit = 2000 if '"' in line else 116
            assert width <= limit, f"{path.relative_to(ROOT)}:{number}: {width} columns"


@test
def source_files_have_one_idea():
    for path in sources():
        if "tests" in path.relative_to(ROOT).parts:
            continue
        count = len(path.read_text().splitlines())
        assert count < 450, f"{path.relative_to(ROOT)}: {count} lines"


@test
def internals_name_every_file_of_their_folder():
    for folder in sorted(path for path in (ROOT / "src").iterdir() if path.is_dir()):
        page = read(f"docs/internals/{folder.name}.md")
        named = {name.replace("_*", "_") for name in re.findall(r"\b(\w+(?:_\*)?)\.[ch]\b", page)}
        named.update(re.findall(r"`(\w+)`", page))
        prefixes = tuple(name for name in named if name.endswith("_"))
        files = {path.stem for path in folder.glob("*.[ch]")} - named
        missing = sorted(name for name in files if not (prefixes and name.startswith(prefixes)))
        assert not missing, f"docs/internals/{folder.name}.md does not mention {', '.join(missing)}"


# They implement the same thing for several folders (docs/internals/README.md).
SAME_NAMES = {"doctor", "plan"}


@test
def source_files_have_names_of_their_own():
    seen = {}
    for path in sources():
        if path.is_relative_to(ROOT / "src") and path.stem not in SAME_NAMES:
            other = seen.setdefault(path.name, path)
            assert other == path, f"{other.relative_to(ROOT)} and {path.relative_to(ROOT)} share a name"


@test
def nothing_is_left_to_do_in_the_code():
    for path in sources():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not re.search(r"\b(TODO|FIXME|XXX:|HACK)\b", line), \
                f"{path.relative_to(ROOT)}:{number}"


@test
def banned_functions_are_not_called():
    banned = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen|atoi|atol)\(")
    for path in sources():
        if path.is_relative_to(ROOT / "src"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                assert not banned.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


@test
def the_messages_of_troubleshooting_are_in_the_sources():
    def plain(text):
        return text.replace("`", '"')

    text = read("docs/troubleshooting.md")
    section = text.split("## Messages of outcrop")[1].split("\n## ")[0]
    messages = re.findall(r"^\| `([^`]+)` \|", section, re.M)
    assert len(messages) > 5, messages
    literals = []
    for path in sorted((ROOT / "src").rglob("*.c")):
        source = re.sub(r'"\s*\n\s*"', "", path.read_text())
        literals += [plain(c_strings(match.group(0)))
                     for match in re.finditer(r'"(?:[^"\\\n]|\\.)*"', source)]
    for message in messages:
        pieces = [piece.strip() for piece in message.split("…")]
        pattern = re.compile(".*".join(re.escape(piece) for piece in pieces))
        assert any(pattern.search(literal) for literal in literals), message


@test
def scripts_can_be_run():
    for path in tracked("script/*", ".ci/run"):
        if path.suffix == ".txt":
            continue
        assert path.stat().st_mode & 0o111, path.name
        assert path.read_text().startswith("#!"), path.name


@test
def the_changelog_has_the_version():
    version = re.search(r"^  version: '([^']+)'", read("meson.build"), re.M).group(1)
    assert re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), re.M), version


@test
def the_documents_have_the_figures_that_were_measured():
    check = subprocess.run([sys.executable, ROOT / "bench/figures.py", "--check"], capture_output=True, text=True,
                           check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def main():
    failed = 0
    for number, function in enumerate(TESTS, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}")
        except (AssertionError, OSError) as problem:
            failed += 1
            print(f"not ok {number} - {function.__name__}: {problem}")
    print(f"1..{len(TESTS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What README and docs/ show is run: configurations, agents, commands, and the quick start."""
import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import textwrap

from harness import (
    KEYS,
    OUTCROP,
    SANITIZERS,
    Emulator,
    Job,
    check,
    comment_event,
    equal,
    finding,
    flow,
    line_comments,
    main,
    outcrop,
    reply,
    summaries,
)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^([ ]*)```(\w*)\n(.*?)^\1```", re.M | re.S)
CHANGE = """diff --git a/src/pool.c b/src/pool.c
--- a/src/pool.c
+++ b/src/pool.c
@@ -1,4 +1,7 @@ int get(void)
 int get(void)
 {
-\treturn 0;
+\tint idx = take();
+
+\tconns[idx].busy = 1;
+\treturn idx;
 }
"""
STUB = "description: Looks.\nprompt: Look at this.\n"
COMMAND = re.compile(r"(?<![\w/.-])outcrop ((?:[a-z][a-z-]*)(?: [^|#;&<>`\n]*)?)")
OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*)")


def blocks(page, *languages):
    return [textwrap.dedent(text) for _, language, text in FENCE.findall(page.read_text()) if language in languages]


def kind_of(block):
    """What a block of YAML is."""
    keys = set(re.findall(r"^([a-z_-]+):", block, re.M))
    if "jobs" in keys or keys == {"with"}:
        return "workflow"  # tests/project/release_tree_test.py gives these to actionlint
    if keys == {"repos"}:
        return "hooks"
    if "prompt" in keys:
        return "agent"
    if keys & {"expect", "origin"}:
        return "case"
    return "configuration"


def yaml_blocks(kind):
    return [(page, block) for page in PAGES for block in blocks(page, "yaml", "yml") if kind_of(block) == kind]


def run(*arguments, cwd=None):
    return subprocess.run([OUTCROP, *arguments], cwd=cwd, capture_output=True, text=True, timeout=180,
                          stdin=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})


def write(folder, path, text):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def check_configuration(page, block):
    """Agents that it names by path, or by a name that is not built in, are put beside it."""
    text = block if re.search(r"^version:", block, re.M) else "version: 1\n" + block
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder, ".github/outcrop.yml", text)
        for path in re.findall(r"(?<![\w/])\./([\w/.-]+\.yml)", text):
            write(folder, path, STUB)
        for name_of_agent in re.findall(r"[\w-]+", " ".join(re.findall(r"agents: \[([^]/]*)\]", text))):
            if not (ROOT / "agents" / f"{name_of_agent}.yml").exists():
                write(folder, f".github/outcrop/agents/{name_of_agent}.yml", STUB)
        result = run("check", name)
        equal(result.returncode, 0, page.name, block, result.stdout)
        check("warning" not in result.stdout, page.name, result.stdout)


@flow
def each_configuration_of_the_documents_passes_check():
    found = yaml_blocks("configuration")
    check(found)
    for page, block in found:
        check_configuration(page, block)


@flow
def each_agent_of_the_documents_passes_check():
    found = yaml_blocks("agent")
    check(found)
    with tempfile.TemporaryDirectory() as folder:
        for page, block in found:
            name = re.search(r"^name: (\S+)", block, re.M)
            path = pathlib.Path(folder) / f"{name.group(1) if name else 'example'}.yml"
            path.write_text(block)
            result = run("check", str(path))
            equal(result.returncode, 0, page.name, result.stdout)
            check("warning" not in result.stdout, page.name, result.stdout)


@flow
def each_json_of_the_documents_is_json():
    for page in PAGES:
        for block in blocks(page, "json"):
            json.loads(block)


def commands_of(page):
    """Each command line of the page, from blocks and from inline code, without its comment."""
    text = page.read_text()
    code = [block for _, language, block in FENCE.findall(text) if language in ("", "bash", "sh")]
    prose = FENCE.sub("", text)
    code += re.findall(r"`([^`]+)`", prose)
    for piece in code:
        yield from COMMAND.findall(piece.replace("\\\n", " "))


@flow
def each_command_of_the_documents_exists_with_its_options():
    helps = {}
    count = 0
    others = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs/internals").glob("*.md"))]
    for page in PAGES + others:
        for line in commands_of(page):
            name = line.split()[0]
            if name not in helps:
                helps[name] = run(name, "--help")
            equal(helps[name].returncode, 0, page.name, line, helps[name].stderr)
            for option in OPTION.findall(line):
                check(re.search(rf"--{option}(?![\w-])", helps[name].stdout), page.name, line, f"--{option}")
                count += 1
    check(len(helps) > 5 and count > 10, len(helps), count)


@flow
def each_help_fits_80_columns_and_has_examples():
    names = re.findall(r"^  ([a-z-]+) ", run("help").stdout.split("\nCommands:\n")[1], re.M)
    check(len(names) > 10, names)
    for name in names:
        text = run(name, "--help").stdout
        check("\nExamples:\n  " in text, name)
        equal([line for line in text.splitlines() if len(line) > 80], [], name)


def session(page, command):
    """What a page shows below "$ COMMAND"."""
    return next(block.split("\n", 1)[1] for block in blocks(ROOT / "docs" / page, "")
                if block.startswith(f"$ {command}\n"))


@flow
def the_output_that_the_documents_show_is_that_of_the_program():
    guarded = "\tif (idx < 0)\n\t\treturn -1;\n\tconns[idx].busy = 1;"
    with Emulator([reply(finding(suggestion=guarded))]) as emulator:
        write(emulator.folder, "change.diff", CHANGE)
        write(emulator.folder, ".github/outcrop.yml", "version: 1\nagenst: [security]\n"
              "defaults: { min_severity: hgih }\n")
        checked = outcrop(emulator, "check")
        equal(session("configuration.md", "outcrop check"), checked.stdout + checked.stderr)
        (emulator.folder / ".github/outcrop.yml").unlink()
        review = outcrop(emulator, "review", "--diff", "change.diff", "--agents", "security", env=KEYS)
        equal(figures(session("local.md", "outcrop review --agents security")), figures(review.stdout))
        doctor = outcrop(emulator, "doctor", "--agents", "security", env=KEYS)
        equal(figures(session("troubleshooting.md", "outcrop doctor")), figures(doctor.stdout))


def figures(text):
    """Without figures, which differ from run to run."""
    return re.sub(r"[\d,.]+", "N", text).strip()


# ---- The quick start ----


def workflow_of_readme():
    found = [block for block in blocks(ROOT / "README.md", "yaml") if kind_of(block) == "workflow"]
    equal(len(found), 1)
    return found[0]


def indented(text, key):
    """The lines below a key, at any depth."""
    match = re.search(rf"^( *){key}:.*\n((?:\1 +.*\n|\n)*)", text, re.M)
    return match.group(2) if match else ""


def pairs(text):
    return dict(re.findall(r"^\s+([a-z-]+): *([^#\n]+?) *(?:#.*)?$", text, re.M))


def runs_for(expression, event_name, event):
    """Whether GitHub starts the job: the few operators that the README's `if` uses."""
    def lookup(match):
        value = {"github": {"event_name": event_name, "event": event}}
        for part in match.group(0).split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return repr(value if value is not None else "")

    text = re.sub(r"(?<!')\bgithub(?:\.\w+)+", lookup, expression)
    text = text.replace("||", " or ").replace("&&", " and ")
    names = {"startsWith": lambda text, start: str(text).lower().startswith(start.lower())}
    return bool(eval(text, {"__builtins__": {}}, names))  # pylint: disable=eval-used


@flow
def the_demo_ends_with_where_to_look_within_60_lines():
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run([ROOT / "script/demo"], capture_output=True, text=True, timeout=240,
                                stdin=subprocess.DEVNULL, env={**os.environ, "DEMO_FOLDER": folder})
        equal(result.returncode, 0, result.stdout, result.stderr)
        equal(result.stderr, "")
        lines = result.stdout.splitlines()
        check(len(lines) <= 60, len(lines), result.stdout)
        looks = lines[lines.index("Where to look:") + 1:]
        check(len(looks) >= 2, looks)
        for line in looks:
            check(pathlib.Path(line.split()[0]).stat().st_size > 100, line)
        check("critical" in result.stdout, result.stdout)


@flow
def the_quick_start_reviews_and_answers_a_command():
    workflow = workflow_of_readme()
    inputs = {name.replace("-", "_"): value for name, value in pairs(indented(workflow, "with")).items()}
    equal(set(inputs), {"role_to_assume", "aws_region"})
    with Emulator([reply(finding())], github={"permissions": {"alice": "write"}}) as emulator:
        result = Job(emulator, agents="", **inputs).run()
        equal(result.status, 0, result.text[-2000:])
        equal(len(line_comments(emulator)), 1)
        equal(len(summaries(emulator)), 1)
        event = comment_event(emulator, "alice", "/outcrop review full")
        result = Job(emulator, "issue_comment", event, agents="", **inputs).run()
        equal(result.status, 0, result.text[-2000:])
        equal(result.outputs["comments-unchanged"], "1", result.text[-2000:])


@flow
def the_quick_start_starts_a_runner_for_pull_requests_and_commands_only():
    expression = " ".join(re.search(r"^    if: >-\n((?:      .*\n)+)", workflow_of_readme(), re.M).group(1).split())
    on_pull = {"issue": {"pull_request": {"url": "x"}}}
    for event_name, event, expected in (
            ("pull_request", {}, True),
            ("issue_comment", {**on_pull, "comment": {"body": "/outcrop review"}}, True),
            ("issue_comment", {**on_pull, "comment": {"body": "looks good"}}, False),
            ("issue_comment", {**on_pull, "comment": {"body": "see /outcrop review"}}, False),
            ("issue_comment", {"issue": {}, "comment": {"body": "/outcrop review"}}, False),
            ("pull_request_review_comment", {"comment": {"body": "/outcrop dismiss"}}, True),
            ("pull_request_review_comment", {"comment": {"body": "thanks"}}, False)):
        equal(runs_for(expression, event_name, event), expected, event_name, event)


@flow
def the_quick_start_grants_what_the_table_of_permissions_lists():
    granted = pairs(indented(workflow_of_readme(), "permissions"))
    table = re.findall(r"^\| `([a-z-]+): (read|write)` \| ([^|]*)\|", (ROOT / "README.md").read_text(), re.M)
    check(len(table) > 5, table)
    for name, level, purpose in table:
        if not purpose.startswith("only"):
            equal(granted.pop(name, None), level, name)
    equal(granted, {}, "granted, but not in the table")


# ---- outcrop init ----


def init(*arguments):
    """A new repository after `outcrop init`, as (result, {path: text})."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / ".git").mkdir()
        return init_in(folder, *arguments)


def init_in(folder, *arguments):
    result = run("init", *arguments, cwd=folder)
    return result, {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.y*ml"))}


@flow
def init_writes_the_workflow_of_the_readme_and_a_configuration_that_passes_check():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / ".git").mkdir()
        (folder / "src").mkdir()
        result = run("init", cwd=folder / "src")
        equal(result.returncode, 0, result.stderr)
        equal((folder / ".github/workflows/outcrop.yml").read_text(), workflow_of_readme())
        given = (folder / ".github/outcrop.yml").read_text()
        equal(run("check", name).returncode, 0)
        # The examples in its comments are right too.
        text = re.sub(r"^# ((?:agents|defaults|ignore):.*|  [a-z_]+: .*)$", r"\1", given, flags=re.M)
        check(text.count("\n#") < given.count("\n#") - 4, text)
        check_configuration(ROOT / "src/cli/templates/outcrop.yml", text)
        check("Next steps" in result.stdout and "role-to-assume" in result.stdout, result.stdout)


@flow
def init_puts_role_and_region_into_the_workflow():
    result, files = init("--role-to-assume", "arn:aws:iam::210987654321:role/review", "--region=eu-west-1")
    equal(result.returncode, 0, result.stderr)
    workflow = files[".github/workflows/outcrop.yml"]
    check("role-to-assume: arn:aws:iam::210987654321:role/review\n" in workflow, workflow)
    check("aws-region: eu-west-1\n" in workflow, workflow)
    check("Create the role" not in result.stdout, result.stdout)
    for arguments in (("--role-to-assume", "review"), ("--role-to-assume", "arn:x\n  y"), ("--region", "a: b")):
        result, files = init(*arguments)
        equal((result.returncode, files), (2, {}), arguments)


@flow
def init_keeps_files_that_exist():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / ".git").mkdir()
        write(folder, ".github/workflows/outcrop.yml", "mine\n")
        write(folder, ".github/outcrop.yaml", "version: 1\n")
        before = {".github/workflows/outcrop.yml": "mine\n", ".github/outcrop.yaml": "version: 1\n"}
        result, files = init_in(folder)
        equal((result.returncode, files), (0, before), result.stderr)
        check("kept: .github/workflows/outcrop.yml exists" in result.stderr, result.stderr)
        check("are not written" not in result.stderr, result.stderr)
        result, files = init_in(folder, "--region", "eu-west-1")
        equal((result.returncode, files), (0, before), result.stderr)
        check("--region are not written into a file that exists" in result.stderr, result.stderr)


@flow
def init_does_not_write_through_a_link():
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as outside:
        folder = pathlib.Path(name)
        (folder / ".git").mkdir()
        (folder / ".github").symlink_to(outside)
        result, _ = init_in(folder)
        check(result.returncode != 0, result.stderr)
        equal(list(pathlib.Path(outside).iterdir()), [])


# ---- What other repositories take from this one ----


DOCKER = """#!/bin/bash
# docker run OPTION... IMAGE ARGUMENT...: the program in place of the image.
while [ $# -gt 0 ] && [[ $1 != ghcr.io/* ]]; do shift; done
exec "$OUTCROP_HERE" "${@:2}"
"""


def steps_of(workflow):
    """The `run:` of each step, as one line of shell."""
    for block, line in re.findall(r"^ +run: (?:>-\n((?:          .*\n)+)|(.*)\n)", workflow, re.M):
        yield " ".join(part.strip() for part in (block or line).splitlines())


@flow
def the_pack_template_passes_its_own_checks_without_aws():
    with tempfile.TemporaryDirectory() as name:
        pack, tools = pathlib.Path(name) / "pack", pathlib.Path(name) / "bin"
        shutil.copytree(ROOT / "examples/agent-pack", pack)
        write(tools, "docker", DOCKER)
        (tools / "docker").chmod(0o755)
        subprocess.run(["git", "init", "-q"], cwd=pack, check=True)
        subprocess.run(["git", "remote", "add", "origin", "https://github.com/acme/agents"], cwd=pack, check=True)
        workflow = (pack / ".github/workflows/check.yml").read_text()
        image = re.search(r"^  OUTCROP: (\S+)$", workflow, re.M).group(1)
        env = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": "/nonexistent", "OUTCROP": image, "OUTCROP_HERE": OUTCROP,
               **{name: os.environ[name] for name in SANITIZERS if name in os.environ}}
        steps = list(steps_of(workflow))
        equal(len(steps), 2)
        for step in steps:
            result = subprocess.run(["bash", "-e", "-c", step], cwd=pack, env=env, capture_output=True, text=True,
                                    timeout=180)
            equal(result.returncode, 0, "after a change of requests run script/record-evals", step, result.stdout,
                  result.stderr)
            check("warning" not in result.stdout, result.stdout)
        # A prompt that changed without new replies fails.
        agent = pack / "agents/payments.yml"
        agent.write_text(agent.read_text().replace("moves money.\n", "moves a lot of money.\n"))
        equal(subprocess.run(["bash", "-e", "-c", steps[1]], cwd=pack, env=env, capture_output=True).returncode, 2)


def regular(pattern):
    """A JavaScript expression with named groups, as Python has it."""
    return re.compile(pattern.replace("(?<", "(?P<").strip("/"))


@flow
def the_rules_of_renovate_find_the_references():
    consumers = json.loads((ROOT / "examples/agent-pack/consumers/renovate.json").read_text())["customManagers"][0]
    rule = regular(consumers["matchStrings"][0])
    text = "agents: [code-quality, ORG/review-agents/agents/payments.yml@v1.2.3]\nconfig: a/review-agents/o@v2\n"
    equal([(m["depName"], m["currentValue"]) for m in rule.finditer(text)],
          [("ORG/review-agents", "v1.2.3"), ("a/review-agents", "v2")])
    files = [regular(pattern) for pattern in consumers["managerFilePatterns"]]
    for path in (".github/outcrop.yml", ".github/workflows/outcrop.yml"):
        check(any(pattern.search(path) for pattern in files), path)
    own = json.loads((ROOT / "examples/agent-pack/renovate.json").read_text())["customManagers"][0]
    workflow = (ROOT / "examples/agent-pack/.github/workflows/check.yml").read_text()
    check(regular(own["matchStrings"][0]).search(workflow), own)


@flow
def the_problem_matcher_reads_what_check_prints():
    pattern = json.loads((ROOT / ".github/outcrop-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    with tempfile.TemporaryDirectory() as name:
        write(pathlib.Path(name), ".github/outcrop.yml", "version: 1\nagenst: [security]\n")
        result = run("check", name)
        equal(result.returncode, 2)
        found = re.compile(pattern["regexp"]).match(result.stdout.splitlines()[0])
        check(found, result.stdout)
        equal([found[pattern[part]] for part in ("file", "line", "column", "severity")],
              [".github/outcrop.yml", "2", "1", "error"], result.stdout)


@flow
def the_hooks_of_pre_commit_see_configuration_and_agents():
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    patterns = set(re.findall(r"files: (.*)", text))
    equal(len(patterns), 1)
    rule = re.compile(patterns.pop())
    for path, expected in ((".github/outcrop.yml", True), (".github/outcrop.yaml", True),
                           (".github/outcrop/agents/a.yml", True), ("src/outcrop.yml", False),
                           (".github/outcrop-matcher.json", False), (".github/workflows/outcrop.yml", False)):
        equal(bool(rule.search(path)), expected, path)
    check("id: outcrop-check\n" in text and "entry: outcrop check\n" in text)


# ---- The role ----


def trust_policies():
    for page in PAGES:
        for block in blocks(page, "json"):
            if "AssumeRoleWithWebIdentity" in block:
                yield page, json.loads(block)["Statement"][0]["Condition"]


@flow
def the_trust_policies_admit_both_forms_of_the_subject():
    policies = list(trust_policies())
    check(policies)
    names = {"ORG": "acme", "REPO": "widgets", "ORG_ID": "123", "REPO_ID": "456"}
    for page, condition in policies:
        patterns = [re.sub(r"ORG_ID|REPO_ID|ORG|REPO", lambda m: names[m.group(0)], pattern)
                    for pattern in condition["StringLike"]["token.actions.githubusercontent.com:sub"]]
        for subject in ("repo:acme/widgets:pull_request", "repo:acme@123/widgets@456:pull_request",
                        "repo:acme/widgets:ref:refs/heads/main", "repo:acme@123/widgets@456:ref:refs/heads/main"):
            check(any(fnmatch.fnmatchcase(subject, p) for p in patterns), page.name, subject, patterns)
        for subject in ("repo:acme/widgets-evil:pull_request", "repo:evil/acme/widgets:pull_request",
                        "repo:acme@123/widgets@4567:pull_request"):
            check(not any(fnmatch.fnmatchcase(subject, p) for p in patterns), page.name, subject, patterns)
        equal(condition["StringEquals"]["token.actions.githubusercontent.com:repository_id"], "REPO_ID", page.name)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""outcrop eval import: labels of public benchmarks become cases, and are scored."""
import json
import shutil
import subprocess

from harness import (
    CONVERSE,
    KEYS,
    Emulator,
    Skip,
    asks,
    bodies,
    check,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
    tool_results,
    turn,
)

AGENT = '{"description": "Looks.", "prompt": "Look.\\n{{ diff }}\\n"}'
URL = "https://github.com/acme/widgets/pull/7"


def comment(line, note, category, **members):
    return {"note": note, "path": "src/pool.c", "side": "right", "from_line": line, "to_line": line,
            "category": category, "context": "Diff Level", **members}


def labels(base, head, *comments):
    return [{"project_main_language": "C", "source_commit": base, "target_commit": head,
             "githubPrUrl": URL, "comments": list(comments)}]


def commits(emulator):
    pull = json.loads(emulator.get("/_emulator/event"))["pull_request"]
    return pull["base"]["sha"], pull["head"]["sha"]


def github(emulator):
    return {name: emulator.env[name] for name in ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_TOKEN")}


def write(emulator, name, value):
    (emulator.folder / name).write_text(json.dumps(value))


def run(emulator, *arguments):
    return outcrop(emulator, "eval", "import", *arguments, env=github(emulator))


def add_agent(emulator, text=AGENT):
    folder = emulator.folder / ".github/outcrop/agents"
    folder.mkdir(parents=True)
    (folder / "looker.yml").write_text(text)


def clone(emulator):
    """A clone with the emulator's two trees as commits, in clones/acme/widgets; their ids."""
    if not shutil.which("git"):
        raise Skip("git is not installed")
    folder = emulator.folder / "clones/acme/widgets"
    folder.mkdir(parents=True)

    def git(*arguments):
        return subprocess.run(["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.test",
                               *arguments], check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    found = []
    for name in ("base", "head"):
        shutil.copytree(emulator.folder / name, folder, dirs_exist_ok=True)
        git("add", "-A")
        git("commit", "-qm", name)
        found.append(git("rev-parse", "HEAD"))
    return found


@flow
def labels_of_aacr_are_imported_from_github_and_scored_by_category():
    body = "`take()` gives -1 when the pool is empty, and the index may be negative."
    with Emulator([reply(finding(body=body))]) as emulator:
        base, head = commits(emulator)
        write(emulator, "positive_samples.json", labels(
            base, head, comment(5, "The index may be negative when the pool is empty", "Code Defect"),
            comment(6, "Rename idx", "Maintainability and Readability")))
        write(emulator, "negative_samples.json", labels(
            base, head, comment(3, "take() leaks", "Code Defect")))
        result = run(emulator, "aacr", "positive_samples.json", "negative_samples.json", "--output", "cases")
        equal(result.returncode, 0, result.stderr)
        check("1 pull requests: 1 cases written" in result.stderr, result.stderr)
        case = (emulator.folder / "cases/widgets-7/case.yml").read_text()
        check("github.com" not in case.split("\n")[0], "the title would tell where the answer is", case)
        check("forbid:" in case and head in case, case)
        add_agent(emulator)
        scored = outcrop(emulator, "eval", "cases", "--agents", "looker", "--live", "--format", "json", env=KEYS)
        equal(scored.returncode, 0, scored.stderr)
        result = json.loads(scored.stdout)
        defects = result["by_category"]["Code Defect"]
        equal((defects["expected"], defects["hits"]), (1, 1))
        equal(result["by_category"]["Maintainability and Readability"]["hits"], 0)
        equal(result["by_context"]["Diff Level"]["expected"], 2)
        again = run(emulator, "aacr", "positive_samples.json", "--output", "cases")
        check("0 cases written to \"cases\", 1 were there" in again.stderr, again.stderr)


@flow
def labels_of_aacr_are_imported_from_a_clone_without_a_request():
    with Emulator() as emulator:
        found = clone(emulator)
        before = len(emulator.state()["requests"])
        write(emulator, "positive_samples.json", labels(*found, comment(5, "Bad index", "Code Defect")))
        result = run(emulator, "aacr", "positive_samples.json", "--clone", "clones", "--output", "cases")
        equal(result.returncode, 0, result.stderr)
        change = (emulator.folder / "cases/widgets-7/change.diff").read_text()
        check("+\tconns[idx].busy = 1;" in change, change)
        asked = [r for r in emulator.state()["requests"][before:] if "_emulator" not in r["target"]]
        equal(asked, [])
        missing = run(emulator, "aacr", "positive_samples.json", "--clone", "nowhere", "--output", "other")
        equal(missing.returncode, 4, missing.stderr)
        check("widgets-7: no clone of \"acme/widgets\" in --clone" in missing.stderr, missing.stderr)
        write(emulator, "positive_samples.json", labels(found[0], "d" * 40, comment(5, "Bad", "Code Defect")))
        missing = run(emulator, "aacr", "positive_samples.json", "--clone", "clones", "--output", "other")
        check(f"run \"git fetch origin {'d' * 40}\" in its clone" in missing.stderr, missing.stderr)


# The change is at the end of a function whose beginning is too far away for a diff to show it.
LONG = ["int get(void)", "{", "\tint limit = slots();", *(f"\tcheck({n});" for n in range(20)), "\tuse(0);",
        "\treturn 0;", "}"]
LONG_BASE = {"src/pool.c": "\n".join([*LONG, ""])}
LONG_HEAD = {"src/pool.c": LONG_BASE["src/pool.c"].replace("use(0)", "use(limit)"),
             "src/slots.c": "int slots(void)\n{\n\treturn 7; /* of the head commit */\n}\n"}
LONG_BASE["src/slots.c"] = LONG_HEAD["src/slots.c"]
READER = '{"description": "Reads.", "prompt": "Look.\\n{{ diff }}\\n", "tools": ["read_file"]}'


def read_slots():
    return [turn(1, asks(("read_file", {"path": "src/slots.c"}))), turn(2, reply())]


def evaluate(emulator, *options):
    return outcrop(emulator, "eval", "cases", "--agents", "looker", "--format", "json", *options, env=KEYS)


@flow
def imported_cases_read_their_files_from_a_clone():
    with Emulator(read_slots(), base=LONG_BASE, head=LONG_HEAD) as emulator:
        write(emulator, "positive_samples.json", labels(*clone(emulator), comment(24, "Bad", "Code Defect")))
        result = run(emulator, "aacr", "positive_samples.json", "--clone", "clones", "--output", "cases")
        equal(result.returncode, 0, result.stderr)
        # Later commits of the clone, and its work tree, are not what the case is about.
        (emulator.folder / "clones/acme/widgets/src/slots.c").write_text("int slots(void);\n")
        add_agent(emulator, READER)
        for clones in ("clones", "clones/acme/widgets"):
            result = evaluate(emulator, "--record", "--clone", clones)
            equal(result.returncode, 0, result.stderr)
            check("have no files" not in result.stderr, result.stderr)
            first, second = bodies(emulator)[-2:]
            check("int limit = slots();" in json.dumps(first), "the enclosing function", first)
            answer, failed = tool_results(second)[0]
            check("of the head commit" in answer and not failed, answer)
        replayed = evaluate(emulator, "--clone", "clones")
        equal(replayed.returncode, 0, replayed.stderr)
        replayed = evaluate(emulator)
        equal(replayed.returncode, 2, replayed.stderr)
        check("and --clone if it was recorded with --clone" in replayed.stderr, replayed.stderr)


@flow
def cases_without_their_files_are_counted_in_one_warning():
    with Emulator(read_slots(), base=LONG_BASE, head=LONG_HEAD) as emulator:
        write(emulator, "positive_samples.json", labels(*clone(emulator), comment(24, "Bad", "Code Defect")))
        run(emulator, "aacr", "positive_samples.json", "--clone", "clones", "--output", "cases")
        add_agent(emulator, READER)
        result = evaluate(emulator, "--live")
        check("1 of 1 cases have no files of their head commit" in result.stderr, result.stderr)
        check("name clones of their repositories with --clone" in result.stderr, result.stderr)
        check("int limit = slots();" not in json.dumps(bodies(emulator)[0]))
        result = evaluate(emulator, "--live", "--clone", "nowhere")
        check("widgets-7: no clone of \"acme/widgets\" in --clone" in result.stderr, result.stderr)
        check("1 of 1 cases have no files of their head commit" in result.stderr, result.stderr)
        tree = emulator.folder / "cases/widgets-7/tree/src"
        tree.mkdir(parents=True)
        (tree / "pool.c").write_text(LONG_HEAD["src/pool.c"])
        result = evaluate(emulator, "--live")
        check("have no files" not in result.stderr, result.stderr)
        result = outcrop(emulator, "eval", "--score", "cases", "new.json", "--clone", "clones")
        equal(result.returncode, 2, result.stderr)
        check("--clone: --score reads no files" in result.stderr, result.stderr)


@flow
def golden_comments_of_martian_are_imported_and_matched_by_words():
    golden = [{"pr_title": "Use the pool", "url": URL, "comments": [
        {"comment": "take() may give a negative index, with which conns is written out of bounds when it is empty",
         "severity": "High"}]}]
    with Emulator([reply(finding())]) as emulator:
        write(emulator, "golden.json", golden)
        result = run(emulator, "martian", "golden.json", "--output", "cases")
        equal(result.returncode, 0, result.stderr)
        case = (emulator.folder / "cases/widgets-7/case.yml").read_text()
        check(f'head: "{commits(emulator)[1]}"' in case, "where --clone finds its files", case)
        add_agent(emulator)
        scored = outcrop(emulator, "eval", "cases", "--agents", "looker", "--live", "--format", "json", env=KEYS)
        equal(scored.returncode, 0, scored.stderr)
        equal(json.loads(scored.stdout)["figures"]["counts"]["expected_high"], 1)


@flow
def wrong_imports_are_reported():
    with Emulator() as emulator:
        write(emulator, "labels.json", {"no": "list"})
        for arguments, message in [(["aacr"], "at least one file"), (["other", "labels.json"], "aacr or martian"),
                                   (["aacr", "labels.json"], "expected a list of pull requests"),
                                   (["aacr", "missing.json"], "missing.json")]:
            result = run(emulator, *arguments)
            equal(result.returncode, 2, arguments, result.stderr)
            check(message in result.stderr, result.stderr)
        equal(emulator.requests(CONVERSE), [])


if __name__ == "__main__":
    main()

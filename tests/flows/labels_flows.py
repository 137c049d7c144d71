#!/usr/bin/env python3
"""outcrop eval import: labels of public benchmarks become cases, and are scored."""
import json
import shutil
import subprocess

from harness import CONVERSE, KEYS, Emulator, Skip, check, equal, finding, flow, main, outcrop, reply

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


def add_agent(emulator):
    folder = emulator.folder / ".github/outcrop/agents"
    folder.mkdir(parents=True)
    (folder / "looker.yml").write_text(AGENT)


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
    if not shutil.which("git"):
        raise Skip("git is not installed")
    with Emulator() as emulator:
        clone = emulator.folder / "clones/acme/widgets"
        clone.mkdir(parents=True)

        def git(*arguments):
            return subprocess.run(["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@example.test",
                                   *arguments], check=True, capture_output=True, text=True).stdout.strip()

        git("init", "-q")
        found = []
        for name in ("base", "head"):
            shutil.copytree(emulator.folder / name, clone, dirs_exist_ok=True)
            git("add", "-A")
            git("commit", "-qm", name)
            found.append(git("rev-parse", "HEAD"))
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


@flow
def golden_comments_of_martian_are_imported_and_matched_by_words():
    golden = [{"pr_title": "Use the pool", "url": URL, "comments": [
        {"comment": "take() may give a negative index, with which conns is written out of bounds when it is empty",
         "severity": "High"}]}]
    with Emulator([reply(finding())]) as emulator:
        write(emulator, "golden.json", golden)
        result = run(emulator, "martian", "golden.json", "--output", "cases")
        equal(result.returncode, 0, result.stderr)
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

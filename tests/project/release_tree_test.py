#!/usr/bin/env python3
"""Rehearses a release: the tree that its tag would have, and the workflows that the documents show."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

import tap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REPOSITORY = "acme/outcrop"
IMAGE = "ghcr.io/acme/outcrop@sha256:" + "0123456789abcdef" * 4
BLOCK = re.compile(r"^ *```ya?ml\n(.*?)^ *```", re.M | re.S)


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def version():
    return re.search(r"^  version: '([^']+)'", (ROOT / "meson.build").read_text(), re.M).group(1)


def texts(tree):
    patterns = (".pre-commit-hooks.yaml", "README.md", "SECURITY.md", "action.yml", "agents/*.json", "agents/*.yml",
                "docs/**/*.md", "docs/**/*.yml", "examples/**/*", ".github/**/*.yml", ".github/CODEOWNERS",
                "src/agent/builtin.h")
    return [path for pattern in patterns for path in tree.glob(pattern) if path.is_file()]


def check_tree(tree):
    action = (tree / "action.yml").read_text()
    yield "the_action_names_the_image_by_digest", f"\n  image: docker://{IMAGE}\n" in action
    left = [f"{path.relative_to(tree)}" for path in texts(tree)
            if re.search(r"\bOWNER\b.outcrop\b|@OWNER\b|`OWNER`|\bowner OWNER\b", path.read_text())]
    yield f"no_text_names_a_placeholder {left}", not left
    options = (tree / "meson_options.txt").read_text()
    yield "a_build_of_the_tree_knows_its_repository", f"value: '{REPOSITORY}'" in options
    schemas = [json.loads(path.read_text())["$id"].partition(f"{REPOSITORY}/v{version().split('.')[0]}/")
               for path in sorted((tree / "agents").glob("*.json"))]
    yield f"each_schema_names_a_file_of_the_tag {schemas}", \
        len(schemas) == 2 and all((tree / path).is_file() and before for before, _, path in schemas)
    major = version().split(".")[0]
    # "@*" is how an organization allows every version.
    right = rf"\*|v{major}|v{re.escape(version())}|[0-9a-f]{{40}}|sha256:[0-9a-f]{{64}}"
    wrong = [match for path in texts(tree) for match in re.findall(r"acme/outcrop@(\S+)", path.read_text())
             if not re.fullmatch(right, match.strip("`\"'.,)"))]
    yield f"every_use_names_this_major_version {wrong}", not wrong
    result = run("script/check-workflows", str(tree))
    yield f"the_workflows_pass_the_linter {result.stdout[-400:]}", result.returncode == 0
    result = run("script/check-schemas", str(tree))
    yield f"its_files_match_their_schemas {result.stdout[-600:]}{result.stderr[-200:]}", result.returncode == 0
    action = tree / "action.yml"
    text = action.read_text()
    action.write_text(text.replace("  using: docker", "  using: wasm"))
    alone = ("script/check-schemas", str(tree), "vendor.github-actions")
    yield "a_wrong_action_is_found", run(*alone).returncode == 1
    action.write_text(text)
    yield "the_right_action_is_not_found_wrong", run(*alone).returncode == 0
    notes = run("script/release-notes", version())
    yield "the_release_has_notes_of_its_own_section", \
        notes.returncode == 0 and notes.stdout.strip() and "## " not in notes.stdout


def check_pins():
    """Actions and images of others are named by commit or digest, with the version beside it for Dependabot."""
    uses = [f"{path.name}: {line.strip()}" for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
            for line in path.read_text().splitlines() if re.search(r"\buses: (?!\./)", line)]
    loose = [line for line in uses if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v[0-9.]+$", line)]
    yield f"every_action_is_pinned_by_commit {loose}", len(uses) > 10 and not loose
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?", (ROOT / "Dockerfile").read_text(), re.M)
    names = {"scratch", *(name for _, name in stages)}
    pinned = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
    loose = [base for base, _ in stages if base not in names and not pinned.fullmatch(base)]
    yield f"every_base_image_is_pinned_by_digest {loose}", bool(stages) and not loose
    watched = re.findall(r"package-ecosystem: ([\w-]+)", (ROOT / ".github/dependabot.yml").read_text())
    yield f"updates_of_the_pins_are_proposed {watched}", {"docker", "github-actions"} <= {*watched}


def as_workflow(block):
    """A block of YAML that is a workflow, or jobs, or one step's `with:`, as a whole workflow; or None."""
    if re.search(r"^jobs:", block, re.M):
        return block if re.search(r"^on:", block, re.M) else "on: pull_request\n" + block
    if block.startswith("with:\n"):
        step = "- uses: ./\n" + block
        return "on: pull_request\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n" \
            + "".join(f"      {'  ' * (number > 0)}{line}\n" for number, line in enumerate(step.splitlines()))
    return None


def check_documents(tree, folder):
    """Each workflow that README and docs show passes the linter, with the inputs that the action has."""
    workflows = folder / ".github/workflows"
    workflows.mkdir(parents=True)
    # As local files, so that the linter compares inputs, secrets and outputs with their definitions.
    (folder / "action.yml").write_text((tree / "action.yml").read_text().replace(f"docker://{IMAGE}", "Dockerfile"))
    (folder / "Dockerfile").write_text("FROM scratch\n")
    (folder / ".git").mkdir()
    (workflows / "review.yml").write_text((tree / ".github/workflows/review.yml").read_text())
    names = []
    for path in [tree / "README.md", *sorted((tree / "docs").glob("*.md"))]:
        for block in BLOCK.findall(path.read_text()):
            workflow = as_workflow(textwrap.dedent(block))
            if workflow:
                workflow = re.sub(rf"{REPOSITORY}/(\.github/workflows/\w+\.yml)@\S+", r"./\1", workflow)
                workflow = re.sub(rf"uses: {REPOSITORY}@\S+", "uses: ./", workflow)
                names.append(f"{path.stem}-{len(names)}.yml")
                (workflows / names[-1]).write_text(workflow)
    for path in sorted((tree / "examples").glob("**/.github/workflows/*.yml")):
        names.append(f"example-{path.name}")
        (workflows / names[-1]).write_text(path.read_text())
    result = run("script/check-workflows", str(folder))
    yield f"the_{len(names)}_workflows_of_the_documents_pass_the_linter {result.stdout[-600:]}", \
        len(names) > 3 and result.returncode == 0
    # A test of the test: a name that does not exist is found, where the linter is to be had.
    (workflows / names[0]).write_text((workflows / names[0]).read_text().replace("aws-region:", "aws-reigon:"))
    wrong = run("script/check-workflows", str(folder))
    yield f"an_input_that_does_not_exist_is_found {wrong.stdout}", \
        "aws-reigon" in wrong.stdout or "by actionlint" not in result.stdout


def check_refusals():
    for arguments, reason in [(("1.2", REPOSITORY, IMAGE), "three numbers"),
                              ((version(), "acme", IMAGE), "OWNER/REPO"),
                              ((version(), REPOSITORY, "ghcr.io/acme/outcrop:1"), "sha256"),
                              (("9.9.9", REPOSITORY, IMAGE), "meson.build")]:
        result = run("script/release", *arguments, "--dry-run", "/nonexistent/release")
        label = f"refuses_{arguments[0]}_{arguments[1]}_for_{reason}".replace(" ", "_")
        yield label, result.returncode != 0 and reason in result.stderr


def main():
    with tempfile.TemporaryDirectory() as name:
        tree = pathlib.Path(name) / "tree"
        result = run("script/release", version(), REPOSITORY, IMAGE, "--dry-run", str(tree))
        checks = [(f"the_tree_is_made {result.stderr}", result.returncode == 0)]
        if result.returncode == 0:
            checks += check_tree(tree)
            checks += check_documents(tree, pathlib.Path(name) / "documents")
        checks += check_pins()
        checks += check_refusals()
    return tap.finish(checks)


if __name__ == "__main__":
    sys.exit(main())

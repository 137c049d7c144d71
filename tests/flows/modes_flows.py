#!/usr/bin/env python3
"""Changes without lines of text: executable bits, and the commits that submodules name."""
import subprocess

from harness import (
    BASE,
    HEAD,
    KEYS,
    Emulator,
    Job,
    bodies,
    check,
    equal,
    flow,
    main,
    outcrop,
    reply,
)

FILES = "github GET /repos/acme/widgets/pulls/7/files"
TREES = "github GET /repos/acme/widgets/git/trees/"
SCRIPT = {"run.sh": "#!/bin/sh\nexec true\n"}
ONE, TWO = "1" * 40, "2" * 40


def executable(emulator, tree, files, *paths):
    """A tree of the emulator in which these files are executable."""
    emulator.write_tree(tree, files)
    for path in paths:
        (emulator.folder / tree / path).chmod(0o755)


def asked(emulator, calls=None):
    """The text of the last model call; with `calls`, so many were made."""
    sent = bodies(emulator)
    equal(len(sent), calls or len(sent))
    return str(sent[-1])


@flow
def a_push_that_makes_a_reviewed_file_executable_is_reviewed():
    with Emulator([reply()]) as emulator:
        first = Job(emulator).run()
        equal((first.status, first.outputs["conclusion"]), (0, "clean"), first.text[-2000:])
        equal(len(emulator.requests(TREES)), 1, "a first review reads no more trees than before")
        executable(emulator, "more", HEAD, "src/pool.c")
        emulator.push("more", {})
        second = Job(emulator).run()
        equal((second.status, second.outputs["conclusion"]), (0, "clean"), second.text[-2000:])
        check("mode 100755, was 100644" in asked(emulator, 2), bodies(emulator)[-1])
        third = Job(emulator).run()
        equal(third.outputs["conclusion"], "clean", third.text[-2000:])
        asked(emulator, 2)
        emulator.push("less", HEAD)
        Job(emulator).run()
        check("mode 100" not in asked(emulator, 3), "the bit is gone again", bodies(emulator)[-1])


@flow
def a_file_of_which_only_the_mode_changes_is_reviewed():
    with Emulator([reply()], base={**BASE, **SCRIPT}, head={**BASE, **SCRIPT}) as emulator:
        executable(emulator, "new", {**BASE, **SCRIPT}, "run.sh")
        emulator.push("new", {})
        result = Job(emulator).run()
        equal((result.status, result.outputs["conclusion"]), (0, "clean"), result.text[-2000:])
        check("run.sh (modified, mode 100755, was 100644)" in asked(emulator, 1), bodies(emulator)[-1])
        equal(len(emulator.requests("github GET /repos/acme/widgets/git/blobs/")), 0)


@flow
def a_new_executable_file_is_shown_as_one():
    with Emulator([reply()]) as emulator:
        emulator.write_tree("new", {**HEAD, **SCRIPT})
        emulator.push("new", {})
        Job(emulator).run()
        executable(emulator, "more", {**HEAD, **SCRIPT}, "run.sh")
        emulator.push("more", {})
        result = Job(emulator).run()
        equal(result.outputs["conclusion"], "clean", result.text[-2000:])
        check("(added, mode 100755)" in asked(emulator, 2), bodies(emulator)[-1])
        check("## File: src/pool.c" not in asked(emulator), bodies(emulator)[-1])


@flow
def without_the_modes_nothing_counts_as_reviewed():
    with Emulator([reply()]) as emulator:
        Job(emulator).run()
        commit = emulator.state()["github"]["head"]
    faults = [{"on": TREES + commit, "nth": 1, "times": 9, "fault": "forbidden"}]
    with Emulator([reply()], faults) as emulator:
        Job(emulator).run()
        again = Job(emulator).run()
        check("their modes could not be read" in again.text, again.text[-2000:])
        asked(emulator, 2)


@flow
def the_commit_of_a_submodule_is_reviewed():
    for old, new in ((ONE, TWO), (None, TWO), (ONE, None)):
        for listed in (True, False):
            review_submodule(old, new, listed)


def review_submodule(old, new, listed):
    """`listed`: GitHub lists the files; else both trees are compared."""
    faults = [] if listed else [{"on": FILES, "nth": 1, "times": 9, "fault": "too-large"}]
    base, head = ({**HEAD, **({"lib/.git": id_} if id_ else {})} for id_ in (old, new))
    with Emulator([reply()], faults, base=base, head=head) as emulator:
        result = Job(emulator).run()
        equal((result.status, result.outputs["conclusion"]), (0, "clean"), old, new, listed, result.text[-2000:])
        coverage = result.report()["coverage"]
        equal((coverage["files"], coverage["reviewed"]), (1, 1), old, new, listed, coverage)
        sent = asked(emulator, 1)
        for sign, commit in (("-", old), ("+", new)):
            check(not commit or f"{sign} Subproject commit {commit}" in sent, sign, listed, sent)


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.invalid", *arguments],
                   check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})


def clone(emulator):
    """A local repository with the sample change not yet in it."""
    folder = emulator.folder / "clone"
    emulator.write_tree("clone", {**BASE, **SCRIPT})
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def review(emulator, folder, *arguments):
    result = outcrop(emulator, "review", "--agents", "security", "--format", "json", *arguments, env=KEYS,
                     folder=folder)
    equal(result.returncode, 0, result.stderr[-2000:])
    return result.stdout


@flow
def a_local_change_of_modes_and_submodules_is_reviewed():
    with Emulator([reply()]) as emulator:
        folder = clone(emulator)
        (folder / "run.sh").chmod(0o755)
        check('"clean"' in review(emulator, folder), "modes")
        check("mode 100755, was 100644" in asked(emulator, 1), bodies(emulator)[-1])
        git(folder, "commit", "-qam", "mode")
        git(folder, "branch", "-f", "base")
        for old, new, count in ((None, ONE, 2), (ONE, TWO, 3), (TWO, None, 4)):
            change = ("--force-remove", "lib") if not new else ("--add", "--cacheinfo", f"160000,{new},lib")
            git(folder, "update-index", *change)
            check('"clean"' in review(emulator, folder, "--staged"), old, new)
            sent = asked(emulator, count)
            for sign, commit in (("-", old), ("+", new)):
                check(not commit or f"{sign} Subproject commit {commit}" in sent, sign, sent)
            git(folder, "commit", "-q", "-m", "next")


if __name__ == "__main__":
    main()

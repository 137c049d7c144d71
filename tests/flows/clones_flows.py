#!/usr/bin/env python3
"""Local runs in repositories of every form that git makes: the change is found, or the message says what to do."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from harness import OUTCROP, RUN_SECONDS, SANITIZERS, Skip, check, equal, flow, main

TEXT = "int a;\nint b;\n"


class Clones:
    """A folder with a repository "origin": main, and topic with one more commit."""

    def __init__(self):
        if not shutil.which("git"):
            raise Skip("git is not installed")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="outcrop-clones-"))
        self.home = self.folder / "home"
        self.origin = self.folder / "origin"
        self.write("home/.gitconfig", "[user]\n\tname = a\n\temail = a@example.test\n"
                   "[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n")

    def __enter__(self):
        self.git(".", "init", "-q", "origin")
        self.write("origin/a.c", TEXT)
        self.write("origin/lib/l.c", "int d;\n")
        self.commit("origin")
        self.git("origin", "checkout", "-qb", "topic")
        self.write("origin/a.c", TEXT + "int c;\n")
        self.commit("origin")
        self.git("origin", "config", "uploadpack.allowFilter", "true")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def env(self):
        kept = {name: os.environ[name] for name in SANITIZERS if name in os.environ}
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "AWS_REGION": "us-east-1",
                "GIT_CONFIG_NOSYSTEM": "1", **kept}

    def git(self, folder, *words, env=None):
        return subprocess.run(["git", *words], cwd=self.folder / folder, env={**self.env(), **(env or {})},
                              check=True, capture_output=True, text=True).stdout

    def commit(self, folder):
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-qm", "changed")

    def clone(self, name, *options):
        self.git(".", "clone", "-q", *options, f"file://{self.origin}", name)

    def plan(self, folder, *words, env=None):
        return subprocess.run([OUTCROP, "plan", *words], cwd=self.folder / folder,
                              env={**self.env(), **(env or {})}, text=True, capture_output=True,
                              timeout=RUN_SECONDS)

    def changed(self, folder, *words, env=None):
        """The files that a review would read."""
        result = self.plan(folder, *words, env=env)
        equal(result.returncode, 0, folder, result.stderr)
        return [line.strip() for line in result.stdout.splitlines() if line.startswith("  ")]

    def refused(self, folder, *words, said=()):
        """Wrong use, with one message that holds all of `said`."""
        result = self.plan(folder, *words)
        equal(result.returncode, 2, folder, result.stdout, result.stderr)
        for part in said:
            check(part in result.stderr, part, result.stderr)
        equal(len(result.stderr.strip().splitlines()), 1, "the error is printed once", result.stderr)


@flow
def the_change_is_found_in_each_form_of_repository():
    with Clones() as clones:
        equal(clones.changed("origin"), ["a.c"])
        equal(clones.changed("origin/lib"), ["a.c"], "searched upwards")
        equal(clones.changed("origin/.git"), ["a.c"])
        clones.git("origin", "worktree", "add", "-q", "../tree", "-b", "other")
        clones.write("tree/lib/l.c", "int w;\n")
        equal(clones.changed("tree"), ["a.c", "lib/l.c"])
        clones.git(".", "init", "-q", "--separate-git-dir=apart.git", "apart")
        clones.write("apart/a.c", TEXT)
        clones.commit("apart")
        clones.write("apart/a.c", "int a;\n")
        equal(clones.changed("apart"), ["a.c"])
        for name, options in (("shallow", ["--depth=1", "--branch=topic"]), ("shared", ["--shared"]),
                              ("partial", ["--filter=blob:none"]), ("sparse", ["--sparse"])):
            clones.clone(name, *options)
            clones.write(name + "/b.c", "int n;\n")
            equal(clones.changed(name, "--base", "HEAD"), ["b.c"], name)
        clones.clone("new", "--branch=topic")
        clones.git("new", "worktree", "add", "-q", "../near", "-b", "near")
        clones.write("near/.git", "gitdir: ../new/.git/worktrees/near\n")
        clones.write("new/.git/worktrees/near/gitdir", "../../../../near/.git\n")
        with open(clones.folder / "new/.git/config", "a", encoding="utf-8") as file:
            file.write("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\trelativeWorktrees = true\n"
                       "\tworktreeConfig = true\n\tobjectFormat = sha1\n\trefStorage = files\n")
        equal(clones.changed("new", "--base", "origin/main"), ["a.c"])
        equal(clones.changed("near", "--base", "origin/main"), ["a.c"])
        clones.clone("index", "--branch=topic")
        clones.git("index", "update-index", "--index-version", "4", "--split-index", "--untracked-cache")
        clones.git("index", "repack", "-adq")
        equal(clones.changed("index", "--base", "origin/main"), ["a.c"])


@flow
def a_submodule_and_its_worktrees_are_repositories_of_their_own():
    with Clones() as clones:
        clones.git(".", "init", "-q", "super")
        clones.write("super/x.c", "int x;\n")
        clones.git("super", "submodule", "add", "-q", f"file://{clones.origin}", "sub")
        clones.commit("super")
        clones.git("super/sub", "worktree", "add", "-q", "../../tree", "-b", "other")
        for folder in ("super/sub", "tree"):
            clones.write(folder + "/a.c", "int changed;\n")
            equal(clones.changed(folder, "--base", "HEAD"), ["a.c"], folder)
        equal(clones.changed("super/sub/lib", "--base", "HEAD"), ["a.c"], "searched upwards to the submodule")


@flow
def a_branch_that_origin_renamed_is_not_what_a_clone_compares_with():
    """origin/HEAD of the clone still names the old branch."""
    with Clones() as clones:
        clones.git("origin", "checkout", "-q", "main")
        clones.git("origin", "branch", "-m", "main", "master")
        clones.clone("clone")
        clones.git("clone", "checkout", "-q", "topic")
        clones.git("origin", "branch", "-m", "master", "main")
        clones.git("clone", "fetch", "-q", "--prune")
        equal(clones.changed("clone"), ["a.c"])


@flow
def a_bare_repository_compares_its_commits():
    with Clones() as clones:
        clones.clone("bare.git", "--bare")
        for folder in ("bare.git", "bare.git/refs"):
            equal(clones.changed(folder), ["a.c"])
            equal(clones.changed(folder, "--base", "HEAD~1"), ["a.c"])
        clones.refused("bare.git", "--staged", said=["bare repository", "--base"])
        clones.git("bare.git", "worktree", "add", "-q", "../tree", "topic")
        equal(clones.changed("tree", "--base", "main"), ["a.c"])


@flow
def a_hook_reviews_what_is_about_to_be_committed():
    hook = ("#!/bin/sh\n\"$OUTCROP\" plan --staged >\"$HOME/hook.txt\" 2>&1\n")
    with Clones() as clones:
        clones.write("origin/.git/hooks/pre-commit", hook)
        (clones.origin / ".git/hooks/pre-commit").chmod(0o755)
        clones.git("origin", "worktree", "add", "-q", "../tree", "-b", "other")
        cases = (("origin", ["-a"]), ("origin", ["a.c"]), ("tree", ["-a"]))
        for number, (folder, words) in enumerate(cases):
            clones.write(folder + "/a.c", f"int number_{number};\n")
            clones.git(folder, "commit", "-qm", "two", *words, env={"OUTCROP": OUTCROP})
            check("\n  a.c\n" in (clones.home / "hook.txt").read_text(), folder, words,
                  (clones.home / "hook.txt").read_text())


@flow
def a_repository_that_gits_variables_name_is_used():
    with Clones() as clones:
        (clones.folder / "empty").mkdir()
        named = {"GIT_DIR": str(clones.origin / ".git")}
        equal(clones.changed("empty", env=named), ["a.c"])
        clones.write("other/a.c", TEXT)
        clones.write("other/lib/l.c", "int e;\n")
        equal(clones.changed("empty", env={**named, "GIT_WORK_TREE": str(clones.folder / "other")}), ["lib/l.c"])
        wrong = clones.plan("empty", env={"GIT_DIR": "nowhere"})
        equal(wrong.returncode, 2, wrong.stderr)
        check("the git repository \"./nowhere\"" in wrong.stderr, wrong.stderr)


@flow
def what_a_clone_lacks_is_named_with_the_command_that_fetches_it():
    with Clones() as clones:
        clones.clone("shallow", "--depth=1", "--branch=topic")
        clones.refused("shallow", "--base", "main", said=["git fetch origin main)", "FETCH_HEAD"])
        clones.refused("shallow", "--base", "origin/main", said=["git fetch origin main)", "FETCH_HEAD"])
        clones.refused("shallow", "--base", "HEAD~1", said=["shallow", "git fetch --unshallow"])
        clones.refused("origin", "--base", "main..topic", said=["not a range"])
        clones.refused("origin", "--base", "HEAD~9", said=["branch or commit not found: name a branch"])
        clones.git("origin", "checkout", "-q", "main")
        clones.write("origin/lib/l.c", "int l;\n")
        clones.commit("origin")
        clones.git("shallow", "fetch", "-q", "--depth=1", "origin", "main")
        clones.refused("shallow", "--base", "FETCH_HEAD", said=["git fetch --unshallow"])
        clones.clone("partial", "--filter=blob:none", "--branch=topic")
        clones.refused("partial", "--base", "origin/main", said=["git fetch --refetch --no-filter"])
        clones.clone("sparse", "--branch=topic")
        clones.git("sparse", "sparse-checkout", "init", "--cone", "--sparse-index")
        clones.refused("sparse", said=["git sparse-checkout reapply --no-sparse-index"])
        clones.git("sparse", "sparse-checkout", "reapply", "--no-sparse-index")
        equal(clones.changed("sparse"), ["a.c"], "what is outside of the cone was not deleted")


@flow
def a_repository_that_cannot_be_used_is_never_called_absent():
    with Clones() as clones:
        clones.git(".", "init", "-q", "new")
        clones.write("new/a.c", TEXT)
        for words in ([], ["--staged"], ["--base", "main"]):
            clones.refused("new", *words, said=["no commit yet"])
        clones.git(".", "init", "-q", "--object-format=sha256", "hashes")
        clones.refused("hashes", said=["SHA-256", "git diff BASE | outcrop review --diff -"])
        clones.clone("tables", "--branch=topic")
        clones.git("tables", "config", "core.repositoryFormatVersion", "1")
        clones.git("tables", "config", "extensions.refStorage", "reftable")
        shutil.rmtree(clones.folder / "tables/.git/refs")
        clones.write("tables/.git/refs/heads", "this repository uses the reftable format\n")
        clones.write("tables/.git/HEAD", "ref: refs/heads/.invalid\n")
        for words in ([], ["--staged"], ["--base", "main"]):
            clones.refused("tables", *words, said=["reftable", "git refs migrate --ref-format=files",
                                                   "git diff BASE | outcrop review --diff -"])
        clones.write("damaged/.git/HEAD", "ref: refs/heads/main\n")
        clones.refused("damaged", said=["the git repository"])
        (clones.folder / "none").mkdir()
        clones.refused("none", said=["no git repository here"])


@flow
def a_file_in_conflict_is_never_left_out():
    with Clones() as clones:
        clones.git("origin", "checkout", "-q", "main")
        clones.write("origin/a.c", "int other;\n")
        clones.commit("origin")
        subprocess.run(["git", "merge", "topic"], cwd=clones.origin, env=clones.env(), check=False,
                       capture_output=True)
        for words in ([], ["--staged"], ["--base", "HEAD"]):
            clones.refused("origin", *words, said=['"a.c" is in conflict'])


@flow
def what_is_not_of_this_repository_or_too_large_is_named():
    with Clones() as clones:
        clones.git("origin", "init", "-q", "nested")
        clones.write("origin/nested/z.c", "int z;\n")
        clones.write("origin/large.c", "int large;\n" * 1000000)
        result = clones.plan("origin", "--base", "HEAD")
        equal((result.returncode, "  large.c" in result.stdout), (0, False), result.stdout[-500:])
        check('"nested/" is a separate git repository' in result.stderr, result.stderr)
        check("large.c: " in result.stdout, result.stdout[-500:], result.stderr)


@flow
def another_users_repository_is_read_once_it_is_trusted():
    if os.geteuid() != 0:
        raise Skip("only root can give a repository to another user")
    with Clones() as clones:
        for file in (clones.origin, *clones.origin.rglob("*")):
            os.chown(file, 12345, 12345)
        clones.refused("origin", said=["belongs to another user", f"safe.directory {clones.origin}"])
        clones.git(".", "config", "--global", "--add", "safe.directory", str(clones.origin))
        equal(clones.changed("origin"), ["a.c"])


@flow
def what_the_persons_git_hides_or_calls_equal_is_not_a_change():
    with Clones() as clones:
        clones.write("origin/run.sh", "#!/bin/sh\n")
        clones.commit("origin")
        for file, text in ((".gitconfig", "[core]\n\texcludesFile = ~/hidden\n"), (".config/git/ignore", "")):
            clones.write("home/" + file, (clones.home / file).read_text() + text
                         if (clones.home / file).exists() else text)
        clones.write("home/hidden", "*.local\n")
        clones.write("origin/notes.local", "x\n")
        clones.git("origin", "config", "core.fileMode", "false")
        (clones.origin / "run.sh").chmod(0o755)
        equal(clones.changed("origin", "--base", "HEAD"), [])
        clones.git("origin", "config", "core.autocrlf", "true")
        clones.write("origin/a.c", (TEXT + "int c;\n").replace("\n", "\r\n"))
        equal(clones.changed("origin", "--base", "HEAD"), [])


@flow
def untracked_files_are_reviewed_and_named_but_not_those_that_look_like_secrets():
    with Clones() as clones:
        for name in ("new.c", "lib/more.c", ".env", "lib/.env.production", "deploy.pem", "id_ed25519",
                     ".aws/credentials", ".env.example"):
            clones.write("origin/" + name, "x = 1\n")
        result = clones.plan("origin", "--base", "HEAD")
        equal(sorted(line.strip() for line in result.stdout.splitlines() if line.startswith("  ")),
              [".env.example", "lib/more.c", "new.c"])
        taken, left_out = [line for line in result.stderr.splitlines() if "untracked" in line]
        check("untracked files are reviewed too (3)" in taken and "new.c" in taken, taken)
        check("look like secrets are left out (5)" in left_out, left_out)
        check(".aws/credentials" in left_out and "git add" in left_out, left_out)
        equal(clones.changed("origin", "--staged"), [])


def blocks_interrupts(pid):
    """Whether the process leaves SIGINT to its thread that waits for signals."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    mask = next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(mask, 16) >> (signal.SIGINT - 1) & 1)


@flow
def a_second_interrupt_ends_what_waits_in_a_library():
    with Clones() as clones:
        pipe = clones.home / ".config/git/config"  # the user's own files are trusted: nothing checks them before
        pipe.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(pipe)
        kept = {name: os.environ[name] for name in SANITIZERS if name in os.environ}
        process = subprocess.Popen([OUTCROP, "plan"], cwd=clones.folder / "origin", stderr=subprocess.PIPE,
                                   env={"PATH": os.environ["PATH"], "HOME": str(clones.home), **kept})
        ends = time.monotonic() + RUN_SECONDS
        while process.poll() is None and not blocks_interrupts(process.pid):
            check(time.monotonic() < ends, "signals are never taken")
            time.sleep(0.05)
        while process.poll() is None and time.monotonic() < ends:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        process.kill()
        equal(process.wait(RUN_SECONDS), 6, process.stderr.read())


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Rehearses the jobs of release.yml: their scripts run as the runner runs them, in clones of a repository with a
remote.  docker, gh and cosign are stand-ins that write down how they were called."""
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VERSION = re.search(r"^  version: '([^']+)'", (ROOT / "meson.build").read_text(), re.M).group(1)
MAJOR, MINOR, PATCH = (int(part) for part in VERSION.split("."))
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$(basename "$0") $*" in
"gh release view"*) [ ! -f "$STATE/release" ] || cat "$STATE/release" ;;
"gh release delete"*) rm "$STATE/release" ;;
"gh release create"*) [ ! -f "$STATE/fail" ] && echo false >"$STATE/release" ;;
"docker buildx imagetools inspect"*) echo "sha256:$(echo "$*" | sha256sum | cut -c1-64)" ;;
"docker buildx build"*)
	[ ! -f "$STATE/unbuilt" ] || exit 1
	times=$(grep -c "^docker buildx build" "$CALLS")
	[ -f "$STATE/differs" ] || times=1
	while [ "$1" != --metadata-file ]; do shift; done
	printf '{"containerimage.digest": "sha256:%064d"}' "$times" >"$2" ;;
"docker create"*) echo container-1 ;;
"docker cp"*) echo "$2" >"$3" ;;
"docker run"*script/package)
	mkdir -p build-package
	touch "build-package/outcrop_${VERSION}_$ARCH.deb" "build-package/outcrop-$VERSION-linux-$ARCH.tar.gz" ;;
esac
"""
# In place of the suite and of the checks of a program.
SUITE = """#!/bin/sh
echo "suite" >>"$CALLS"
[ ! -f "$STATE/suite" ]
"""
PROTECTION = """import os
import sys
open(os.environ["CALLS"], "a").write(f"protection {open(sys.argv[1]).read()}")
sys.exit(os.path.exists(os.environ["STATE"] + "/unprotected"))
"""


def git(*arguments, cwd):
    author = ("-c", "user.name=demo", "-c", "user.email=demo@example.invalid")
    return subprocess.run(["git", *author, *arguments], cwd=cwd, check=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL).stdout.strip()


def section(text, name, indent):
    """The lines below "NAME:" at this depth."""
    return re.search(rf"^ {{{indent}}}{name}:\n((?: {{{indent + 2}}}.*\n|\n)+)", text, re.M).group(1)


def entries(text, name, indent):
    found = re.search(rf"^ {{{indent}}}{name}:\n((?: {{{indent + 2}}}\S.*\n)+)", text, re.M)
    return dict(re.findall(r"^ +([\w-]+): (.*)$", found.group(1), re.M)) if found else {}


def steps_of(workflow, job):
    """The steps with a script: (id, environment, script) each."""
    steps = section(section(workflow, "jobs", 0), job, 2).split("    steps:\n")[1]
    for step in re.split(r"^      - ", steps, flags=re.M)[1:]:
        step = re.sub(r"^", "        ", step.rstrip(" "), count=1)
        block = re.search(r"^        run: (\|\n(?:          .*\n|\n)+|.*\n)", step, re.M)
        if block:
            script = textwrap.dedent(block.group(1).removeprefix("|\n"))
            name = re.search(r"^ +id: (\w+)$", step, re.M)
            yield name.group(1) if name else "", entries(step, "env", 8), script


class Repository:
    """A repository with a remote, whose releases are made in fresh clones."""

    def __init__(self, folder):
        self.folder, self.origin = folder, folder / "origin.git"
        self.workflow = (ROOT / ".github/workflows/release.yml").read_text()
        self.work = folder / "work"
        self.work.mkdir()
        listing = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], check=True,
                                 capture_output=True, text=True).stdout
        for name in listing.splitlines():
            if (ROOT / name).is_file() and not name.startswith(("src/", "tests/", "evals/", "bench/", "demo/")):
                (self.work / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.work / name)
        (self.work / "src/agent").mkdir(parents=True)
        shutil.copy2(ROOT / "src/agent/builtin.h", self.work / "src/agent")
        (self.work / ".ci/run").write_text(SUITE)
        (self.work / "tests/project").mkdir(parents=True)
        (self.work / "tests/project/release_test.py").write_text(PROTECTION)
        git("init", "--quiet", "--initial-branch", "main", cwd=self.work)
        git("init", "--quiet", "--bare", str(self.origin), cwd=folder)
        git("remote", "add", "origin", str(self.origin), cwd=self.work)
        self.commit("first")
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        for name in ("cosign", "docker", "gh"):
            (bin_folder / name).write_text(STAND_IN)
            (bin_folder / name).chmod(0o755)
        self.state = folder / "state"
        self.state.mkdir()

    def commit(self, message, branch="main"):
        git("add", ".", cwd=self.work)
        git("commit", "--quiet", "--message", message, cwd=self.work)
        git("push", "--quiet", "origin", f"HEAD:{branch}", cwd=self.work)

    def set_version(self, version, start="main"):
        git("checkout", "--quiet", "-B", f"for-{version}", start, cwd=self.work)
        for name, old, new in (("meson.build", r"^  version: '.*'", f"  version: '{version}'"),
                               ("CHANGELOG.md", r"\A", f"## {version}\n\nFixes.\n\n")):
            path = self.work / name
            path.write_text(re.sub(old, new, path.read_text(), count=1, flags=re.M))
        self.commit(version, f"for-{version}")
        (self.state / "release").unlink(missing_ok=True)

    def tags(self):
        lines = git("ls-remote", "--tags", str(self.origin), cwd=self.folder).splitlines()
        return {line.split("refs/tags/")[1]: line.split("\t")[0] for line in lines}

    def show(self, name, path=""):
        return git("show", f"{name}{path}", cwd=self.origin)

    def shell(self):
        """As the runner starts steps: only where the workflow names bash, a pipe fails with its first command."""
        named = entries(section(self.workflow, "defaults", 0), "run", 2).get("shell")
        return ["bash", "-e", "-o", "pipefail"] if named == "bash" else ["bash", "-e"]

    def run(self, version, jobs=("prepare", "publish"), arch=""):
        """Runs jobs on the commit of the work tree.  Returns (whether all steps passed, the calls, the log)."""
        calls, log = self.folder / "calls", ""
        calls.write_text("")
        values = {"inputs.version": version, "github.token": "none", "matrix.arch": arch}
        names = {"VERSION": version, "GITHUB_SHA": git("rev-parse", "HEAD", cwd=self.work),
                 "GITHUB_REPOSITORY": "Acme/outcrop", "GITHUB_ACTOR": "alice",
                 "CALLS": str(calls), "STATE": str(self.state), "HOME": str(self.folder),
                 "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        for job in jobs:
            clone = self.folder / "clone"
            shutil.rmtree(clone, ignore_errors=True)
            git("clone", "--quiet", "--no-checkout", str(self.origin), str(clone), cwd=self.folder)
            git("checkout", "--quiet", names["GITHUB_SHA"], cwd=clone)
            if job == "publish":
                (clone / "binaries").mkdir()
                for suffix in (".deb", ".spdx.json", ".tar.gz"):
                    (clone / "binaries" / f"outcrop{suffix}").write_text(suffix)
                with (clone / ".git/info/exclude").open("a") as exclude:
                    exclude.write("/binaries/\n")
            body = section(section(self.workflow, "jobs", 0), job, 2)
            for number, (name, environment, script) in enumerate(steps_of(self.workflow, job)):
                output = self.folder / "output"
                output.write_text("")
                given = {key: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: values[found.group(1)], value)
                         for key, value in {**entries(body, "env", 4), **environment}.items()}
                ran = subprocess.run([*self.shell(), "-c", script], cwd=clone, capture_output=True,
                                     env={**names, **given, "GITHUB_OUTPUT": str(output)}, text=True,
                                     stdin=subprocess.DEVNULL)
                log += f"{job} {number}: status {ran.returncode}\n{ran.stdout}{ran.stderr}"
                if ran.returncode != 0:
                    return False, calls.read_text(), log
                written = dict(line.split("=", 1) for line in output.read_text().splitlines())
                values.update({f"steps.{name}.outputs.{key}": value for key, value in written.items()})
            for key, value in entries(body, "outputs", 4).items():
                found = re.search(r"[\w.]+\.[\w.]+", value).group(0)
                values[f"needs.{job}.outputs.{key}"] = values.get(found, "")
        return True, calls.read_text(), log


def check_build(repository):
    """The job that builds for one architecture: yields (what holds, whether it does, the log)."""
    body = section(section(repository.workflow, "jobs", 0), "build", 2)
    arches = dict(re.findall(r"^ +- arch: (\w+)\n +runner: (\S+)$", body, re.M))
    yield "both_architectures_are_built_on_machines_of_their_own", \
        arches == {"amd64": "ubuntu-24.04", "arm64": "ubuntu-24.04-arm"}, body
    patterns = re.search(r"^ +path: \|\n((?: +\S+\n)+)", body, re.M).group(1).split()
    base = re.search(r"^FROM (debian:\S+) AS tools$", (ROOT / "Dockerfile").read_text(), re.M).group(1)
    commit, epoch = git("log", "-1", "--format=%H %ct", cwd=repository.work).split()
    for arch in arches:
        image, archive = f"ghcr.io/acme/outcrop:{VERSION}-{arch}", f"outcrop-{VERSION}-linux-{arch}"
        ok, calls, log = repository.run(VERSION, ("prepare", "build"), arch)
        log += calls
        builds = re.findall(r"^docker buildx build .*$", calls, re.M) or ["(no build)"]
        same = f"COMMIT={commit} ", f"_EPOCH={epoch} ", "REPOSITORY=Acme/outcrop ", "rewrite-timestamp=true"
        yield f"{arch}_is_pushed_once_and_built_twice_with_the_same_values", \
            ok and len(builds) == 2 and all(part in build for build in builds for part in same) and \
            f"name={image},push=true" in builds[0] and "push" not in builds[1] and " --no-cache " in builds[1], log
        started = calls.find(f"docker run --rm {image} version")
        yield f"{arch}_is_tested_before_it_is_pushed_and_started_after", \
            0 <= calls.find("suite\n") < calls.find(builds[0]) < started, log
        yield f"the_program_of_{arch}_is_checked", "protection container-1:/usr/bin/outcrop" in calls, log
        yield f"the_packages_of_{arch}_are_built_in_the_base_of_the_image", \
            f"OUTCROP_COMMIT={commit} --env OUTCROP_REPOSITORY=Acme/outcrop {base} script/package" in calls, log
        files = [path.name for path in (repository.folder / "clone").iterdir()]
        uploaded = {name for name in files for pattern in patterns if fnmatch.fnmatch(name, pattern)}
        yield f"{arch}_uploads_its_packages_and_the_list_of_what_the_image_holds", \
            uploaded == {f"{archive}.spdx.json", f"{archive}.tar.gz", f"outcrop_{VERSION}_{arch}.deb"}, files
    for state, label in (("suite", "a_commit_that_fails_its_tests_is_not_built"),
                         ("unbuilt", "two_builds_that_fail_stop_the_release"),
                         ("differs", "two_builds_that_differ_stop_the_release"),
                         ("unprotected", "a_program_that_is_not_protected_stops_the_release")):
        (repository.state / state).touch()
        ok, calls, log = repository.run(VERSION, ("prepare", "build"), "amd64")
        (repository.state / state).unlink()
        reached = {"suite": "buildx build", "unbuilt": "docker run", "differs": "docker create",
                   "unprotected": "script/package"}[state]
        yield label, not ok and reached not in calls, log + calls


def check(repository):
    """Yields (what holds, whether it does, the log)."""
    yield from check_build(repository)
    fix, minor, old_fix = (f"{MAJOR}.{MINOR}.{PATCH + 1}", f"{MAJOR}.{MINOR + 1}.0", f"{MAJOR}.{MINOR}.{PATCH + 2}")
    first, moving = f"v{VERSION}", f"v{MAJOR}"
    hook = repository.origin / "hooks/update"
    hook.write_text(f"#!/bin/sh\n[ \"$1\" != refs/tags/{moving} ]\n")
    hook.chmod(0o755)
    ok, _, log = repository.run(VERSION)
    yield "a_push_that_fails_leaves_no_tag", not ok and not repository.tags(), log
    hook.unlink()
    (repository.state / "fail").touch()
    ok, _, log = repository.run(VERSION, ("prepare", "publish"))
    tags = repository.tags()
    yield "both_tags_are_pushed_before_the_release", not ok and sorted(tags) == [moving, first], log
    (repository.state / "fail").unlink()
    (repository.state / "release").write_text("true\n")
    ok, calls, log = repository.run(VERSION)
    yield "a_second_run_continues_the_first", ok and repository.tags() == tags, log
    yield "a_draft_is_replaced_by_the_release", \
        "gh release delete" in calls and f"gh release create {first} " in calls, calls
    ok, calls, log = repository.run(VERSION)
    yield "a_run_of_a_finished_release_changes_nothing", \
        ok and repository.tags() == tags and "gh release create" not in calls, log
    digest = re.search(r"docker://(\S+)", repository.show(first, ":action.yml")).group(1)
    yield "the_tag_names_the_signed_image", f"cosign sign --yes --recursive {digest}" in calls, calls
    yield "the_image_has_the_tag_of_its_major_version", f"--tag ghcr.io/acme/outcrop:{MAJOR} " in calls, calls
    sums = (repository.folder / "clone/binaries/SHA256SUMS")
    repository.set_version(fix)
    ok, calls, log = repository.run(fix)
    after = repository.tags()
    yield "the_next_version_moves_the_major_tag", \
        ok and after[moving] == after[f"v{fix}"] != after[first] and after[first] == tags[first], log
    yield "the_release_has_checksums_of_every_file", sums.is_file() and len(sums.read_text().splitlines()) == 3, log
    git("commit", "--quiet", "--allow-empty", "--message", "later", cwd=repository.work)
    git("push", "--quiet", "origin", "HEAD:later", cwd=repository.work)
    ok, _, log = repository.run(fix)
    yield "a_version_that_exists_of_another_commit_is_refused", \
        not ok and "another commit" in log and repository.tags() == after, log
    repository.set_version(minor)
    ok, _, log = repository.run(minor)
    tags = repository.tags()
    yield "a_minor_version_moves_it_too", ok and tags[moving] == tags[f"v{minor}"], log
    repository.set_version(old_fix, f"for-{fix}")
    ok, calls, log = repository.run(old_fix)
    after = repository.tags()
    yield "a_fix_of_an_older_version_does_not_move_it", \
        ok and f"v{old_fix}" in after and after[moving] == tags[moving] and f"outcrop:{MAJOR} " not in calls, log
    ok, _, log = repository.run("9.9.9")
    yield "a_version_that_the_sources_do_not_have_is_refused", not ok and "meson.build does not have" in log, log


def main():
    failed = number = 0
    with tempfile.TemporaryDirectory() as name:
        for number, (label, ok, log) in enumerate(check(Repository(pathlib.Path(name))), 1):
            print(f"{'ok' if ok else 'not ok'} {number} - {label}", flush=True)
            if not ok:
                print(textwrap.indent(str(log), "# "))
            failed += not ok
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

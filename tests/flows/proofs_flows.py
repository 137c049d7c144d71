#!/usr/bin/env python3
"""Proofs of cases in evals/ that can be run: the code of the change itself shows the expected defect."""
import datetime
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import types

from harness import Skip, check, equal, flow, main

CASES = pathlib.Path(__file__).resolve().parent.parent.parent / "evals"


def side(case, without):
    """The lines of a case's change on one side: without="-" gives the new one, "+" the old one."""
    lines = (CASES / case / "change.diff").read_text(encoding="utf-8").split("\n")
    return "\n".join(line[1:] for line in lines if line[:1] in {" ", "-", "+"} - {without}
                     and not line.startswith(("--- a/", "+++ b/", "--- /dev")))


def new(case):
    return side(case, "-")


def old(case):
    return side(case, "+")


def query(statements, text):
    database = sqlite3.connect(":memory:")
    database.executescript(statements)
    return database.execute(text.replace("date_trunc('year', now())", "'2026-01-01'")).fetchall()


def module(name, **members):
    made = types.ModuleType(name)
    vars(made).update(members)
    sys.modules[name] = made
    return made


def run_python(case, **modules):
    """The names that the new code of a case defines, with stand-ins for what it imports."""
    for name, members in modules.items():
        module(name.replace("__", "."), **members)
    names = {}
    exec(compile(new(case), case, "exec"), names)  # our own cases
    return names


def run_script(text, folder, tools, others=True, **env):
    """Runs a script of a case with stand-ins for its tools first in the PATH, and with no `others`."""
    for name, body in tools.items():
        tool = folder / "tools" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text("#!/bin/bash\n" + body + "\n")
        tool.chmod(0o755)
    (folder / "script.sh").write_text(text)
    path = str(folder / "tools") + (f":{os.environ['PATH']}" if others else "")
    command = [shutil.which("bash"), str(folder / "script.sh"), *env.pop("arguments", [])]
    return subprocess.run(command, cwd=folder, text=True,
                          env={"PATH": path, **env}, capture_output=True, timeout=120, check=False)


def in_folder(function):
    with tempfile.TemporaryDirectory() as folder:
        function(pathlib.Path(folder))


@flow
def sql_null_exclusion_loses_every_customer():
    rows = """create table customers (id, name); create table orders (id, customer_id, created_at);
              create table complaints (id, customer_id, created_at);
              insert into customers values (1, 'a'); insert into orders values (1, 1, '2026-02-01');
              insert into complaints values (1, NULL, '2026-02-01');"""
    equal(len(query(rows, old("sql-null-exclusion"))), 1)
    equal(query(rows, new("sql-null-exclusion")), [])


@flow
def sql_outer_filter_leaves_out_the_empty_warehouse():
    rows = """create table warehouses (id, name, city); create table shipments (id, warehouse_id, status, due);
              insert into warehouses values (1, 'full', 'x'), (2, 'empty', 'y');
              insert into shipments values (1, 1, 'open', '2026-02-01');"""
    equal([row[0] for row in query(rows, new("sql-outer-filter"))], ["full"])


@flow
def shell_pipe_status_deletes_the_last_good_dump():
    def prove(folder):
        last = folder / "1999-01-01.sql.zst.age"
        last.write_text("good")
        os.utime(last, (0, 0))
        text = new("shell-pipe-status").replace("/var/backups/app", str(folder))
        result = run_script(text, folder, {"pg_dump": "exit 1", "zstd": "cat", "age": "cat", "logger": "true"},
                            RECIPIENT="r", DATABASE_URL="d")
        equal(result.returncode, 0, "the script says that all is well", result.stderr)
        check(not last.exists(), "the last good dump is gone")

    in_folder(prove)


@flow
def shell_file_loop_ends_at_a_name_with_a_space():
    def prove(folder):
        (folder / "images").mkdir()
        (folder / "images/team photo.png").write_text("x")
        result = run_script(new("shell-file-loop"), folder, {"optipng": '[ -f "$2" ]', "jpegoptim": "true"},
                            arguments=["images"])
        check(result.returncode != 0, result.stdout)

    in_folder(prove)


@flow
def shell_unset_folder_deletes_below_the_root():
    def prove(folder):
        tools = {"git": "echo v1", "rm": 'echo "rm $*"; exit 1'}
        result = run_script(new("shell-unset-folder"), folder, tools, others=False)
        asked = result.stdout.split()
        check(asked[:2] == ["rm", "-rf"] and "/etc" in asked, result.stdout)

    in_folder(prove)


@flow
def python_naive_expiry_raises_for_every_invitation():
    class Invitation:
        def __init__(self, **members):
            vars(self).update(members)

    names = run_python("python-naive-expiry", invitations={}, invitations__models={"Invitation": Invitation})
    try:
        names["is_expired"](Invitation(created_at=datetime.datetime.now(datetime.UTC)))
    except TypeError as error:
        check("offset-naive and offset-aware" in str(error), error)
    else:
        check(False, "no error")


@flow
def python_attachment_path_reads_outside_of_the_ticket():
    def prove(folder):
        class Response:
            def __init__(self, body, **_):
                self.body = body

        (folder / "secret").write_text("key")
        (folder / "attachments/7").mkdir(parents=True)
        names = run_python("python-attachment-path", web={},
                           web__http={"Response": Response, "not_found": lambda: None},
                           web__routing={"route": lambda *_: lambda function: function})
        names["ROOT"] = str(folder / "attachments")
        request = types.SimpleNamespace(require_member_of=lambda _: None)
        equal(names["read_attachment"](request, 7, "../../secret").body, b"key")

    in_folder(prove)


@flow
def python_cache_tenant_gives_one_tenant_the_flags_of_another():
    store = run_python("python-cache-tenant")["FlagStore"](types.SimpleNamespace(
        one=lambda _, values: {"enabled": values[0] == 1}))
    equal((store.enabled(1, "beta"), store.enabled(2, "beta")), (True, True), "the second has it off")


@flow
def python_charge_retry_sends_another_key_each_time():
    class Timeout(Exception):
        pass

    class Session:
        keys: list = []

        def __init__(self):
            self.headers = {}

        def post(self, _, headers, **__):
            self.keys.append(headers["Idempotency-Key"])
            raise Timeout

    names = run_python("python-charge-retry", requests={"Session": Session, "Timeout": Timeout})
    names["time"] = types.SimpleNamespace(sleep=lambda _: None)
    gateway = names["Gateway"]("https://gateway.example", "key")
    try:
        gateway.charge(types.SimpleNamespace(cents=1, card_token="t"))
    except Timeout:
        equal(len(set(Session.keys)), 3, "the gateway cannot tell that it is one charge")


@flow
def c_image_size_wraps():
    size = re.search(r"size_t size = (.*);", new("c-image-size"))[1]

    def prove(folder):
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            raise Skip("no C compiler")
        (folder / "size.c").write_text(
            "#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n"
            "int main(void)\n{\n\tuint32_t width = 65536, height = 16385;\n"
            f"\tprintf(\"%zu\", {size});\n\treturn 0;\n}}\n")
        subprocess.run([compiler, "-o", "size", "size.c"], cwd=folder, check=True, timeout=120)
        result = subprocess.run(["./size"], cwd=folder, check=True, capture_output=True, text=True, timeout=120)
        equal(int(result.stdout), 262144, "65536 times 16385 pixels need 4 GiB")

    in_folder(prove)


@flow
def rust_title_slice_panics_inside_a_character():
    function = re.search(r"const WIDTH.*?^}", new("rust-title-slice"), re.M | re.S)[0]

    def prove(folder):
        if not shutil.which("rustc"):
            raise Skip("no rustc")
        (folder / "title.rs").write_text(function + '\nfn main() { println!("{}", shorten(&"é".repeat(30))); }\n')
        built = subprocess.run(["rustc", "-o", "title", "title.rs"], cwd=folder, capture_output=True, text=True,
                               timeout=120, check=False)
        if built.returncode:
            raise Skip("rustc cannot link here")
        result = subprocess.run(["./title"], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        check(result.returncode != 0 and "char boundary" in result.stderr, result.stderr)

    in_folder(prove)


if __name__ == "__main__":
    main()

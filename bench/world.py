"""The world that a review is measured in: a made-up pull request, and a service of its own that plays the rest."""
import json
import pathlib
import subprocess
import sys

SERVICE = pathlib.Path(__file__).parent / "service.py"
BASE, HEAD = "a" * 40, "b" * 40


class World:
    """
    `files` are the pull request's, `repository` maps paths at the base commit to texts, `delays` maps an agent's
    name to the seconds its answer takes.  `bucket` calls may come at once, and one more each second; 0: any
    number.  Each call of number `fault` is answered with 503; 0: none.  With `bills` the input is counted as a
    provider with a prompt cache would.  `answer` is the text for those who ask for a whole answer of Converse.
    With `finds` each agent finds two things.  `script` is the service.  After stop() the attributes are what it
    reports.
    """

    def __init__(self, files, repository, delays, bucket=0, fault=0, bills=False, answer="", finds=False,
                 script=SERVICE):
        settings = {"files": files, "pull": pull_request(len(files)), "repository": repository, "delays": delays,
                    "bucket": bucket, "fault": fault, "bills": bills, "answer": answer, "finds": finds}
        self.service = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.service.stdin.write(json.dumps(settings) + "\n")
        self.service.stdin.flush()
        self.port = int(self.service.stdout.readline())

    def stop(self):
        report, _ = self.service.communicate("\n")
        vars(self).update(json.loads(report))


def pull_request(changed_files):
    repository = {"full_name": "acme/shop", "name": "shop", "owner": {"login": "acme"}, "fork": False, "id": 1}
    return {
        "number": 1, "title": "A change", "body": "", "draft": False, "state": "open", "id": 1, "node_id": "P",
        "user": {"login": "ann", "type": "User"}, "labels": [], "changed_files": changed_files,
        "commits": 1, "merged": False, "html_url": "https://github.com/acme/shop/pull/1",
        "base": {"ref": "main", "sha": BASE, "repo": repository, "label": "acme:main"},
        "head": {"ref": "work", "sha": HEAD, "repo": repository, "label": "acme:work"},
    }


def changed_file(number, lines):
    """One added file, as "list pull request files" gives it."""
    patch = f"@@ -0,0 +1,{lines} @@\n" + "\n".join(f"+int value_{number}_{i} = compute({i});" for i in range(lines))
    return {"sha": f"{number:040x}", "filename": f"part{number}/file.c", "status": "added", "additions": lines,
            "deletions": 0, "changes": lines, "patch": patch}

"""Evaluates SQL with PostgreSQL: python postgres_eval.py < cases.jsonl; python postgres_eval.py --present

In and out as `duckdb_eval.py` has it: JSON Lines {"id", "setup": [sql...], "query": sql} and {"id", "value"} or
{"id", "error"}, in the same order; a case with the same setup as the one before shares it. A case that takes more than 60
seconds is ended: its answer is the error.
The server is one of its own: a cluster in a temporary folder, on a socket in it, ended with the run. The server refuses
to be run by root, so root runs it as `postgres` (or `nobody`). With --present nothing is run: the exit code says whether
the programs are there.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = ["initdb", "postgres", "psql"]
SECONDS = 60
MARK = "#formwright"
WHOLE = {"smallint", "integer", "bigint", "numeric"}


def programs():
    """The folder of the newest server that is installed."""
    found = [Path(p).parent for p in [shutil.which("initdb")] if p]
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    found += sorted(versions, key=lambda p: int(p.parent.name), reverse=True)
    whole = [p for p in found if all((p / name).exists() for name in PROGRAMS)]
    return whole[0] if whole else None


def runner():
    """Who runs the server: arguments for a process, and the owner of its folder."""
    if os.geteuid() != 0:
        return {}, None
    for name in ["postgres", "nobody"]:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}, user
    sys.exit("postgres: there is nobody but root to run the server")


class Server:
    """A cluster of its own."""

    def __init__(self, folder):
        self.folder, self.bin = folder, programs()
        if not self.bin:
            sys.exit("postgres: PostgreSQL is not installed")
        self.runs_as, owner = runner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.data = folder / "data"
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        self.call("initdb", "-D", self.data, "-A", "trust", "-U", "formwright", "-E", "UTF8", "--no-locale", "--no-sync")
        options = ["-D", self.data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "jit=off"]
        options += ["-c", f"statement_timeout={SECONDS}s"]
        self.log = open(folder / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [self.bin / "postgres", *options], cwd=folder, env=self.environment, stdout=self.log,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True, **self.runs_as,
        )

    def call(self, program, *args, given=""):
        done = subprocess.run(
            [self.bin / program, *args], cwd=self.folder, env=self.environment, input=given, text=True,
            encoding="utf-8", capture_output=True, **self.runs_as,
        )
        if done.returncode != 0:
            sys.exit(f"postgres: {program}: {done.stderr.strip()}")
        return done.stdout

    def psql(self, script):
        address = ["-h", self.folder, "-U", "formwright", "-d", "postgres"]
        return self.call("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_ROLLBACK=on", *address, given=script)

    def wait(self):
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if (self.folder / ".s.PGSQL.5432").exists() and "ready to accept" in (self.folder / "log").read_text():
                return
            time.sleep(0.02)
        sys.exit("postgres: the server did not start: " + (self.folder / "log").read_text())

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def script(cases):
    """All cases for one session: the types of each result, its rows, and what went wrong."""
    out, setup = [], None
    for case in cases:
        wanted = case.get("setup") or []
        if wanted != setup:
            out += ["ROLLBACK;"] if setup is not None else []
            out += ["BEGIN;"] + [statement + ";" for statement in wanted]
            setup = wanted
        query = case["query"]
        out += [f"\\echo {MARK} types", f"{query} \\gdesc", f"\\echo {MARK} rows"]
        out += [f"SELECT row_to_json(q) FROM ({query}) AS q;"]
        out += ["\\if :ERROR", f"\\echo {MARK} error", "\\echo :LAST_ERROR_MESSAGE", "\\endif", f"\\echo {MARK} end"]
    return "\n".join(out) + "\n"


def typed(value, kind):
    if value is None or kind == "boolean":
        return value
    if kind.split("(")[0] in WHOLE:
        return {"number": value}
    if kind in {"double precision", "real"}:
        return {"double": value}
    return {"date" if kind == "date" else "string": value}


def answers(text):
    """For each case its value or the message of its error."""
    parts = {"types": [], "rows": [], "error": []}
    part = None
    for line in text.split("\n"):
        if not line.startswith(MARK):
            if part and line:
                parts[part].append(line)
            continue
        part = line.removeprefix(MARK).strip()
        if part != "end":
            continue
        if parts["error"]:
            yield {"error": "\n".join(parts["error"])}
        else:
            kinds = [line.rsplit("|", 1)[1] for line in parts["types"]]
            hooks = {"parse_int": str, "parse_float": str, "object_pairs_hook": lambda pairs: [v for _, v in pairs]}
            rows = [json.loads(line, **hooks) for line in parts["rows"]]
            rows = [[typed(value, kind) for value, kind in zip(row, kinds)] for row in rows]
            yield {"value": rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows}
        parts = {"types": [], "rows": [], "error": []}


def main():
    if sys.argv[1:] == ["--present"]:
        sys.exit(0 if programs() else 1)
    cases = [json.loads(line) for line in sys.stdin.read().split("\n") if line.strip()]
    # The path of a socket is short: not under a folder of the tests.
    with tempfile.TemporaryDirectory(prefix="formwright-pg-", ignore_cleanup_errors=True) as name:
        server = Server(Path(name))
        try:
            server.wait()
            out = server.psql(script(cases))
        finally:
            server.stop()
    found = list(answers(out))
    if len(found) != len(cases):
        sys.exit(f"postgres: {len(found)} answers to {len(cases)} cases")
    for case, answer in zip(cases, found):
        print(json.dumps({"id": case["id"], **answer}, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""Evaluates SQL with DuckDB: python duckdb_eval.py < cases.jsonl

In: JSON Lines {"id", "setup": [sql...], "query": sql}. Out, in the same order: JSON Lines {"id", "value"} or
{"id", "error"}. Reads to the end before it answers. A result of one row and one column is its value; any other is
a list of rows. Values are typed: null, true, false, {"number": "1.50"}, {"string": "x"}, {"date": "2015-06-30"},
lists; a binary float, which no rule should yield, is {"double": "0.1"}.
A case that takes more than 60 seconds is ended: its answer is the error.
The setup runs in a transaction that is rolled back; a case with the same setup as the one before shares it.
"""

import datetime
import decimal
import json
import sys
import threading

import duckdb

SECONDS = 60


def typed(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"number": str(value)}
    if isinstance(value, decimal.Decimal):
        return {"number": format(value, "f")}
    if isinstance(value, float):
        return {"double": repr(value)}
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [typed(item) for item in value]
    return {"string": str(value)}


class Runner:
    """One database; `setup` is what its open transaction holds, None without one."""

    def __init__(self):
        self.database = duckdb.connect(":memory:")
        self.setup = None

    def close(self):
        if self.setup is not None:
            self.setup = None
            self.database.execute("ROLLBACK")

    def prepare(self, setup):
        if setup == self.setup:
            return
        self.close()
        self.database.execute("BEGIN")
        self.setup = setup
        for statement in setup:
            self.database.execute(statement)

    def value(self, case):
        limit = threading.Timer(SECONDS, self.database.interrupt)
        limit.start()
        try:
            self.prepare(case.get("setup") or [])
            rows = self.database.execute(case["query"]).fetchall()
        except duckdb.Error:
            self.close()
            raise
        finally:
            limit.cancel()
        return typed(rows[0][0]) if len(rows) == 1 and len(rows[0]) == 1 else typed(rows)


def main():
    runner = Runner()
    for line in sys.stdin.read().split("\n"):
        if not line.strip():
            continue
        case = json.loads(line)
        try:
            answer = {"id": case["id"], "value": runner.value(case)}
        except duckdb.Error as problem:
            answer = {"id": case["id"], "error": str(problem)}
        print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

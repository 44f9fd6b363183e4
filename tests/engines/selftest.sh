#!/usr/bin/env bash
# Does each engine driver answer as its header says? bash tests/engines/selftest.sh
# An engine that is absent is a visible skip, or a failure with FORMWRIGHT_REQUIRE_ENGINES=1.
set -uo pipefail
cd "$(dirname "$0")/../.."
here=tests/engines
python=.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

skip() {
  printf 'engines: SKIPPED %s: %s\n' "$1" "$2" >&2
  [ "${FORMWRIGHT_REQUIRE_ENGINES:-}" = 1 ] && failed=1
}

# expect NAME COMMAND...: runs the command on $work/in; its output must be $work/want.
expect() {
  local name=$1
  shift
  if ! "$@" <"$work/in" >"$work/got" 2>"$work/err"; then
    printf 'engines: FAILED %s\n' "$name" >&2
    cat "$work/err" >&2
    failed=1
  elif ! diff -u --label expected --label got "$work/want" "$work/got" >&2; then
    printf 'engines: FAILED %s\n' "$name" >&2
    failed=1
  else
    printf 'engines: ok %s\n' "$name" >&2
  fi
}

js() {
  cat >"$work/prelude.js" <<'EOF'
const SCALE = 100n;
export function scaled(n) { return BigInt(n) * SCALE; }
export { SCALE };
EOF
  cat >"$work/in" <<'EOF'
{"id": 1, "code": "c.a + c.b === 3", "cells": {"a": 1, "b": 2}}
{"id": 2, "code": "const s = c.xs.filter((x) => x !== null); return s.length;", "cells": {"xs": [1, null, "二"]}}
{"id": "big", "code": "scaled(7) + c.n + SCALE", "cells": {"n": {"bigint": "9007199254740993"}}}
{"id": 4, "code": "c.a / 0", "cells": {"a": 1}}
{"id": 5, "code": "c.nothing.at", "cells": {}}
{"id": 6, "code": "c.missing", "cells": {}}
{"id": 7, "code": "undeclared = 1", "cells": {}}
{"id": 8, "code": "null"}
EOF
  cat >"$work/want" <<'EOF'
{"id":1,"value":true}
{"id":2,"value":2}
{"id":"big","value":{"bigint":"9007199254741793"}}
{"id":4,"value":{"number":"Infinity"}}
{"id":5,"error":"TypeError: Cannot read properties of undefined (reading 'at')"}
{"id":6,"error":"Error: the value is undefined"}
{"id":7,"error":"ReferenceError: undeclared is not defined"}
{"id":8,"value":null}
EOF
  expect 'JavaScript' node $here/js.mjs "$work/prelude.js"
}

schema_files() {
  cat >"$work/good.json" <<'EOF'
{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
 "properties": {"opened": {"type": "boolean"}, "calls": {"type": "integer", "minimum": 0}, "a/b": {"type": "string"}},
 "if": {"properties": {"opened": {"const": false}}, "required": ["opened"]}, "then": {"not": {"required": ["calls"]}}}
EOF
  printf '{"opened": true, "calls": 12.0}' >"$work/yes.json"
  printf '{"opened": false, "calls": -1, "a/b": 3}' >"$work/no.json"
  printf '{"opened": ' >"$work/cut.json"
  printf '{"type": "object", "properties": {"n": {"minimum": "one"}}}' >"$work/bad.json"
  printf '{"type": ["string", "number"], "x-unit": "m"}' >"$work/odd.json"
  : >"$work/in"
}

# The manifest names files by their path below the temporary folder, so that the expected output is fixed.
manifest() {
  cat >"$work/manifest.json" <<'EOF'
[{"schema": "good.json", "instances": ["yes.json", "no.json"]},
 {"schema": "bad.json", "instances": ["yes.json"]},
 {"schema": "odd.json", "instances": ["yes.json"]}]
EOF
}

in_work() { (cd "$work" && "$@"); }

ajv() {
  schema_files
  manifest
  cat >"$work/want" <<'EOF'
{"schema":"good.json","instance":null,"valid":true,"errors":[]}
{"schema":"good.json","instance":"yes.json","valid":true,"errors":[]}
{"schema":"good.json","instance":"no.json","valid":false,"errors":["","/a~1b","/calls"]}
{"schema":"bad.json","instance":null,"valid":false,"errors":["schema is invalid: data/properties/n/minimum must be number"]}
{"schema":"odd.json","instance":null,"valid":false,"errors":["strict mode: unknown keyword: \"x-unit\""]}
EOF
  expect 'ajv' in_work node "$PWD/$here/schema.mjs" manifest.json
}

python_schema() {
  schema_files
  manifest
  cat >"$work/want" <<'EOF'
{"schema": "good.json", "instance": null, "valid": true, "errors": []}
{"schema": "good.json", "instance": "yes.json", "valid": true, "errors": []}
{"schema": "good.json", "instance": "no.json", "valid": false, "errors": ["", "/a~1b", "/calls"]}
{"schema": "bad.json", "instance": null, "valid": false, "errors": ["'one' is not of type 'number'"]}
{"schema": "odd.json", "instance": null, "valid": true, "errors": []}
{"schema": "odd.json", "instance": "yes.json", "valid": false, "errors": [""]}
EOF
  expect 'python-jsonschema' in_work "$PWD/$python" "$PWD/$here/schema.py" manifest.json
}

duckdb() {
  cat >"$work/in" <<'EOF'
{"id": 1, "setup": ["create table t(a decimal(9,2), b text)", "insert into t values (1.50, '甲'), (null, 'x')"], "query": "select sum(a) from t"}
{"id": 2, "setup": ["create table t(a decimal(9,2), b text)", "insert into t values (1.50, '甲'), (null, 'x')"], "query": "select a, b from t order by b desc"}
{"id": 3, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select a from t"}
{"id": 4, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select nothing from t"}
{"id": 5, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select count(*) from t"}
{"id": 6, "query": "select null and false"}
{"id": 7, "query": "select 1 / 4"}
EOF
  cat >"$work/want" <<'EOF'
{"id": 1, "value": {"number": "1.50"}}
{"id": 2, "value": [[{"number": "1.50"}, {"string": "甲"}], [null, {"string": "x"}]]}
{"id": 3, "value": {"date": "2015-06-30"}}
{"id": 4, "error": "Binder Error"}
{"id": 5, "value": {"number": "1"}}
{"id": 6, "value": false}
{"id": 7, "value": {"double": "0.25"}}
EOF
  duckdb_answers() { "$python" $here/duckdb_eval.py | sed -E 's/("error": "[A-Za-z ]+):.*/\1"}/'; }
  expect 'DuckDB' duckdb_answers
}

postgres() {
  cat >"$work/in" <<'EOF'
{"id": 1, "setup": ["create table t(a decimal(9,2), b text)", "insert into t values (1.50, '甲'), (null, 'x')"], "query": "select sum(a) from t"}
{"id": 2, "setup": ["create table t(a decimal(9,2), b text)", "insert into t values (1.50, '甲'), (null, 'x')"], "query": "select a, b, a from t order by b desc"}
{"id": 3, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select a from t"}
{"id": 4, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select nothing from t"}
{"id": 5, "setup": ["create table t(a date)", "insert into t values ('2015-06-30')"], "query": "select count(*) from t"}
{"id": 6, "query": "select null and false"}
{"id": 7, "query": "select sign(1)"}
EOF
  cat >"$work/want" <<'EOF'
{"id": 1, "value": {"number": "1.50"}}
{"id": 2, "value": [[{"number": "1.50"}, {"string": "甲"}, {"number": "1.50"}], [null, {"string": "x"}, null]]}
{"id": 3, "value": {"date": "2015-06-30"}}
{"id": 4, "error": "column \"nothing\" does not exist"}
{"id": 5, "value": {"number": "1"}}
{"id": 6, "value": false}
{"id": 7, "value": {"double": "1"}}
EOF
  expect 'PostgreSQL' python3 $here/postgres_eval.py
}

calc() {
  : >"$work/in"
  cat >"$work/book.json" <<'EOF'
{"sheets": [
  {"name": "表9", "cells": {"A1": 0.1, "B1": 0.2, "A2": " x<&> ", "A3": {"text": "=1+1"}, "A4": true, "A5": null,
    "C1": "=ROUND(A1+B1,2)", "C2": "=A2&\"|\"", "C3": "=A3", "C4": "=AND(A4,A1<B1)", "C5": "=1/0", "C6": "=NOSUCH(1)",
    "AA10": "=SUM(A1:B1)*3", "C7": "=\"\"", "C8": "=LEN(TRIM(A5))=0"}},
  {"name": "it's & 2", "cells": {"A1": "=表9!C1*10", "B1": "='it''s & 2'!A1+12345678901234.5"}}]}
EOF
  cat >"$work/want" <<'EOF'
{"sheets": [{"name": "表9", "cells": {"C1": {"number": "0.3"}, "C2": {"string": " x<&> |"}, "C3": {"string": "=1+1"}, "C4": true, "C5": {"error": "#DIV/0!"}, "C6": {"error": "#NAME?"}, "C7": {"string": ""}, "C8": true, "AA10": {"number": "0.9"}}}, {"name": "it's & 2", "cells": {"A1": {"number": "3"}, "B1": {"number": "12345678901237.5"}}}]}
EOF
  expect 'LibreOffice' "$1" $here/calc.py "$work/book.json"
}

if ! command -v node >/dev/null; then skip 'JavaScript, ajv' 'no Node.js'
else
  js
  if [ -d node_modules/ajv ]; then ajv; else skip 'ajv' 'no node_modules'; fi
fi
if [ -x $python ]; then python_schema; duckdb; else skip 'python-jsonschema, DuckDB' 'no .venv'; fi
if command -v python3 >/dev/null && python3 $here/postgres_eval.py --present; then postgres
else skip 'PostgreSQL' 'not installed'
fi
if ! command -v soffice >/dev/null; then skip 'LibreOffice' 'not installed'
elif ! command -v python3 >/dev/null; then skip 'LibreOffice' 'no Python'
else calc python3
fi
exit "$failed"

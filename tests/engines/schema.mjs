// Validates instances with ajv, strictly: node schema.mjs MANIFEST.json
//
// The manifest is [{"schema": path, "instances": [path…]} or {"schema": path, "lines": path}…], paths relative to the
// current folder; `lines` names a file of JSON Lines.
// Out: JSON Lines {"schema", "instance", "valid", "errors": [pointer…]}. The first line of each schema has the
// instance null: whether the schema loads without a complaint, and every complaint, warnings included. Of `lines` there
// is one line more, {"schema", "lines", "passes": [true or false…]}.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");

function load(path) {
  const complaints = [];
  const note = (...words) => complaints.push(words.map(String).join(" "));
  // strictRequired would forbid `required` in a branch whose `properties` stand one level up, a correct shape.
  const options = { strict: true, strictRequired: false, allErrors: true, logger: { log: note, warn: note, error: note } };
  try {
    return { validate: new Ajv(options).compile(read(path)), complaints };
  } catch (problem) {
    note(problem.message);
    return { validate: null, complaints };
  }
}

function judge(validate, schema, path) {
  let instance;
  try {
    instance = read(path);
  } catch (problem) {
    return { schema, instance: path, valid: false, errors: [`unreadable: ${problem.message}`] };
  }
  const valid = validate(instance);
  const errors = valid ? [] : [...new Set(validate.errors.map((error) => error.instancePath))].sort();
  return { schema, instance: path, valid, errors };
}

function judgeLines(validate, schema, path) {
  const lines = readFileSync(path, "utf8").split("\n").filter((line) => line !== "");
  return { schema, lines: path, passes: lines.map((line) => validate(JSON.parse(line))) };
}

for (const { schema, instances = [], lines } of read(process.argv[2])) {
  const { validate, complaints } = load(schema);
  print({ schema, instance: null, valid: complaints.length === 0, errors: complaints });
  if (validate) for (const path of instances) print(judge(validate, schema, path));
  if (validate && lines) print(judgeLines(validate, schema, lines));
}

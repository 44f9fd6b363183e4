// node main.mjs RETURN.json: a line for each finding; exits with 1 if there is one. Needs check.ts compiled (npx tsc).
import { readFileSync } from "node:fs";
import { allCalls, checker, findings } from "./out/check.js";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const emitted = (name) => read(new URL(`../../../generated/planning-2015/json-schema/${name}`, import.meta.url));

const returned = read(process.argv[2]);
const schema = returned.state === "draft" ? "return.draft.schema.json" : "return.schema.json";
const found = findings(checker(emitted(schema)), emitted("return.meta.json"), returned);
for (const { pointer, label, message } of found) console.log(`${pointer}${label && ` (${label})`}: ${message}`);
console.log(found.length > 0 ? `${found.length} findings` : `accepted, ${allCalls(returned)} calls`);
process.exit(found.length > 0 ? 1 : 0);

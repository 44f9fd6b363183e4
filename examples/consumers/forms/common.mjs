// What both programs share: the files of the survey, and a schema as form libraries want it.
import { readFileSync } from "node:fs";

export const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/**
 * The schema with its references put in place, and without `null` among types and codes: a form leaves out what is
 * blank. The returns themselves are still checked by the schema as it is.
 */
export function forForms(schema) {
  const definitions = schema.$defs ?? {};
  const plain = (node) => {
    if (Array.isArray(node)) return node.map(plain);
    if (node === null || typeof node !== "object") return node;
    const { $ref, ...own } = node;
    const all = $ref?.startsWith("#/$defs/") ? { ...definitions[$ref.slice(8)], ...own } : node;
    const out = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, plain(value)]));
    if (Array.isArray(out.type)) {
      const types = out.type.filter((type) => type !== "null");
      out.type = types.length === 1 ? types[0] : types;
    }
    if (Array.isArray(out.oneOf)) out.oneOf = out.oneOf.filter((one) => one.const !== null && one.type !== "null");
    if (Array.isArray(out.enum)) out.enum = out.enum.filter((one) => one !== null);
    return out;
  };
  const { $defs, ...rest } = schema;
  return plain(rest);
}

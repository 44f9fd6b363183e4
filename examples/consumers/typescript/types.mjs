// Writes planning-2015.ts, the types of a return, from the emitted schema: node types.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const schema = new URL("../../../generated/planning-2015/json-schema/return.schema.json", import.meta.url);

// The generator makes a named type of everything that has a title. Labels are better comments than names of types.
const withoutTitles = (key, value) => {
  if (typeof value?.title !== "string") return value;
  const { title, description, ...rest } = value;
  return { description: [title, description].filter(Boolean).join("\n"), ...rest };
};

// row_t09.cities -> RowT09Cities
const customName = (_, definition) =>
  definition?.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter) => letter.toUpperCase());

// Without its id, the whole is named as asked for.
const { $id, ...plain } = JSON.parse(readFileSync(schema, "utf8"), withoutTitles);
const types = await compile(plain, "Return", { customName, ignoreMinAndMaxItems: true });
writeFileSync(new URL("planning-2015.ts", import.meta.url), types);

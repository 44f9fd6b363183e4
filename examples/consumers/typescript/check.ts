// Checks a return with the emitted JSON Schema, and says what is wrong by label. Runs in a browser as well.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Return } from "./planning-2015.js";

/** What the sidecar tells of cells and of the objects around them, by JSON pointer. */
export interface Meta {
  cells: Record<string, { label: Record<string, string> }>;
  objects: Record<string, Record<string, string>>;
}

export interface Finding {
  pointer: string;
  label: string;
  message: string;
}

/** A check of returns; compile it once, use it often. */
export function checker(schema: object): ValidateFunction<Return> {
  return new Ajv2020({ allErrors: true }).compile<Return>(schema);
}

/** The findings of a return; empty if it is accepted. */
export function findings(check: ValidateFunction<Return>, meta: Meta, returned: unknown): Finding[] {
  if (check(returned)) return [];
  return (check.errors ?? []).map(({ instancePath, message = "" }) => {
    return { pointer: instancePath, label: label(meta, instancePath), message };
  });
}

function label(meta: Meta, pointer: string): string {
  const starred = pointer.replace(/\/\d+(?=\/|$)/g, "/*");
  return (meta.cells[starred]?.label ?? meta.objects[starred])?.["zh"] ?? "";
}

/** All calls that the cities report: the types know what every member is, and that a blank is absent or null. */
export function allCalls(returned: Return): number {
  const cities = returned.tables.t09?.cities ?? [];
  return cities.reduce((sum, city) => sum + (city?.calls ?? 0), 0);
}

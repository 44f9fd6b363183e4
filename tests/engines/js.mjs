// Evaluates JavaScript for the tests: node js.mjs [PRELUDE.js] < cases.jsonl
//
// In: JSON Lines {"id", "code", "cells"}; `code` is an expression, or a function body, over `c`, the cells.
// Out: JSON Lines {"id", "value"} or {"id", "error"}, in the same order. Reads to the end before it answers.
// The prelude runs once; what it declares or exports is visible to every case.
// BigInt is {"bigint": "12"} both ways; numbers that JSON lacks are {"number": "NaN"}; undefined is an error.
import { readFileSync, writeSync } from "node:fs";
import vm from "node:vm";

const context = vm.createContext(Object.create(null));
const prelude = process.argv[2];
if (prelude) {
  // Scripts share top-level declarations, modules do not: an ES module serves once its export marks are gone.
  const text = readFileSync(prelude, "utf8")
    .replace(/^export\s*\{[^}]*\}\s*;?/gm, "")
    .replace(/^export\s+(default\s+)?/gm, "");
  vm.runInContext(text, context, { filename: prelude });
}
const parse = vm.runInContext("JSON.parse", context);
const compiled = new Map();

function compile(code) {
  let found = compiled.get(code);
  if (found) return found;
  const wrap = (body) => vm.runInContext(`"use strict"; (function (c) {${body}\n})`, context);
  try {
    found = wrap(`return (${code}\n);`);
  } catch (problem) {
    if (problem.name !== "SyntaxError") throw problem;
    found = wrap(code);
  }
  compiled.set(code, found);
  return found;
}

const revive = (_key, value) =>
  value !== null && typeof value === "object" && typeof value.bigint === "string" ? BigInt(value.bigint) : value;

function plain(_key, value) {
  if (typeof value === "bigint") return { bigint: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  return value;
}

function answer(line) {
  let id = null;
  try {
    const { id: given, code, cells } = parse(line, revive);
    id = given;
    const value = compile(code)(cells ?? {});
    if (value === undefined) throw new Error("the value is undefined");
    return JSON.stringify({ id, value }, plain);
  } catch (problem) {
    return JSON.stringify({ id, error: `${problem.name}: ${problem.message}` }, plain);
  }
}

const lines = readFileSync(0, "utf8").split("\n").filter((line) => line.trim() !== "");
// One write for each answer, and none that waits: what hangs is the case behind the last answer.
for (const line of lines) writeSync(1, answer(line) + "\n");

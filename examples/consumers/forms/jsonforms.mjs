// The form of one table, by JSON Forms and the emitted UI schema, as HTML: node jsonforms.mjs t01 [return.json]
import { JsonForms } from "@jsonforms/react";
import { vanillaCells as cells, vanillaRenderers as renderers } from "@jsonforms/vanilla-renderers";
import Ajv from "ajv/dist/2020.js";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { forForms, read } from "./common.mjs";

const made = new URL("../../../generated/planning-2015/json-schema/", import.meta.url);
const [table, file] = process.argv.slice(2);
const whole = read(new URL("ui.schema.json", made));
const page = whole.elements.find((page) => JSON.stringify(page).includes(`/properties/${table}/`));
const uischema = { type: "VerticalLayout", elements: page.elements };
const schema = forForms(read(new URL("return.schema.json", made)));
const data = file ? read(file) : {};
const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false });
const props = { schema, uischema, data, ajv, renderers, cells, validationMode: "NoValidation" };
console.log(renderToStaticMarkup(createElement(JsonForms, props)));

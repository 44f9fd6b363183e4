// The form of one table, by react-jsonschema-form, as HTML: node rjsf.mjs t03 [return.json]
import Form from "@rjsf/core";
import { customizeValidator } from "@rjsf/validator-ajv8";
import Ajv from "ajv/dist/2020.js";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { forForms, read } from "./common.mjs";

const made = new URL("../../../generated/planning-2015/json-schema/", import.meta.url);
const [table, file] = process.argv.slice(2);
const schema = forForms(read(new URL(`${table}.schema.json`, made)));
const formData = file ? read(file).tables[table] : undefined;
const validator = customizeValidator({ AjvClass: Ajv.default ?? Ajv });
console.log(renderToStaticMarkup(createElement(Form.default ?? Form, { schema, formData, validator })));

// SPDX-License-Identifier: Apache-2.0
// An OpenAPI 3.1 document as something that can be asked: which operation is this, is this value valid there.
import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";

const methods = ["get", "put", "post", "delete", "patch"];
const token = (name) => encodeURIComponent(String(name).replaceAll("~", "~0").replaceAll("/", "~1"));
const pointer = (...names) => `#/${names.map(token).join("/")}`;

// A schema of the document as one of JSON Schema's own: the components become definitions of "doc".
const standalone = (schema) =>
  JSON.parse(JSON.stringify(schema, (name, value) =>
    name === "$ref" && typeof value === "string" ? value.replace("#/components/schemas/", "doc#/$defs/") : value));

export class Document {
  constructor(document) {
    this.root = document;
    this.ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictTuples: false, strictRequired: false, validateSchema: false });
    addFormats(this.ajv);
    this.ajv.addVocabulary(["example"]);
    this.ajv.addSchema({ $id: "doc", $defs: standalone(document.components.schemas) });
    this.validators = new Map(); // by pointer
    this.paths = Object.entries(document.paths).map(([path, item]) => ({ path, item, pattern: path.slice(1).split("/") }));
  }

  // The value that a pointer names, and the pointer of what it refers to in the end.
  resolve(where) {
    for (;;) {
      let value = this.root;
      for (const name of where.slice(2).split("/")) value = value?.[decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~")];
      if (value === undefined) throw new Error(`there is no ${where}`);
      if (typeof value?.$ref !== "string") return { value, where };
      where = value.$ref;
    }
  }

  // The documented path that a decoded one belongs to: fixed segments go before "{name}".
  findPath(segments) {
    const fits = ({ pattern }) =>
      pattern.length === segments.length && pattern.every((part, i) => part.startsWith("{") || part === segments[i]);
    const named = ({ pattern }) => pattern.filter((part) => part.startsWith("{")).length;
    return this.paths.filter(fits).sort((a, b) => named(a) - named(b))[0];
  }

  operations() {
    return this.paths.flatMap(({ path, item }) =>
      methods.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })));
  }

  // [{name, in, required, schema, where}] of an operation, the path's own among them.
  parameters(path, method) {
    const holders = [["paths", path], ["paths", path, method]];
    return holders.flatMap((holder) => {
      const given = this.resolve(pointer(...holder)).value.parameters ?? [];
      return given.map((_, i) => {
        const { value, where } = this.resolve(pointer(...holder, "parameters", i));
        return { ...value, where: `${where}/schema` };
      });
    });
  }

  response(path, method, status) {
    if (!this.root.paths[path][method].responses[status]) return undefined;
    return this.resolve(pointer("paths", path, method, "responses", status));
  }

  requestBody(path, method) {
    if (!this.root.paths[path][method].requestBody) return undefined;
    return this.resolve(pointer("paths", path, method, "requestBody"));
  }

  // What is wrong with a value, against the schema that lies at a pointer; nothing when it is valid.
  faults(where, value) {
    if (!this.validators.has(where)) this.validators.set(where, this.ajv.compile(standalone(this.resolve(where).value)));
    const validate = this.validators.get(where);
    if (validate(value)) return [];
    return validate.errors.map((e) => `${e.instancePath || "it"} ${e.message}${e.params.additionalProperty ? ` (${e.params.additionalProperty})` : ""}`);
  }

  // A parameter or header, which comes as text.
  textFaults(where, text) {
    const { value: schema, where: there } = this.resolve(where);
    const types = [schema.type ?? []].flat();
    const number = (t) => (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(t) ? Number(t) : t);
    let value = text;
    if (types.includes("integer") || types.includes("number")) value = number(text);
    if (types.includes("boolean") && (text === "true" || text === "false")) value = text === "true";
    if (types.includes("array")) value = text.split(",").map(number);
    return this.faults(there, value);
  }

  // The examples of the document that break the schema they illustrate.
  wrongExamples() {
    const wrong = [];
    const look = (where, examples) => {
      examples.forEach((example, i) => {
        for (const fault of this.faults(where, example)) wrong.push(`example ${i} of ${where}: ${fault}`);
      });
    };
    const walk = (value, names) => {
      if (value === null || typeof value !== "object") return;
      if (Array.isArray(value.examples) && (value.type || value.properties || value.$ref)) look(pointer(...names), value.examples);
      if (value.schema && value.example !== undefined) look(`${pointer(...names)}/schema`, [value.example]);
      if (value.schema && value.examples && !Array.isArray(value.examples))
        look(`${pointer(...names)}/schema`, Object.values(value.examples).map((example) => example.value));
      for (const [name, member] of Object.entries(value))
        if (name !== "examples" && name !== "example") walk(member, [...names, name]);
    };
    for (const part of ["paths", "components"]) walk(this.root[part], [part]);
    return wrong;
  }
}

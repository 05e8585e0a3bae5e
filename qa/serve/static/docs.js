// Draws /openapi.json: the addresses, then the types.

const element = (name, ...children) => {
  const made = document.createElement(name);
  made.append(...children);
  return made;
};

function typed(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return Object.assign(element("a", name), { href: `#${name}` });
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return element("span", ...choices.flatMap((each, number) => number ? [" or ", typed(each)] : [typed(each)]));
  if (schema.enum) return element("code", schema.enum.map((each) => JSON.stringify(each)).join(" | "));
  if (schema.type === "array") return element("span", "list of ", schema.items ? typed(schema.items) : "anything");
  if (schema.type === "object" && schema.additionalProperties?.constructor === Object)
    return element("span", "object of ", typed(schema.additionalProperties));
  return element("span", schema.type ?? "anything");
}

function table(head, rows) {
  const cells = (name, values) => element("tr", ...values.map((each) => element(name, each)));
  return element("table", element("thead", cells("th", head)), element("tbody", ...rows.map((row) => cells("td", row))));
}

function operations(paths) {
  const rows = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => {
    const given = operation.requestBody?.content["application/json"]?.schema;
    const answer = operation.responses["200"].content["application/json"]?.schema;
    return [element("code", `${method.toUpperCase()} ${path}`), operation.summary, given ? typed(given) : "", answer ? typed(answer) : ""];
  }));
  return table(["address", "what it does", "request", "answer"], rows);
}

function type(name, schema) {
  const needed = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([key, each]) =>
    [element("code", key), typed(each), needed.has(key) ? "always" : "may be left out"]);
  const heading = Object.assign(element("h2", name), { id: name });
  return [heading, element("p", schema.description ?? ""), table(["key", "type", "given"], rows)];
}

const answer = await fetch("/openapi.json");
const api = await answer.json();
document.getElementById("api").replaceChildren(
  element("p", api.info.description),
  operations(api.paths),
  ...Object.entries(api.components.schemas).flatMap(([name, schema]) => type(name, schema)),
);

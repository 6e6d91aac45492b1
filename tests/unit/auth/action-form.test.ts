import { expect, it } from "vitest";
import { isActionForm } from "@/server/auth/action-form";

// What browsers send was recorded from one with and one without scripts; tests/e2e signs in with both.

const ID = "603faab53e5f7fe4e1b5c0585a7e92161a3bafdc43";
const REFUSED = {
  kind: "refused",
  problem: "wrongPair",
  field: null,
  entered: { name: "", email: "$$not@example.com" },
};

function formOf(parts: Record<string, string | Blob>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  return form;
}

const submitted = (state: unknown, more: Record<string, string> = {}) =>
  formOf({
    $ACTION_REF_2: "",
    "$ACTION_2:0": JSON.stringify({ id: ID, bound: "$@1" }),
    "$ACTION_2:1": JSON.stringify(state),
    $ACTION_KEY: "k1",
    email: "$F1@example.com",
    ...more,
  });

it.each([null, REFUSED])("takes what a browser sends for a form whose state is %j", (state) => {
  expect(isActionForm(formOf({ _1_email: "$F1@example.com", "0": JSON.stringify([state, "$K1"]) }), true)).toBe(true);
  expect(isActionForm(submitted([state]), false)).toBe(true);
});

it.each([
  ["no arguments", "[]"],
  ["no form", "[null]"],
  ["a text instead of the form", '[null,"K1"]'],
  ["another argument behind the form", '[null,"$K1",1]'],
  ["no list", '{"0":null,"1":"$K1"}'],
  ["no JSON", "[null,"],
  ["a function", '["$F2","$K1"]'],
  ["a promise deep in the state", '[{"a":[{"b":"$@2"}]},"$K1"]'],
  ["a reference in disguise", '["\\u0024Q2","$K1"]'],
  ["100,000 lists in each other", `[${"[".repeat(100_000)}${"]".repeat(100_000)},"$K1"]`],
])("refuses a call with %s", (_what, args) => {
  expect(isActionForm(formOf({ "0": args }), true)).toBe(false);
});

it.each<[string, FormData]>([
  ["no action", formOf({ email: "a@example.com" })],
  ["an action by its id", submitted([null], { [`$ACTION_ID_${ID}`]: "" })],
  ["two actions", submitted([null], { $ACTION_REF_3: "" })],
  ["no state", submitted([])],
  ["two states", submitted([null, null])],
  ["a function as its state", submitted(["$F2"])],
  [
    "nothing bound",
    formOf({ $ACTION_REF_2: "", "$ACTION_2:0": JSON.stringify({ id: ID, bound: null }), "$ACTION_2:1": "[null]" }),
  ],
  [
    "a file as its state",
    formOf({ $ACTION_REF_2: "", "$ACTION_2:0": `{"id":"${ID}","bound":"$@1"}`, "$ACTION_2:1": new Blob(["[null]"]) }),
  ],
])("refuses a form with %s", (_what, form) => {
  expect(isActionForm(form, false)).toBe(false);
});

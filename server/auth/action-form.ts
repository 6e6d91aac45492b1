/** How React's protocol names something other than plain data: a function, a form, a promise. A text's own `$` is doubled. */
const REFERENCE = /^\$(?!\$)/;
const FORM = /^\$K[0-9a-f]+$/;

/**
 * Whether a form is what React sends for a server action of ours: each takes the state of its form, which is plain data,
 * and the form. With anything else Next.js would call the action, or fail with 500 before any of our code runs.
 * @param called whether a script sends it; without scripts a browser sends the form as it stands in the page
 */
export function isActionForm(form: FormData, called: boolean): boolean {
  if (called) {
    const [state, sent, ...more] = listIn(form.get("0"), (text) => FORM.test(text));
    return state !== undefined && typeof sent === "string" && FORM.test(sent) && more.length === 0;
  }
  const names = [...form.keys()];
  if (names.some((name) => name.startsWith("$ACTION_ID_"))) return false;
  const [reference, ...others] = names.filter((name) => name.startsWith("$ACTION_REF_"));
  if (reference === undefined || others.length > 0) return false;
  const action = reference.replace("REF_", "");
  const [bound, ...rest] = listIn(`[${form.get(`${action}:0`)}]`, (text) => text === "$@1");
  return takesBound(bound) && rest.length === 0 && listIn(form.get(`${action}:1`)).length === 1;
}

/** The list that a part of the form is, or an empty one if it is none, or refers to something else than what is allowed. */
function listIn(part: FormDataEntryValue | null, allowed: (reference: string) => boolean = () => false): unknown[] {
  if (typeof part !== "string") return [];
  try {
    const value: unknown = JSON.parse(part, (_name, each: unknown) => {
      if (typeof each === "string" && REFERENCE.test(each) && !allowed(each)) throw new TypeError("A reference");
      return each;
    });
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function takesBound(action: unknown): boolean {
  return typeof action === "object" && action !== null && "bound" in action && action.bound === "$@1";
}

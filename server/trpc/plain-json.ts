/** Input that is refused before any schema reads it. The message is for the sender. */
export class InputRefusedError extends Error {
  override name = "InputRefusedError";
}

/** The deepest input that a procedure declares has five levels, a batch around it one more. */
const MAX_DEPTH = 20;
/** Values and keys of one request. The largest declared input has a few dozen. */
const MAX_VALUES = 2_000;
/** Names through which an object's prototype can be reached. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The value of a JSON text from a client: plain data, checked for depth and number of values before it is parsed,
 * without any key that reaches a prototype. No types are revived: a procedure that needs a type that JSON lacks has its
 * schema make it of a string.
 * @throws {InputRefusedError} with what is wrong; never with the text of a JavaScript engine's error.
 */
export function parsePlainJson(text: string): unknown {
  assertBounded(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputRefusedError("The input is not JSON.");
  }
  assertPlainKeys(value);
  return value;
}

/** One pass over the text, so that the cost of a deep or large input depends only on its length. */
function assertBounded(text: string): void {
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') {
      quoted = true;
    } else if (character === "{" || character === "[") {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) throw new InputRefusedError(`The input is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (character === "}" || character === "]") {
      depth -= 1;
    } else if (character === "," || character === ":") {
      values += 1;
      if (values > MAX_VALUES) throw new InputRefusedError(`The input holds more than ${MAX_VALUES} values.`);
    }
  }
}

function assertPlainKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new InputRefusedError(`The input has a key that is not allowed: "${key}".`);
    assertPlainKeys(part);
  }
}

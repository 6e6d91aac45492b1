/** The input of `invalidate`: the names of some sections, or none for all of them. */
export interface SectionNamesInput<Name extends string> {
  sections?: Name[] | undefined;
}

/**
 * A parser of `{ sections?: [name, …] }` that implements Standard Schema and Standard JSON Schema without a validation
 * library. `strict` refuses other keys.
 */
export function sectionNamesParser<Name extends string>(names: readonly Name[], { strict }: { strict: boolean }) {
  const isName = (value: unknown): value is Name => names.some((name) => name === value);

  function validate(input: unknown): { value: SectionNamesInput<Name> } | { issues: Issue[] } {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return issue("An object is expected");
    const unknownKey = Object.keys(input).find((key) => key !== "sections");
    if (strict && unknownKey !== undefined) return issue(`Unrecognized key: "${unknownKey}"`, unknownKey);
    if (!("sections" in input) || input.sections === undefined) return { value: {} };
    const { sections } = input;
    const fits = Array.isArray(sections) && sections.length > 0 && sections.length <= names.length;
    if (!fits || !sections.every(isName)) return issue(`At least one of ${names.join(", ")} is expected`, "sections");
    return { value: { sections } };
  }

  const jsonSchema = () => ({
    type: "object",
    properties: {
      sections: { type: "array", items: { type: "string", enum: names }, minItems: 1, maxItems: names.length },
    },
    additionalProperties: !strict,
  });

  return {
    "~standard": {
      version: 1 as const,
      vendor: "clarify-context",
      validate,
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  };
}

interface Issue {
  message: string;
  path: string[];
}

function issue(message: string, ...path: string[]): { issues: Issue[] } {
  return { issues: [{ message, path }] };
}

import type { FormEvent } from "react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CONTROL, FormField } from "@/components/ui/form-field";
import type { InputField, ProcedureDescription } from "@/server/trpc/describe-procedures";
import { useCall } from "./use-call";

/** A procedure that can be folded: its description, its input, and the answer of a call. */
export function Procedure({ procedure, open }: { procedure: ProcedureDescription; open: boolean }) {
  const { path, kind, description, fields } = procedure;
  return (
    <details open={open} className="rounded-2xl border border-line bg-sheet">
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center justify-between gap-x-3 rounded-2xl px-4 py-2">
        <span className="break-all font-mono text-sm">{path}</span>
        <span className={classNames("text-sm", kind === "query" ? "text-ink-soft" : "text-lamp")}>{kind}</span>
      </summary>
      <div className="flex flex-col gap-4 border-line border-t px-4 py-4">
        <p className="text-sm leading-6">{description}</p>
        {fields.length > 0 && <Fields fields={fields} />}
        <Call procedure={procedure} />
      </div>
    </details>
  );
}

function Fields({ fields }: { fields: readonly InputField[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {fields.map(({ name, type, required }) => (
        <div key={name} className="contents">
          <dt className="font-mono">{name}</dt>
          <dd className="min-w-0 break-words text-ink-soft">
            {type}
            {required ? "" : "; may be left out"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Call({ procedure: { path, kind, fields } }: { procedure: ProcedureDescription }) {
  const { call, send, stop } = useCall(path, kind);
  const [input, setInput] = useState(() => skeleton(fields));
  const [problem, setProblem] = useState<string>();

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    try {
      const value: unknown = fields.length === 0 ? undefined : JSON.parse(input);
      setProblem(undefined);
      void send(value);
    } catch {
      setProblem("This is not JSON.");
    }
  }

  return (
    <form onSubmit={onSubmit} aria-label={path} className="flex flex-col gap-4">
      {fields.length > 0 && (
        <FormField label="Input, as JSON" error={problem}>
          {(control) => (
            <textarea
              {...control}
              value={input}
              rows={Math.min(12, input.split("\n").length)}
              spellCheck={false}
              autoCapitalize="off"
              onChange={(event) => setInput(event.target.value)}
              className={`${CONTROL} font-mono`}
            />
          )}
        </FormField>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={call?.state === "running"}>
          Call {path}
        </Button>
        {call?.state === "running" && (
          <Button look="quiet" onClick={stop}>
            Stop
          </Button>
        )}
      </div>
      <div role="status" className="flex flex-col gap-2 empty:hidden">
        {call !== undefined && (
          <>
            <p className={classNames("text-sm", call.state === "failed" ? "text-ember" : "text-ink-soft")}>
              {call.summary}
            </p>
            {call.answers.length > 0 && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls has to be reachable by keyboard.
              <pre tabIndex={0} className="max-h-96 overflow-auto rounded-xl bg-shade p-3 text-xs leading-5">
                {call.answers.join("\n")}
              </pre>
            )}
          </>
        )}
      </div>
    </form>
  );
}

/** An input to begin with: the required fields, empty. */
function skeleton(fields: readonly InputField[]): string {
  const required = fields.filter((field) => field.required);
  return JSON.stringify(Object.fromEntries(required.map(({ name }) => [name, ""])), null, 2);
}

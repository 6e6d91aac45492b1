import type { ComponentProps } from "react";

interface FieldProps extends ComponentProps<"input"> {
  name: string;
  label: string;
  help?: string;
  error: string | null;
}

/** A labelled input with its help and its error. */
export function Field({ name, label, help, error, ...input }: FieldProps) {
  const noteId = `${name}-note`;
  const note = error ?? help;
  return (
    <div>
      <label htmlFor={name} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <input
        {...input}
        id={name}
        name={name}
        aria-invalid={error !== null}
        aria-describedby={note === undefined ? undefined : noteId}
        className="block min-h-11 w-full rounded-xl border border-edge bg-sheet px-3.5 py-2 text-base text-ink aria-invalid:border-ember"
      />
      {note !== undefined && (
        <p id={noteId} className={error === null ? "mt-1.5 text-ink-soft text-sm" : "mt-1.5 text-ember text-sm"}>
          {note}
        </p>
      )}
    </div>
  );
}

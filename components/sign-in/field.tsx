import type { ComponentProps } from "react";
import { classNames } from "@/components/ui/class-names";

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
        <p
          id={noteId}
          role={error === null ? undefined : "alert"}
          className={classNames("mt-1.5 text-sm", error === null ? "text-ink-soft" : "text-ember")}
        >
          {note}
        </p>
      )}
    </div>
  );
}

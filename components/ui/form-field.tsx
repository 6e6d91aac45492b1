import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { useWords } from "@/components/words/words";
import { classNames } from "./class-names";

/** The props that a control inside a `FormField` needs. */
interface ControlProps {
  id: string;
  required: boolean;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

interface FormFieldProps {
  label: string;
  help?: string;
  error: string | undefined;
  required?: boolean | undefined;
  children: (control: ControlProps) => ReactNode;
}

interface TextFieldProps extends ComponentProps<"input"> {
  label: string;
  help?: string;
  error: string | undefined;
}

/** The classes of an input, a text area or a select. A placeholder has the direction of the page. */
export const CONTROL =
  "block in-[html[dir=rtl]]:placeholder-shown:[direction:rtl] min-h-11 w-full rounded-xl border border-edge bg-sheet px-3.5 py-2 text-base text-ink placeholder:text-ink-soft aria-invalid:border-ember";

/** A labelled control with its help and its error. */
export function FormField({ label, help, error, required = false, children }: FormFieldProps) {
  const id = useId();
  const { common } = useWords();
  const note = error ?? help;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
        {/* Screen readers read the field's own `required`. */}
        {required && (
          <span aria-hidden className="ms-2 font-normal text-ink-soft">
            {common.required}
          </span>
        )}
      </label>
      {children({
        id,
        required,
        "aria-invalid": error !== undefined,
        "aria-describedby": note === undefined ? undefined : `${id}-note`,
      })}
      {note !== undefined && (
        <p
          id={`${id}-note`}
          role={error === undefined ? undefined : "alert"}
          className={classNames("mt-1.5 text-sm", error === undefined ? "text-ink-soft" : "text-ember")}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** A labelled text input. */
export function TextField({ label, help, error, required, className, ...input }: TextFieldProps) {
  return (
    <FormField label={label} error={error} required={required} {...(help !== undefined && { help })}>
      {(control) => <input dir="auto" {...input} {...control} className={classNames(CONTROL, className)} />}
    </FormField>
  );
}

import { classNames } from "./class-names";

interface StatusSwitchProps<Status extends string> {
  /** The name of the choice, for screen readers. */
  label: string;
  options: readonly { status: Status; label: string }[];
  chosen: Status;
  onChoose: (status: Status) => void;
}

/** Chooses which items of a list are shown, by status. */
export function StatusSwitch<Status extends string>({ label, options, chosen, onChoose }: StatusSwitchProps<Status>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div role="group" aria-label={label} className="flex gap-1 text-sm">
      {options.map((option) => (
        <button
          key={option.status}
          type="button"
          aria-pressed={chosen === option.status}
          onClick={() => onChoose(option.status)}
          className={classNames(
            "min-h-8 rounded-lg px-3",
            chosen === option.status ? "bg-shade font-medium text-ink" : "text-ink-soft hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { DreamDraft, DreamProblems } from "./dream-draft";
import { EMPTY_DRAFT } from "./dream-draft";
import { DreamForm } from "./dream-form";
import type { DreamActions } from "./use-dream-actions";

interface NewDreamProps {
  actions: DreamActions;
  /** A dream is on its way. */
  onKept: () => void;
}

/** Begins a dream. What the server refuses comes back as it was written. */
export function NewDream({ actions, onKept }: NewDreamProps) {
  const [form, setForm] = useState<{ draft: DreamDraft; refused: DreamProblems } | null>(null);
  const [keeping, setKeeping] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  function close() {
    setForm(null);
    // The button takes the form's place with the next drawing.
    requestAnimationFrame(() => button.current?.focus());
  }

  async function keep(draft: DreamDraft) {
    close();
    setKeeping(true);
    onKept();
    const refused = await actions.create(draft);
    setKeeping(false);
    if (refused !== null) setForm({ draft, refused });
  }

  if (form !== null) {
    return (
      <DreamForm
        name="A new dream"
        initial={form.draft}
        refused={form.refused}
        saveLabel="Keep it"
        onSave={(draft) => void keep(draft)}
        onCancel={close}
      />
    );
  }
  return (
    <Button
      ref={button}
      look="primary"
      aria-busy={keeping}
      onClick={() => !keeping && setForm({ draft: EMPTY_DRAFT, refused: {} })}
      className="self-start"
    >
      <Plus aria-hidden className="size-4" />
      New dream
    </Button>
  );
}

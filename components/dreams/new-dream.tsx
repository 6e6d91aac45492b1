import { Plus } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { useItemForm } from "@/components/ui/draft-form";
import { useWords } from "@/components/words/words";
import type { DreamDraft } from "./dream-draft";
import { EMPTY_DRAFT } from "./dream-draft";
import { DreamForm } from "./dream-form";
import type { DreamActions } from "./use-dream-actions";

interface NewDreamProps {
  actions: DreamActions;
  /** A dream is being saved. */
  onKept: () => void;
}

/** The form of a new dream. It opens again with the draft when the server refuses it. */
export function NewDream({ actions, onKept }: NewDreamProps) {
  const { dreams, common } = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const { form, saving, open, close, submit } = useItemForm<DreamDraft>({
    save(draft) {
      onKept();
      return actions.create(draft);
    },
    // The button replaces the form in the next frame.
    onClose: () => requestAnimationFrame(() => button.current?.focus()),
  });

  if (form !== null) {
    return (
      <DreamForm
        name={dreams.aNew}
        initial={form.draft}
        refused={form.refused}
        saveLabel={common.keepIt}
        onSave={(draft) => void submit(draft)}
        onCancel={close}
      />
    );
  }
  return (
    <Button
      ref={button}
      look="primary"
      aria-busy={saving}
      onClick={() => !saving && open(EMPTY_DRAFT)}
      className="self-start"
    >
      <Plus aria-hidden className="size-4" />
      {dreams.new}
    </Button>
  );
}

import { Plus } from "lucide-react";
import { useEffect, useRef } from "react";
import { useKeptForm } from "@/components/lists/use-kept-form";
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

/** The form of a new dream. Its draft survives leaving the page. It opens again when the server refuses it. */
export function NewDream({ actions, onKept }: NewDreamProps) {
  const { dreams, common } = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const kept = useKeptForm("dream", EMPTY_DRAFT);
  const { form, saving, open, close, submit } = useItemForm<DreamDraft>({
    async save(draft) {
      onKept();
      const refused = await actions.create(draft);
      if (refused === null) kept.clear();
      return refused;
    },
    // The button replaces the form in the next frame.
    onClose: () => requestAnimationFrame(() => button.current?.focus()),
  });

  // Not before hydration, because the server does not know the draft.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft that was there when the page opened
  useEffect(() => {
    const begun = kept.read();
    if (begun !== null) open(begun);
  }, []);

  if (form !== null) {
    return (
      <DreamForm
        name={dreams.aNew}
        initial={form.draft}
        refused={form.refused}
        saveLabel={common.keepIt}
        onSave={(draft) => void submit(draft)}
        onChange={kept.write}
        onCancel={close}
      />
    );
  }
  return (
    <Button
      ref={button}
      look="primary"
      aria-busy={saving}
      onClick={() => !saving && open(kept.read() ?? EMPTY_DRAFT)}
      className="self-start"
    >
      <Plus aria-hidden className="size-4" />
      {dreams.new}
    </Button>
  );
}

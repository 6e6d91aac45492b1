import { Feather } from "lucide-react";
import { useRef } from "react";
import { useKeptForm } from "@/components/lists/use-kept-form";
import { Button } from "@/components/ui/button";
import { useItemForm } from "@/components/ui/draft-form";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { ReflectionDraft } from "./reflection-draft";
import { EMPTY_DRAFT } from "./reflection-draft";
import { ReflectionForm } from "./reflection-form";
import type { ReflectionActions } from "./use-reflection-actions";

interface NewReflectionProps {
  actions: ReflectionActions;
  dreams: readonly Dream[];
  /** The dream to write about, if the person comes from one. */
  aboutDream: string | null;
}

/** The form of a new reflection. Its draft survives leaving the page. It opens again when the server refuses it. */
export function NewReflection({ actions, dreams, aboutDream }: NewReflectionProps) {
  const { reflections, common } = useWords();
  const kept = useKeptForm("reflection", EMPTY_DRAFT);
  const begun = () => {
    const draft = kept.read() ?? EMPTY_DRAFT;
    return { ...draft, dreamId: aboutDream ?? draft.dreamId };
  };
  const button = useRef<HTMLButtonElement>(null);
  const { form, saving, open, close, submit } = useItemForm<ReflectionDraft>({
    initial: aboutDream !== null || kept.read() !== null ? begun() : null,
    async save(draft) {
      const refused = await actions.create(draft);
      if (refused === null) kept.clear();
      return refused;
    },
    // The button replaces the form in the next frame.
    onClose: () => requestAnimationFrame(() => button.current?.focus()),
  });

  if (form !== null) {
    return (
      <ReflectionForm
        name={reflections.aNew}
        initial={form.draft}
        refused={form.refused}
        dreams={dreams}
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
      onClick={() => !saving && open(begun())}
      className="self-start"
    >
      <Feather aria-hidden className="size-4" />
      {reflections.write}
    </Button>
  );
}

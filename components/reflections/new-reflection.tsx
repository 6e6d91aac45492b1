import { Feather } from "lucide-react";
import { useRef } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { Button } from "@/components/ui/button";
import { useItemForm } from "@/components/ui/draft-form";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import type { ReflectionDraft } from "./reflection-draft";
import { EMPTY_DRAFT } from "./reflection-draft";
import { ReflectionForm } from "./reflection-form";
import type { ReflectionActions } from "./use-reflection-actions";

/** The key under which the draft of a new reflection is stored among those of the conversations. */
const DRAFT_KEY = "reflection";

interface NewReflectionProps {
  actions: ReflectionActions;
  dreams: readonly Dream[];
  /** The dream to write about, if the person comes from one. */
  aboutDream: string | null;
}

/** The form of a new reflection. Its draft survives a reload. It opens again when the server refuses it. */
export function NewReflection({ actions, dreams, aboutDream }: NewReflectionProps) {
  const { drafts } = usePageState();
  const { reflections, common } = useWords();
  const begun = () => ({ ...EMPTY_DRAFT, content: drafts.read(DRAFT_KEY), dreamId: aboutDream ?? "" });
  const button = useRef<HTMLButtonElement>(null);
  const { form, saving, open, close, submit } = useItemForm<ReflectionDraft>({
    initial: aboutDream !== null || begun().content !== "" ? begun() : null,
    async save(draft) {
      const refused = await actions.create(draft);
      if (refused === null) drafts.write(DRAFT_KEY, "");
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
        onChange={({ content }) => drafts.write(DRAFT_KEY, content)}
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

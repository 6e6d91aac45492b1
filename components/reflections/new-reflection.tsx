import { Feather } from "lucide-react";
import { useRef, useState } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { Button } from "@/components/ui/button";
import type { Dream } from "@/server/dreams/dream";
import type { ReflectionDraft, ReflectionProblems } from "./reflection-draft";
import { EMPTY_DRAFT } from "./reflection-draft";
import { ReflectionForm } from "./reflection-form";
import type { ReflectionActions } from "./use-reflection-actions";

/** Where the words of a reflection that is not saved yet are kept, beside those of the conversations. */
const DRAFT_KEY = "reflection";

interface NewReflectionProps {
  actions: ReflectionActions;
  dreams: readonly Dream[];
  /** The dream to write about, where the person comes from one. */
  aboutDream: string | null;
}

/** Begins a reflection; its words outlive a reload. What the server refuses comes back as it was written. */
export function NewReflection({ actions, dreams, aboutDream }: NewReflectionProps) {
  const { drafts } = usePageState();
  const begun = () => ({ ...EMPTY_DRAFT, content: drafts.read(DRAFT_KEY), dreamId: aboutDream ?? "" });
  const [form, setForm] = useState<{ draft: ReflectionDraft; refused: ReflectionProblems } | null>(() =>
    aboutDream !== null || begun().content !== "" ? { draft: begun(), refused: {} } : null,
  );
  const [keeping, setKeeping] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  function close() {
    setForm(null);
    // The button takes the form's place with the next drawing.
    requestAnimationFrame(() => button.current?.focus());
  }

  async function keep(draft: ReflectionDraft) {
    close();
    setKeeping(true);
    const refused = await actions.create(draft);
    setKeeping(false);
    if (refused === null) drafts.write(DRAFT_KEY, "");
    else setForm({ draft, refused });
  }

  if (form !== null) {
    return (
      <ReflectionForm
        name="A new reflection"
        initial={form.draft}
        refused={form.refused}
        dreams={dreams}
        saveLabel="Keep it"
        onSave={(draft) => void keep(draft)}
        onChange={({ content }) => drafts.write(DRAFT_KEY, content)}
        onCancel={close}
      />
    );
  }
  return (
    <Button
      ref={button}
      look="primary"
      aria-busy={keeping}
      onClick={() => !keeping && setForm({ draft: begun(), refused: {} })}
      className="self-start"
    >
      <Feather aria-hidden className="size-4" />
      Write a reflection
    </Button>
  );
}

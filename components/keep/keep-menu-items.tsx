import { Feather, Sunrise } from "lucide-react";
import { useRef, useState } from "react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { useWords } from "@/components/words/words";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import { KeepAsDream, KeepAsReflection } from "./keep-form";
import type { KeepMenuProps } from "./keep-menu";
import { KeepButton } from "./keep-menu";
import { plainWords } from "./kept-words";

type Kind = "dream" | "reflection";

export default function KeepMenuItems({ sessionId, messageId, content, markdown = false }: KeepMenuProps) {
  const { conversation } = useWords();
  const [form, setForm] = useState<{ kind: Kind; opened: number } | null>(null);
  const chosen = useRef<Kind | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const words = markdown ? plainWords(content) : content;
  // A message that speaks of a crisis can be kept as a reflection only.
  const kinds: readonly Kind[] = speaksOfCrisis(content) ? ["reflection"] : ["dream", "reflection"];

  function openOnceClosed(event: Event) {
    const kind = chosen.current;
    if (kind === null) return;
    chosen.current = null;
    // The sheet gives the focus back to what has it when it opens.
    event.preventDefault();
    button.current?.focus();
    setForm((before) => ({ kind, opened: (before?.opened ?? 0) + 1 }));
  }

  return (
    <>
      <Menu modal={false} defaultOpen>
        <MenuTrigger asChild>
          <KeepButton ref={button} />
        </MenuTrigger>
        <MenuContent onCloseAutoFocus={openOnceClosed}>
          {kinds.map((kind) => (
            <MenuItem
              key={kind}
              onSelect={() => {
                chosen.current = kind;
              }}
            >
              {kind === "dream" ? <Sunrise aria-hidden /> : <Feather aria-hidden />} {conversation.keepAs[kind]}
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      {form?.kind === "dream" && <KeepAsDream key={form.opened} {...{ sessionId, messageId, words }} />}
      {form?.kind === "reflection" && <KeepAsReflection key={form.opened} {...{ messageId, words }} />}
    </>
  );
}

import { ArrowUpRight, EyeOff, Pause, PenLine, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { useWords } from "@/components/words/words";
import type { SectionName } from "@/server/clarify/sections";
import type { ItemMenuProps } from "./item-menu";
import { ItemMenuButton } from "./item-menu";
import { useItemActions } from "./use-item-actions";

/** The pages that show and edit the items of a section. Conversations are renamed in the inspector itself. */
const PLACES: Record<SectionName, { open: (id: string) => string; correct: ((id: string) => string) | null }> = {
  user: { open: () => "/account", correct: null },
  dreams: { open: (id) => `/dreams#${id}`, correct: (id) => `/dreams?edit=${id}` },
  patterns: { open: (id) => `/account#${id}`, correct: (id) => `/account?edit=${id}` },
  sessions: { open: (id) => `/clarify/${id}`, correct: null },
  reflections: { open: (id) => `/reflections#${id}`, correct: (id) => `/reflections?edit=${id}` },
};

export default function ItemMenuItems({ section, item, onRename }: ItemMenuProps) {
  const router = useRouter();
  const { inspector, sessions, common } = useWords();
  const renameNext = useRef(false);
  const { open, correct } = PLACES[section];

  function renameOnceClosed(event: Event) {
    if (!renameNext.current) return;
    renameNext.current = false;
    // Otherwise the button would take the focus back from the field.
    event.preventDefault();
    onRename();
  }

  return (
    <Menu modal={false} defaultOpen>
      <MenuTrigger asChild>
        <ItemMenuButton item={item} />
      </MenuTrigger>
      <MenuContent align="end" onCloseAutoFocus={renameOnceClosed}>
        <MenuItem onSelect={() => router.push(open(item.id))}>
          <ArrowUpRight aria-hidden className="rtl:-scale-x-100" /> {inspector.open}
        </MenuItem>
        {correct !== null && (
          <MenuItem onSelect={() => router.push(correct(item.id))}>
            <PenLine aria-hidden /> {common.edit}
          </MenuItem>
        )}
        {section === "sessions" && (
          <MenuItem
            onSelect={() => {
              renameNext.current = true;
            }}
          >
            <PenLine aria-hidden /> {sessions.rename}
          </MenuItem>
        )}
        {section !== "user" && <Steering section={section} id={item.id} />}
      </MenuContent>
    </Menu>
  );
}

/** The menu items that pause and remove. */
function Steering({ section, id }: { section: Exclude<SectionName, "user">; id: string }) {
  const { pause, remove } = useItemActions(section, id);
  const { common, sessions, inspector } = useWords();
  return (
    <>
      <MenuItem onSelect={() => void pause()}>
        {section === "sessions" ? <EyeOff aria-hidden /> : <Pause aria-hidden />}
        {section === "sessions" ? sessions.takeOffRecord : common.pause}
      </MenuItem>
      <MenuItem onSelect={remove} className="text-ember">
        <Trash2 aria-hidden /> {section === "patterns" ? inspector.notTrue : common.remove}
      </MenuItem>
    </>
  );
}

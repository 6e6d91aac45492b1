import { Archive, ArchiveRestore, Eye, EyeOff, PenLine, Printer, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { usePrint } from "@/components/conversation/print/use-print";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import { useWords } from "@/components/words/words";
import type { SessionMenuProps } from "./session-menu";
import { SessionMenuButton } from "./session-menu";
import { useSessionActions } from "./use-session-actions";

export default function SessionMenuItems({ session, current, onRename }: SessionMenuProps) {
  const { archive, restore, setOffRecord, remove } = useSessionActions();
  const print = usePrint(session.id);
  const router = useRouter();
  const { sessions, common, conversation } = useWords();
  const renameNext = useRef(false);

  function removeAndLeave() {
    remove(session);
    if (current) router.push("/clarify");
  }

  function renameOnceClosed(event: Event) {
    if (!renameNext.current) return;
    renameNext.current = false;
    // The field takes the focus, which must not return to the button.
    event.preventDefault();
    onRename();
  }

  return (
    <Menu modal={false} defaultOpen>
      <MenuTrigger asChild>
        <SessionMenuButton session={session} />
      </MenuTrigger>
      <MenuContent align="end" onCloseAutoFocus={renameOnceClosed}>
        <MenuItem
          onSelect={() => {
            renameNext.current = true;
          }}
        >
          <PenLine aria-hidden /> {sessions.rename}
        </MenuItem>
        {session.status === "active" ? (
          <MenuItem onSelect={() => void archive(session)}>
            <Archive aria-hidden /> {sessions.archive}
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => void restore(session)}>
            <ArchiveRestore aria-hidden /> {sessions.restore}
          </MenuItem>
        )}
        <MenuItem onSelect={() => void setOffRecord(session, !session.offRecord)}>
          {session.offRecord ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
          {session.offRecord ? sessions.putOnRecord : sessions.takeOffRecord}
        </MenuItem>
        {current && (
          <MenuItem onSelect={() => void print()}>
            <Printer aria-hidden /> {conversation.print}
          </MenuItem>
        )}
        <MenuItem onSelect={removeAndLeave} className="text-ember">
          <Trash2 aria-hidden /> {common.remove}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

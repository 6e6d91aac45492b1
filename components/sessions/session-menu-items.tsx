import { Archive, ArchiveRestore, PenLine, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import type { SessionMenuProps } from "./session-menu";
import { SessionMenuButton } from "./session-menu";
import { useSessionActions } from "./use-session-actions";

export default function SessionMenuItems({ session, current, onRename }: SessionMenuProps) {
  const { archive, restore, remove } = useSessionActions();
  const router = useRouter();
  const renameNext = useRef(false);

  function removeAndLeave() {
    remove(session);
    if (current) router.push("/clarify");
  }

  function renameOnceClosed(event: Event) {
    if (!renameNext.current) return;
    renameNext.current = false;
    // The field takes the focus, and must not lose it to the button again.
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
          <PenLine aria-hidden /> Rename
        </MenuItem>
        {session.status === "active" ? (
          <MenuItem onSelect={() => void archive(session)}>
            <Archive aria-hidden /> Archive
          </MenuItem>
        ) : (
          <MenuItem onSelect={() => void restore(session)}>
            <ArchiveRestore aria-hidden /> Restore
          </MenuItem>
        )}
        <MenuItem onSelect={removeAndLeave} className="text-ember">
          <Trash2 aria-hidden /> Remove
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

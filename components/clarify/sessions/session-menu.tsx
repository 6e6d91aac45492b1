import { Archive, ArchiveRestore, Ellipsis, PenLine, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/menu";
import type { Session } from "@/server/routers/sessions";
import { UNTITLED } from "./session-pages";
import { useSessionActions } from "./use-session-actions";

interface SessionMenuProps {
  session: Session;
  /** Whether its page is the one that is open. */
  current: boolean;
  onRename: () => void;
}

/** What can be done with a conversation. */
export function SessionMenu({ session, current, onRename }: SessionMenuProps) {
  const { archive, restore, remove } = useSessionActions();
  const router = useRouter();
  const renameNext = useRef(false);

  function removeAndLeave() {
    remove(session);
    if (current) router.push("/clarify");
  }

  return (
    <Menu modal={false}>
      <MenuTrigger asChild>
        <IconButton
          label={`Actions for ${session.title ?? UNTITLED}`}
          className="absolute end-1 size-9 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-fine:opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100"
        >
          <Ellipsis aria-hidden />
        </IconButton>
      </MenuTrigger>
      <MenuContent
        align="end"
        onCloseAutoFocus={(event) => {
          // The field takes the focus, and must not lose it to the button again.
          if (renameNext.current) {
            event.preventDefault();
            onRename();
          }
          renameNext.current = false;
        }}
      >
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

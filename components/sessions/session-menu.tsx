import { Ellipsis } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import type { MenuButtonProps } from "@/components/ui/deferred";
import { deferMenu } from "@/components/ui/deferred";
import { useSpeech } from "@/components/words/words";
import type { Session } from "@/server/sessions/router";

/** Opens the actions on a conversation. With a mouse, it appears on hover. */
export function SessionMenuButton({ session, ...button }: MenuButtonProps & { session: Session }) {
  const { words, fill } = useSpeech();
  const title = session.title ?? words.sessions.untitled;
  return (
    <IconButton
      {...button}
      label={fill(words.sessions.actionsFor, { title })}
      className="absolute end-1 size-9 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-fine:opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100"
    >
      <Ellipsis aria-hidden />
    </IconButton>
  );
}

export interface SessionMenuProps {
  session: Session;
  /** Whether it is the open conversation. */
  current: boolean;
  onRename: () => void;
}

/** The actions on a conversation. */
export const SessionMenu = deferMenu<SessionMenuProps>(
  () => import("./session-menu-items"),
  ({ menu, button }) => <SessionMenuButton {...button} session={menu.session} />,
);

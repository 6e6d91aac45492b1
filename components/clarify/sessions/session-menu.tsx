import { deferMenu } from "@/components/ui/defer-menu";
import type { Session } from "@/server/sessions/router";
import { SessionMenuButton } from "./session-menu-button";

export interface SessionMenuProps {
  session: Session;
  /** Whether its page is the one that is open. */
  current: boolean;
  onRename: () => void;
}

/** What can be done with a conversation. */
export const SessionMenu = deferMenu<SessionMenuProps>(
  () => import("./session-menu-items"),
  ({ menu, button }) => <SessionMenuButton {...button} session={menu.session} />,
);

import { deferMenu } from "@/components/ui/defer-menu";
import { AccountMenuButton } from "./account-menu-button";

export interface AccountMenuProps {
  shortcutsOn: boolean;
  onShortcutsChange: (on: boolean) => void;
}

/** What concerns the signed-in person alone. Renders in the browser only. */
export const AccountMenu = deferMenu<AccountMenuProps>(
  () => import("./account-menu-items"),
  ({ button }) => <AccountMenuButton {...button} />,
);

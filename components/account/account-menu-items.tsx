import { Activity, LogOut, Terminal, UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEnterSends } from "@/components/conversation/composer/enter-key";
import { useAccount } from "@/components/trpc/queries";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuSwitch, MenuTrigger } from "@/components/ui/menu";
import type { AccountMenuProps } from "./account-menu";
import { AccountMenuButton } from "./account-menu";
import { useSignOut } from "./use-sign-out";

export default function AccountMenuItems({ shortcutsOn, onShortcutsChange }: AccountMenuProps) {
  const signOut = useSignOut();
  const router = useRouter();
  const [enterSends, setEnterSends] = useEnterSends();
  const account = useAccount();
  return (
    <Menu modal={false} defaultOpen>
      <MenuTrigger asChild>
        <AccountMenuButton />
      </MenuTrigger>
      <MenuContent side="top" align="start" className="w-64">
        <MenuSwitch checked={shortcutsOn} onCheckedChange={onShortcutsChange}>
          <span>
            Single-key shortcuts
            <span className="block pb-1 text-ink-soft text-xs">/ searches, n begins</span>
          </span>
        </MenuSwitch>
        <MenuSwitch checked={enterSends} onCheckedChange={setEnterSends}>
          <span>
            Enter sends
            <span className="block pb-1 text-ink-soft text-xs">Ctrl or ⌘ with Enter always does</span>
          </span>
        </MenuSwitch>
        <MenuSeparator />
        <MenuItem onSelect={() => router.push("/account")}>
          <UserRound aria-hidden /> You and your data
        </MenuItem>
        {account.data?.isOperator && (
          <>
            <MenuItem onSelect={() => router.push("/insights")}>
              <Activity aria-hidden /> Insights
            </MenuItem>
            <MenuItem onSelect={() => window.location.assign("/panel")}>
              <Terminal aria-hidden /> Procedures
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        <MenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden /> Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

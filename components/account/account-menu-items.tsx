import { Activity, LogOut, Terminal, UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEnterSends } from "@/components/conversation/composer/use-enter-sends";
import { useAccount } from "@/components/trpc/queries";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuSwitch, MenuTrigger } from "@/components/ui/menu";
import { useWords } from "@/components/words/words";
import type { AccountMenuProps } from "./account-menu";
import { AccountMenuButton } from "./account-menu";
import { useSignOut } from "./use-sign-out";

export default function AccountMenuItems({ shortcutsOn, onShortcutsChange }: AccountMenuProps) {
  const signOut = useSignOut();
  const router = useRouter();
  const [enterSends, setEnterSends] = useEnterSends();
  const account = useAccount();
  const { account: words } = useWords();
  return (
    <Menu modal={false} defaultOpen>
      <MenuTrigger asChild>
        <AccountMenuButton />
      </MenuTrigger>
      <MenuContent side="top" align="start" className="w-64">
        <MenuSwitch checked={shortcutsOn} onCheckedChange={onShortcutsChange}>
          <span>
            {words.shortcuts}
            <span className="block pb-1 text-ink-soft text-xs">{words.shortcutsHelp}</span>
          </span>
        </MenuSwitch>
        <MenuSwitch checked={enterSends} onCheckedChange={setEnterSends}>
          <span>
            {words.enterSends}
            <span className="block pb-1 text-ink-soft text-xs">{words.enterHelp}</span>
          </span>
        </MenuSwitch>
        <MenuSeparator />
        <MenuItem onSelect={() => router.push("/account")}>
          <UserRound aria-hidden /> {words.title}
        </MenuItem>
        {account.data?.isOperator && (
          <>
            <MenuItem onSelect={() => router.push("/insights")}>
              <Activity aria-hidden /> {words.insights}
            </MenuItem>
            <MenuItem onSelect={() => window.location.assign("/panel")}>
              <Terminal aria-hidden /> {words.procedures}
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        <MenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden /> {words.signOut}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

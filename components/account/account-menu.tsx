import { ChevronsUpDown } from "lucide-react";
import { useAccount } from "@/components/trpc/queries";
import type { MenuButtonProps } from "@/components/ui/deferred";
import { deferMenu } from "@/components/ui/deferred";
import { SkeletonLine } from "@/components/ui/skeleton";
import { useWords } from "@/components/words/words";

/** A button with the signed-in person's name that opens their menu. */
export function AccountMenuButton(button: MenuButtonProps) {
  const account = useAccount();
  const { account: words } = useWords();
  return (
    <button
      type="button"
      {...button}
      className="flex min-h-12 w-full items-center justify-between gap-3 rounded-xl px-3 text-start transition-colors hover:bg-shade data-[state=open]:bg-shade"
    >
      <span className="min-w-0 flex-1">
        <span className="sr-only">{words.account} </span>
        {account.data ? (
          <>
            <span dir="auto" className="block truncate font-medium text-sm leading-5 text-page-start">
              {account.data.name}
            </span>
            <span className="block truncate text-ink-soft text-xs leading-4">
              {account.data.isDemo ? words.demo : account.data.email}
            </span>
          </>
        ) : (
          <SkeletonLine className="w-2/3" />
        )}
      </span>
      <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-soft" />
    </button>
  );
}

export interface AccountMenuProps {
  shortcutsOn: boolean;
  onShortcutsChange: (on: boolean) => void;
}

/** The signed-in person's menu. Renders in the browser only. */
export const AccountMenu = deferMenu<AccountMenuProps>(
  () => import("./account-menu-items"),
  ({ button }) => <AccountMenuButton {...button} />,
);

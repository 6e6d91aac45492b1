import { ChevronsUpDown, LogOut } from "lucide-react";
import { trpc } from "@/components/trpc/trpc";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuSwitch, MenuTrigger } from "@/components/ui/menu";
import { SkeletonLine } from "@/components/ui/skeleton";
import { useSignOut } from "./use-sign-out";

interface AccountMenuProps {
  shortcutsOn: boolean;
  onShortcutsChange: (on: boolean) => void;
}

/** Who is signed in, and what concerns them alone. Renders in the browser only. */
export function AccountMenu({ shortcutsOn, onShortcutsChange }: AccountMenuProps) {
  const account = trpc.account.get.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const signOut = useSignOut();

  return (
    <div className="shrink-0 border-line border-t p-2">
      <Menu modal={false}>
        <MenuTrigger className="flex min-h-12 w-full items-center justify-between gap-3 rounded-xl px-3 text-start transition-colors hover:bg-shade data-[state=open]:bg-shade">
          <span className="min-w-0 flex-1">
            <span className="sr-only">Account </span>
            {account.data ? (
              <>
                <span dir="auto" className="block truncate font-medium text-sm leading-5">
                  {account.data.name}
                </span>
                <span className="block truncate text-ink-soft text-xs leading-4">
                  {account.data.isDemo ? "Demo account" : account.data.email}
                </span>
              </>
            ) : (
              <SkeletonLine className="w-2/3" />
            )}
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-soft" />
        </MenuTrigger>
        <MenuContent side="top" align="start" className="w-64">
          <MenuSwitch checked={shortcutsOn} onCheckedChange={onShortcutsChange}>
            <span>
              Single-key shortcuts
              <span className="block pb-1 text-ink-soft text-xs">/ searches, n begins</span>
            </span>
          </MenuSwitch>
          <MenuSeparator />
          <MenuItem onSelect={() => void signOut()}>
            <LogOut aria-hidden /> Sign out
          </MenuItem>
        </MenuContent>
      </Menu>
    </div>
  );
}

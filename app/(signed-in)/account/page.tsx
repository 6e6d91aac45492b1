import { titled } from "@/app/preferences";
import { Account } from "@/components/account/account";
import { HydrateClient, trpc } from "../../trpc";
import { isFirstLoad } from "../first-load";
import { requireUser } from "../require-user";

export const generateMetadata = titled(({ account }) => account.title);

export default async function AccountPage() {
  await requireUser("/account");
  if (await isFirstLoad()) void trpc.patterns.list.prefetchInfinite({});
  return (
    <HydrateClient>
      <Account />
    </HydrateClient>
  );
}

import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { PanelPage } from "@/components/panel/panel-page";
import { signInPath } from "@/components/sign-in/return-path";
import { TrpcProvider } from "@/components/trpc/provider";
import { getDeps } from "@/server/deps";
import { appRouter } from "@/server/router";
import { describeProcedures } from "@/server/trpc/describe-procedures";

export const metadata: Metadata = { title: "Procedures" };

/**
 * Every procedure, to be called by hand as the signed-in person. Only for developers and operators; other people get a
 * 404.
 */
export default async function Page({ searchParams }: PageProps<"/panel">) {
  const user = await getCurrentUser();
  const { env, isOperator } = getDeps();
  const developing = env.NODE_ENV === "development";
  if (user === null && developing) redirect(signInPath("/panel"));
  if (user === null || !(developing || isOperator(user))) notFound();

  const { path } = await searchParams;
  return (
    <TrpcProvider key={user.id} userId={user.id}>
      <PanelPage
        procedures={describeProcedures(appRouter)}
        email={user.email}
        open={typeof path === "string" ? path : null}
      />
    </TrpcProvider>
  );
}

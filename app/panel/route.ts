import { redirect } from "next/navigation";
import { renderTrpcPanel } from "trpc-ui";
import { signInPath } from "@/components/sign-in/return-path";
import { getCurrentUser } from "@/server/auth/current-user";
import { isOperator } from "@/server/auth/operator";
import { getDeps } from "@/server/deps";
import { appRouter } from "@/server/router";

/** The page carries all it needs, and may talk to this app alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Darker labels, to be read by everybody. The JSON editor would come from another site; the forms do the same. */
const STYLE = `
  .bg-routerSolid { background-color: #6d28d9 }
  .bg-querySolid { background-color: #15803d }
  .bg-mutationSolid { background-color: #1d4ed8 }
  .text-routerText { color: #5b21b6 }
  .text-queryText { color: #166534 }
  .text-mutationText { color: #1e40af }
  .opacity-70 { opacity: 1 }
  button:has(> #Layer_1[width="24"]) { display: none }
`;

const HEAD = `<link rel="icon" href="/icon.svg"><style>${STYLE}</style></head>`;

/** Every procedure, to be called by hand as the signed-in person. To anybody but a developer or an operator it is not there. */
export async function GET(): Promise<Response> {
  const { env } = getDeps();
  const user = await getCurrentUser();
  const developing = env.NODE_ENV === "development";
  if (user === null && developing) redirect(signInPath("/panel"));
  if (!developing && !isOperator(user, env)) return new Response("Not found", { status: 404 });

  const html = renderTrpcPanel(appRouter, {
    url: "/api/trpc",
    cache: true,
    meta: { title: "Clarify", description: "Every call acts as you, on your own data." },
  });
  return new Response(html.replace("</head>", HEAD), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "private, no-store",
    },
  });
}

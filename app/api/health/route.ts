/** Whether the process is alive, whatever the state of what it depends on. */
export function GET(): Response {
  return Response.json({ status: "alive" }, { headers: { "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";

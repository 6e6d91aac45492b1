import { cookies } from "next/headers";
import { ProjectLink } from "../client/project-link";
import { createRequestContext } from "../server/request-context";
import { appRouter } from "../server/router";

/** In place of your sign-in. */
async function signIn(form: FormData) {
  "use server";
  (await cookies()).set("member", String(form.get("member")), { httpOnly: true, sameSite: "lax" });
}

export default async function Page() {
  const context = await createRequestContext();
  if (context.user === null) {
    return (
      <form action={signIn}>
        <button type="submit" name="member" value="noa">
          I am Noa
        </button>
        <button type="submit" name="member" value="dan">
          I am Dan
        </button>
      </form>
    );
  }
  const projects = await appRouter.createCaller(context).projects();
  return (
    <ul>
      {projects.map(({ id, boatName }) => (
        <li key={id}>
          <ProjectLink id={id} boatName={boatName} />
        </li>
      ))}
    </ul>
  );
}

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { requireUser, workspacesOf } from "@/app/_server/session";

/** Sends a signed-in person to the workspace used last, or to their first. */
export default async function Home() {
  const { id } = await requireUser();
  const workspaces = await workspacesOf(id);
  const last = (await cookies()).get("workspace")?.value;
  const workspace = workspaces.find(({ slug }) => slug === last) ?? workspaces[0];
  redirect(workspace ? `/${workspace.slug}` : "/sign-in?problem=no-workspace");
}

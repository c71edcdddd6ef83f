import { redirect } from "next/navigation";
import { currentUser } from "@/app/_server/session";
import { UpdatePasswordForm } from "../auth-form.client";
import { Heading } from "../parts";

export const metadata = { title: "Set a new password" };

export default async function UpdatePasswordPage() {
  const user = await currentUser();
  if (!user) redirect("/reset-password?problem=expired");
  return (
    <>
      <Heading title="Set a new password">For {user.email}.</Heading>
      <UpdatePasswordForm />
    </>
  );
}

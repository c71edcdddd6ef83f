import { admitStranger } from "@/app/_server/asker";
import { platform } from "@/app/_server/platform";
import { route } from "@/app/_server/route";
import { openPublicFile } from "@/lib/files";

/** Where a citation of a public file leads. The fragment (`#page=12`) stays with the browser, which gives it to what it is sent to. */
export const GET = route({ auth: "none" }, async ({ params, request }) => {
  admitStranger(request.headers);
  const { pool, storage } = platform();
  const location = await openPublicFile({ db: pool, storage }, params.fileId ?? "");
  return new Response(null, { status: 302, headers: { location } });
});

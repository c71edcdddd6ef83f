import { NextResponse } from "next/server";

/**
 * A redirect within this site, as a path. An absolute one would need the host, and behind a proxy or bound to 127.0.0.1 the server knows
 * itself under another name than the browser does.
 */
export const redirectTo = (path: string): NextResponse =>
  new NextResponse(null, { status: 307, headers: { location: path } });

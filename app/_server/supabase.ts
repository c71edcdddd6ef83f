import "server-only";
import { createServerClient } from "@supabase/ssr";
import type { SupabaseClient } from "@supabase/supabase-js";
import { cookies } from "next/headers";
import { cache } from "react";
import { env } from "@/lib/core/env";
import type { Database } from "@/lib/db/types.gen";
import { sessionCookieOptions } from "./session-cookie";

/** The request's Supabase client, under the member's session. One a request, because it carries that request's cookies. */
export const supabase = cache(async (): Promise<SupabaseClient<Database>> => {
  const jar = await cookies();
  const { APP_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_URL } = env();
  const cookieOptions = sessionCookieOptions(APP_URL);
  return createServerClient<Database>(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    cookieOptions,
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (changes) => {
        try {
          for (const { name, value, options } of changes) jar.set(name, value, { ...options, ...cookieOptions });
        } catch {
          // Server components cannot set cookies; proxy.ts has refreshed the session before they run.
        }
      },
    },
  });
});

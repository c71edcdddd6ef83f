import { App, type EmailDriver, setExperimental } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import type { Keys } from "../state";
import { FileStorage } from "./file-storage";
import { inRequestContext, muteRequests } from "./request-context";

export type GatewayDatabase = {
  /** Runs SQL with parameters as the superuser. Objects given for jsonb parameters are encoded. */
  query<Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]>;
};

export type LiteOptions = {
  adminUrl: string;
  keys: Keys;
  storageDir: string;
  /** where the app runs: allowed target of links in mails */
  siteUrl: string;
  mailer: EmailDriver;
};

/** REST, Auth and Storage of @supabase/lite on a Postgres that already has the platform's schemas. */
export function createLite({ adminUrl, keys, storageDir, siteUrl, mailer }: LiteOptions) {
  setExperimental("storage", true);
  const connection = createPostgresConnection({
    url: adminUrl,
    postgresOptions: {
      max: 20,
      idle_timeout: 60,
      onnotice() {},
      connection: { application_name: "gateway", search_path: '"$user", public, extensions' },
      types: {
        json: { to: 114, from: [114], serialize: encodeJson, parse: JSON.parse },
        jsonb: { to: 3802, from: [3802], serialize: encodeJson, parse: JSON.parse },
      },
    },
  });
  // Without this the first request would grant everything in every schema to anon and authenticated, which would hide
  // every forgotten grant and every missing revoke of the migrations. `rlsState` is what lite looks at before doing so.
  Object.assign(connection, { rlsState: "active" });

  // It warns those who would deploy it, at its first request, that storage is experimental there; on this machine that is no news.
  const { warn } = console;
  console.warn = (...words) => {
    if (!String(words[0]).startsWith("EXPERIMENTAL FEATURES")) warn(...words);
  };
  const app = new App({
    connection,
    api: { schemas: ["public"] },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      site_url: siteUrl,
      additional_redirect_urls: ["http://127.0.0.1:*/**", "http://localhost:*/**"],
      minimum_password_length: 8,
      email: { enable_signup: true, enable_confirmations: false },
    },
    storage: { enabled: true, file_size_limit: "50MiB" },
    options: { drivers: { email: mailer } },
  });
  const unmute = muteRequests();
  app._storageAdapter = new FileStorage(storageDir);

  const database: GatewayDatabase = {
    query: async (sql, parameters) => (await connection.driver.unsafe(sql, parameters as never[])) as never,
  };
  return {
    fetch: (request: Request, peerAddress: string | null): Promise<Response> =>
      inRequestContext(request, async () => app.fetch(request, { peerAddress })),
    database,
    /** to be called after migrations: lite keeps the list of tables and functions */
    forgetSchema: () => connection.clearSchemaCache(),
    async close() {
      await connection.close();
      unmute();
      console.warn = warn;
    },
  };
}

/**
 * lite hands json arguments of functions over already encoded; encoding them again would make a string of an object. A plain
 * string that happens to be JSON stays ambiguous, as it is in a JSON body.
 */
function encodeJson(value: unknown): string {
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    try {
      JSON.parse(value);
      return value;
    } catch {
      // not JSON: a text that only starts like it
    }
  }
  return JSON.stringify(value);
}

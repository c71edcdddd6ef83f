import { randomUUID } from "node:crypto";
import { hash } from "bcryptjs";
import { z } from "zod";
import type { GatewayDatabase } from "./lite";

const PATH = /^\/auth\/v1\/admin\/users(?:\/([0-9a-f-]{36}))?$/;
const BCRYPT_COST = 10;

const UserInput = z.object({
  id: z.uuid().optional(),
  email: z.email().toLowerCase().max(255).optional(),
  password: z.string().min(1).max(72).optional(),
  email_confirm: z.boolean().optional(),
  role: z.string().max(255).optional(),
  user_metadata: z.record(z.string(), z.unknown()).optional(),
  app_metadata: z.record(z.string(), z.unknown()).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ban_duration: z
    .string()
    .max(40)
    .regex(/^(none|\d+[smh])$/)
    .optional(),
});
type UserInput = z.infer<typeof UserInput>;
type UserRow = Record<string, unknown> & { id: string; email: string | null };

export const isAdminUsers = (pathname: string): boolean => PATH.test(pathname) || pathname === "/auth/v1/invite";

/**
 * The part of `supabase.auth.admin` that lite lacks: create, list, get, update, delete and invite users. Secret key only.
 * An invited user gets no mail; the row is there to sign in with a reset link.
 */
export async function adminUsers(request: Request, database: GatewayDatabase, secretKey: string): Promise<Response> {
  if (request.headers.get("apikey") !== secretKey)
    return fail(401, "no_authorization", "Admin endpoints need the secret key");
  const url = new URL(request.url);
  const id = PATH.exec(url.pathname)?.[1];
  const invited = url.pathname === "/auth/v1/invite";
  const hasBody = request.method === "POST" || request.method === "PUT";
  const parsed = UserInput.safeParse(hasBody ? await request.json().catch(() => undefined) : {});
  if (!parsed.success) return fail(422, "validation_failed", z.prettifyError(parsed.error));
  if (!id && request.method === "GET") return list(url, database);
  if (!id && request.method === "POST") return create(parsed.data, invited, database);
  if (!id) return fail(405, "method_not_allowed", "Not supported by the local gateway");
  const user = await find(database, id);
  if (!user) return fail(404, "user_not_found", "User not found");
  if (request.method === "PUT") return update(id, parsed.data, database);
  if (request.method === "DELETE") await database.query("delete from auth.users where id = $1", [id]);
  return request.method === "GET" || request.method === "DELETE"
    ? Response.json(view(user))
    : fail(405, "method_not_allowed", "Not supported by the local gateway");
}

async function list(url: URL, database: GatewayDatabase): Promise<Response> {
  const whole = (name: string, fallback: number) =>
    Math.max(1, Math.trunc(Number(url.searchParams.get(name))) || fallback);
  const size = Math.min(whole("per_page", 50), 1_000);
  const rows = await database.query<UserRow>("select * from auth.users order by created_at desc limit $1 offset $2", [
    size,
    (whole("page", 1) - 1) * size,
  ]);
  const [count] = await database.query<{ n: number }>("select count(*)::int as n from auth.users", []);
  return Response.json(
    { users: rows.map(view), aud: "authenticated" },
    { headers: { "x-total-count": String(count?.n ?? 0) } },
  );
}

async function create(input: UserInput, invited: boolean, database: GatewayDatabase): Promise<Response> {
  if (!input.email) return fail(422, "validation_failed", "An e-mail address is needed");
  const taken = await database.query("select 1 from auth.users where email = $1", [input.email]);
  if (taken.length > 0) return fail(422, "email_exists", "A user with this email address has already been registered");
  const id = input.id ?? randomUUID();
  const confirmed = input.email_confirm ?? false;
  await database.query(
    `with created as (
       insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, invited_at, raw_app_meta_data, raw_user_meta_data)
       values ($1, 'authenticated', $2, $3, $4, case when $5::boolean then now() end, case when $6::boolean then now() end, $7::jsonb, $8::jsonb)
       returning id)
     insert into auth.identities (id, provider, provider_id, user_id, identity_data)
     select $9, 'email', $1::text, id, $10::jsonb from created`,
    [
      id,
      input.role ?? "authenticated",
      input.email,
      input.password ? await hash(input.password, BCRYPT_COST) : "",
      confirmed,
      invited,
      { provider: "email", providers: ["email"], ...input.app_metadata },
      input.user_metadata ?? input.data ?? {},
      randomUUID(),
      { sub: id, email: input.email, email_verified: confirmed },
    ],
  );
  const user = await find(database, id);
  return Response.json(user && view(user));
}

async function update(id: string, input: UserInput, database: GatewayDatabase): Promise<Response> {
  await database.query(
    `update auth.users set
       email = coalesce($2, email),
       encrypted_password = coalesce($3, encrypted_password),
       email_confirmed_at = case when $4::boolean then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
       raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || $5::jsonb,
       raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || $6::jsonb,
       banned_until = case when $7::text is null then banned_until when $7 = 'none' then null else now() + $7::interval end,
       updated_at = now()
     where id = $1`,
    [
      id,
      input.email ?? null,
      input.password ? await hash(input.password, BCRYPT_COST) : null,
      input.email_confirm ?? false,
      input.user_metadata ?? {},
      input.app_metadata ?? {},
      input.ban_duration ?? null,
    ],
  );
  const user = await find(database, id);
  return Response.json(user && view(user));
}

const find = async (database: GatewayDatabase, id: string): Promise<UserRow | undefined> =>
  (await database.query<UserRow>("select * from auth.users where id = $1", [id]))[0];

const fail = (status: number, code: string, message: string): Response =>
  Response.json({ code: status, error_code: code, msg: message }, { status });

const view = (user: UserRow) => ({
  id: user.id,
  aud: user.aud,
  role: user.role,
  email: user.email ?? "",
  phone: user.phone ?? "",
  email_confirmed_at: user.email_confirmed_at,
  confirmed_at: user.confirmed_at,
  invited_at: user.invited_at,
  last_sign_in_at: user.last_sign_in_at,
  app_metadata: user.raw_app_meta_data ?? {},
  user_metadata: user.raw_user_meta_data ?? {},
  identities: [],
  created_at: user.created_at,
  updated_at: user.updated_at,
  banned_until: user.banned_until,
  is_anonymous: user.is_anonymous === true,
});

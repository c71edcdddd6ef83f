import { readdir } from "node:fs/promises";
import { createClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FixtureStack, forgetGatewayLog, startFixture } from "../fixtures/stack";
import { lastMail } from "./mail";

let stack: FixtureStack;
beforeAll(async () => {
  stack = await startFixture({ realtime: false });
});
afterAll(() => stack.stop());
afterEach(forgetGatewayLog);

describe("REST", () => {
  test("a user reads and writes own rows, and sees none of others", async () => {
    const [a, b] = await Promise.all([stack.signUp(), stack.signUp()]);
    const inserted = await a.client
      .from("notes")
      .insert({ body: "mine", details: { tags: ["x"] } })
      .select()
      .single();
    expect(inserted.error).toBeNull();
    expect(inserted.data).toMatchObject({ user_id: a.userId, body: "mine", details: { tags: ["x"] } });
    expect((await b.client.from("notes").select()).data).toEqual([]);
    const stolen = await b.client.from("notes").insert({ body: "forged", user_id: a.userId });
    expect(stolen.error?.code).toBe("42501");
  });

  test("without a grant a table is closed, also to whoever is signed in", async () => {
    const { client } = await stack.signUp();
    expect((await client.from("secrets").select()).error?.code).toBe("42501");
    expect((await stack.connect().from("notes").select()).data).toEqual([]);
    expect((await stack.connect().from("secrets").select()).error?.code).toBe("42501");
  });

  test("many users at once never see each other's rows", async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => stack.signUp()));
    await Promise.all(users.map(({ client, userId }) => client.from("notes").insert({ body: userId })));
    const seen = await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        const user = users[i % users.length]!;
        return { user: user.userId, rows: (await user.client.from("notes").select("body")).data };
      }),
    );
    for (const { user, rows } of seen) expect(rows).toEqual([{ body: user }]);
  });

  test("json arguments of functions arrive as they were sent", async () => {
    const { client } = await stack.signUp();
    for (const [value, type] of [
      [{ a: [1, "two", null] }, "object"],
      [[1, 2], "array"],
    ] as const) {
      const { data, error } = await client.rpc("echo", { p_value: value });
      expect(error).toBeNull();
      expect(data).toEqual({ type, value });
    }
  });

  test("vectors go in and out as JSON text", async () => {
    const { client } = await stack.signUp();
    await client.from("notes").insert([
      { body: "east", meaning: JSON.stringify([1, 0, 0]) },
      { body: "north", meaning: JSON.stringify([0, 1, 0]) },
    ]);
    const { data, error } = await client.rpc("nearest", { p_meaning: JSON.stringify([0.1, 0.9, 0]) });
    expect(error).toBeNull();
    expect(data[0]).toMatchObject({ body: "north", meaning: "[0,1,0]" });
  });

  test("a key that is not one of the two, or none, is refused", async () => {
    const wrong = createClient(stack.apiUrl, `${stack.publishableKey}x`);
    expect((await wrong.from("notes").select()).status).toBe(401);
    expect((await fetch(`${stack.apiUrl}/rest/v1/notes`)).status).toBe(401);
  });

  test("a body above the limit is refused with 413", async () => {
    const { accessToken } = await stack.signUp();
    const response = await fetch(`${stack.apiUrl}/rest/v1/notes`, {
      method: "POST",
      headers: {
        apikey: stack.publishableKey,
        authorization: `Bearer ${accessToken}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ body: "x".repeat(11 * 1024 * 1024) }),
    });
    expect(response.status).toBe(413);
  });
});

describe("Auth", () => {
  test("sign up, sign out, sign in again; a wrong password is refused", async () => {
    const { email, password } = await stack.signUp();
    const client = stack.connect();
    expect((await client.auth.signInWithPassword({ email, password: "not this one" })).error?.code).toBe(
      "invalid_credentials",
    );
    const { data, error } = await client.auth.signInWithPassword({ email, password });
    expect(error).toBeNull();
    expect(data.user?.email).toBe(email);
    expect((await client.auth.getUser()).data.user?.email).toBe(email);
    expect((await client.auth.refreshSession()).error).toBeNull();
    expect((await client.auth.signOut()).error).toBeNull();
  });

  test("a second sign-up with the same address is refused", async () => {
    const { email } = await stack.signUp();
    const { error } = await stack.connect().auth.signUp({ email, password: "another password" });
    expect(error?.code).toBe("user_already_exists");
  });

  test("a password is reset through the link in the mail, which lands in the local inbox", async () => {
    const { email } = await stack.signUp();
    const client = stack.connect();
    const redirectTo = "http://127.0.0.1:3000/reset-password";
    expect((await client.auth.resetPasswordForEmail(email, { redirectTo })).error).toBeNull();
    const mail = await lastMail(stack.mailDir, email);
    const link = new URL(/https?:\/\/\S+\/auth\/v1\/verify\S+/.exec(mail ?? "")?.[0] ?? "");
    expect(link.origin).toBe(stack.apiUrl);
    const verified = await fetch(link, { redirect: "manual" });
    expect(verified.status).toBe(303);
    const target = new URL(verified.headers.get("location") ?? "");
    expect(target.href.split("#")[0]).toBe(redirectTo);
    const session = new URLSearchParams(target.hash.slice(1));
    const signedIn = await client.auth.setSession({
      access_token: session.get("access_token") ?? "",
      refresh_token: session.get("refresh_token") ?? "",
    });
    expect(signedIn.error).toBeNull();
    expect((await client.auth.updateUser({ password: "a new password" })).error).toBeNull();
    const again = await stack.connect().auth.signInWithPassword({ email, password: "a new password" });
    expect(again.data.user?.email).toBe(email);
  });

  test("with the PKCE flow the link leads straight to the app, which exchanges the token", async () => {
    const { email } = await stack.signUp();
    const pkce = createClient(stack.apiUrl, stack.publishableKey, {
      auth: { flowType: "pkce", persistSession: false },
    });
    const redirectTo = "http://127.0.0.1:3000/auth/callback?next=%2Fupdate-password";
    expect((await pkce.auth.resetPasswordForEmail(email, { redirectTo })).error).toBeNull();
    const link = new URL(/http:\/\/127\.0\.0\.1:3000\S+/.exec((await lastMail(stack.mailDir, email)) ?? "")?.[0] ?? "");
    expect(link.pathname).toBe("/auth/callback");
    expect(link.searchParams.get("next")).toBe("/update-password");
    const { data, error } = await stack
      .connect()
      .auth.verifyOtp({ token_hash: link.searchParams.get("token_hash") ?? "", type: "recovery" });
    expect(error).toBeNull();
    expect(data.user?.email).toBe(email);
  });

  test("a reset does not send people to an address that is not ours", async () => {
    const { email } = await stack.signUp();
    await stack.connect().auth.resetPasswordForEmail(email, { redirectTo: "https://evil.test/" });
    expect(await lastMail(stack.mailDir, email)).not.toContain("evil.test");
  });

  test("a reset for an address that nobody has sends nothing and does not say so", async () => {
    const before = (await readdir(stack.mailDir).catch(() => [])).length;
    expect((await stack.connect().auth.resetPasswordForEmail("nobody@example.test")).error).toBeNull();
    expect((await readdir(stack.mailDir).catch(() => [])).length).toBe(before);
  });

  test("the admin functions create, list, change and delete users with the secret key", async () => {
    const { admin } = stack.connect(stack.secretKey).auth;
    const email = "Made.By.Admin@example.test";
    const made = await admin.createUser({
      email,
      password: "first password",
      email_confirm: true,
      user_metadata: { name: "Ann" },
    });
    expect(made.error).toBeNull();
    const id = made.data.user?.id ?? "";
    expect(made.data.user).toMatchObject({ email: email.toLowerCase(), user_metadata: { name: "Ann" } });
    expect((await admin.createUser({ email, password: "x" })).error?.code).toBe("email_exists");
    expect((await admin.listUsers()).data.users.map((user) => user.id)).toContain(id);
    expect((await admin.updateUserById(id, { password: "second password" })).error).toBeNull();
    expect((await stack.connect().auth.signInWithPassword({ email, password: "second password" })).error).toBeNull();
    expect((await admin.deleteUser(id)).error).toBeNull();
    expect((await admin.getUserById(id)).error?.code).toBe("user_not_found");
  });

  test("the admin functions are refused to the publishable key and to users", async () => {
    const { client } = await stack.signUp();
    for (const { auth } of [stack.connect(), client]) expect((await auth.admin.listUsers()).error?.status).toBe(401);
  });
});

describe("Storage", () => {
  test("a user uploads, lists, downloads and removes own files, and cannot reach others'", async () => {
    const [a, b] = await Promise.all([stack.signUp(), stack.signUp()]);
    const path = `${a.userId}/hello.txt`;
    const files = a.client.storage.from("files");
    expect((await files.upload(path, new Blob(["hello"], { type: "text/plain" }))).error).toBeNull();
    expect((await files.upload(path, new Blob(["again"]))).error).not.toBeNull();
    expect((await files.upload(path, new Blob(["newer"]), { upsert: true })).error).toBeNull();
    expect(await (await files.download(path)).data?.text()).toBe("newer");
    expect((await files.list(a.userId)).data?.map((file) => file.name)).toEqual(["hello.txt"]);
    expect((await b.client.storage.from("files").download(path)).error).not.toBeNull();
    expect(
      (await b.client.storage.from("files").upload(`${a.userId}/theirs.txt`, new Blob(["x"]))).error,
    ).not.toBeNull();
    expect((await b.client.storage.from("files").list(a.userId)).data).toEqual([]);
    expect((await b.client.storage.from("files").remove([path])).data).toEqual([]);
    expect((await files.remove([path])).data).toHaveLength(1);
    expect((await files.download(path)).error).not.toBeNull();
  });

  test("a signed URL opens without a session; a changed one does not", async () => {
    const { client, userId } = await stack.signUp();
    const path = `${userId}/signed.bin`;
    const bytes = Uint8Array.from({ length: 2_000 }, (_, i) => i % 256);
    await client.storage.from("files").upload(path, bytes, { contentType: "application/octet-stream" });
    const { data } = await client.storage.from("files").createSignedUrl(path, 60);
    const response = await fetch(data?.signedUrl ?? "");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect((await fetch(`${data?.signedUrl}x`)).ok).toBe(false);
    const many = await client.storage.from("files").createSignedUrls([path, `${userId}/missing.bin`], 60);
    expect((await fetch(many.data?.[0]?.signedUrl ?? "")).ok).toBe(true);
    expect(many.data?.[1]?.error).not.toBeNull();
  });

  test("a signed upload URL takes one file", async () => {
    const { client, userId } = await stack.signUp();
    const { data } = await client.storage.from("files").createSignedUploadUrl(`${userId}/later.txt`);
    const uploaded = await stack
      .connect()
      .storage.from("files")
      .uploadToSignedUrl(data?.path ?? "", data?.token ?? "", new Blob(["late"]));
    expect(uploaded.error).toBeNull();
    expect(await (await client.storage.from("files").download(`${userId}/later.txt`)).data?.text()).toBe("late");
  });

  test("a name that climbs out of its folder is refused", async () => {
    const { client, userId } = await stack.signUp();
    const { error } = await client.storage.from("files").upload(`${userId}/../../../../escaped.txt`, new Blob(["x"]));
    expect(error).not.toBeNull();
  });
});

test("the health endpoint answers, and every origin may read", async () => {
  const response = await fetch(`${stack.apiUrl}/health`, { headers: { origin: "http://shop.test" } });
  expect(await response.json()).toEqual({ status: "ok" });
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
});

test("browsers of another origin may call every service with the client's headers", async () => {
  for (const path of [
    "/rest/v1/notes",
    "/auth/v1/token",
    "/auth/v1/admin/users",
    "/storage/v1/object/files/x",
    "/realtime/v1/api/broadcast",
  ]) {
    const response = await fetch(stack.apiUrl + path, {
      method: "OPTIONS",
      headers: {
        origin: "http://shop.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "apikey,authorization,x-client-info",
      },
    });
    expect(response.status, path).toBe(204);
    expect(response.headers.get("access-control-allow-headers"), path).toContain("apikey");
  }
});

import { z } from "zod";

type Next = (request: Request) => Promise<Response>;

/**
 * Four differences between what storage-js sends or expects and what lite understands: the form part of an upload has no
 * name where lite looks for "file", and signed URLs are named `signedUrl` with the service's prefix where the client reads
 * `signedURL` or `url` without it; and listings are flat where hosted shows one folder at a time; and signing
 * several paths at once does not work.
 */
export async function fixStorage(request: Request, next: Next): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/storage/v1/object/")) return next(request);
  const isForm = request.headers.get("content-type")?.startsWith("multipart/form-data");
  if (isForm && (request.method === "POST" || request.method === "PUT")) return next(await plainUpload(request));
  if (request.method === "POST" && pathname.startsWith("/storage/v1/object/list/")) return listFolder(request, next);
  const isSigningMany = request.method === "POST" && /^\/storage\/v1\/object\/sign\/[^/]+$/.test(pathname);
  if (isSigningMany) return signMany(request, next);
  const response = await next(request);
  const isSigning = request.method === "POST" && /^\/storage\/v1\/object\/(upload\/)?sign\//.test(pathname);
  return isSigning && response.ok ? renameSignedUrls(response) : response;
}

async function plainUpload(request: Request): Promise<Request> {
  const form = await request.formData();
  const file = [...form.values()].find((value) => typeof value !== "string");
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.set("content-type", file?.type || "application/octet-stream");
  const cacheControl = form.get("cacheControl");
  if (typeof cacheControl === "string") headers.set("cache-control", `max-age=${cacheControl}`);
  const metadata = form.get("metadata");
  if (typeof metadata === "string") headers.set("x-metadata", Buffer.from(metadata).toString("base64"));
  return new Request(request.url, { method: request.method, headers, body: file ? await file.arrayBuffer() : null });
}

async function renameSignedUrls(response: Response): Promise<Response> {
  const body = (await response.json()) as { signedUrl?: string };
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  const url = body.signedUrl?.replace(/^\/storage\/v1/, "");
  return new Response(JSON.stringify({ ...body, signedURL: url, url }), { status: response.status, headers });
}

const SignMany = z.object({ expiresIn: z.number(), paths: z.array(z.string().min(1)).max(1_000) });

async function signMany(request: Request, next: Next): Promise<Response> {
  const parsed = SignMany.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success)
    return Response.json(
      { statusCode: "400", error: "invalid_request", message: z.prettifyError(parsed.error) },
      { status: 400 },
    );
  const { expiresIn, paths } = parsed.data;
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const body = JSON.stringify({ expiresIn });
  const signed = paths.map(async (path) => {
    const url = `${request.url}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const response = await next(new Request(url, { method: "POST", headers, body }));
    if (!response.ok)
      return { error: "Either the object does not exist or you do not have access to it", path, signedURL: null };
    const { signedURL } = (await (await renameSignedUrls(response)).json()) as { signedURL: string };
    return { error: null, path, signedURL };
  });
  return Response.json(await Promise.all(signed));
}

const MAX_LISTED = 10_000;
type Listing = {
  prefix?: string;
  limit?: number;
  offset?: number;
  search?: string;
  sortBy?: { column: string; order: string };
};
type ListedObject = Record<string, unknown> & { name: string };

/** The files of one folder by their names in it, and its folders as entries without an id. At most 10,000 objects below it. */
async function listFolder(request: Request, next: Next): Promise<Response> {
  const asked = (await request.json().catch(() => ({}))) as Listing;
  const folder = asked.prefix ? `${asked.prefix.replace(/\/+$/, "")}/` : "";
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const body = JSON.stringify({
    prefix: folder,
    limit: MAX_LISTED,
    offset: 0,
    ...(asked.sortBy ? { sortBy: asked.sortBy } : {}),
  });
  const response = await next(new Request(request.url, { method: "POST", headers, body }));
  if (!response.ok) return response;
  const objects = ((await response.json()) as ListedObject[]).filter(({ name }) => name.startsWith(folder));
  const entries = new Map<string, ListedObject>();
  for (const object of objects) {
    const [name = "", ...deeper] = object.name.slice(folder.length).split("/");
    if (asked.search && !name.toLowerCase().includes(asked.search.toLowerCase())) continue;
    if (deeper.length === 0) entries.set(name, { ...object, name });
    else if (!entries.has(name))
      entries.set(name, { name, id: null, updated_at: null, created_at: null, last_accessed_at: null, metadata: null });
  }
  const offset = asked.offset ?? 0;
  return Response.json([...entries.values()].slice(offset, offset + (asked.limit ?? 100)));
}

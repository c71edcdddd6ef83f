import type { Page } from "@/lib/testing/sample-site/content";

/** What a handler answers. HTML is kept as text until the widget snippet is in and the charset is applied. */
export interface Reply {
  status: number;
  body: string | Buffer;
  contentType: string;
  headers?: Record<string, string>;
  /** Encoding of an HTML body; utf-8 unless told. */
  charset?: Page["charset"];
  /** YYYY-MM-DD; makes the reply answer conditional requests. */
  lastModified?: string;
  /** On top of the latency of the whole site. */
  delayMs?: number;
}

export interface RequestContext {
  url: URL;
  /** Scheme, host and port as the visitor wrote them. */
  origin: string;
  /** True the first time a name is asked for since start or reset: for pages that fail once. */
  first(name: string): boolean;
}

export const HTML_TYPE = "text/html; charset=utf-8";

export const page = (body: string, extra: Partial<Reply> = {}): Reply => ({
  status: 200,
  body,
  contentType: HTML_TYPE,
  ...extra,
});

export const redirect = (status: 301 | 302 | 303 | 307 | 308, location: string): Reply => ({
  status,
  body: "",
  contentType: "text/plain; charset=utf-8",
  headers: { location },
});

export const text = (body: string, contentType = "text/plain; charset=utf-8"): Reply => ({
  status: 200,
  body,
  contentType,
});

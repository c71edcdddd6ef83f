import { z } from "zod";

/** From least to most: each role may do everything the ones before it may. */
export const ROLES = ["viewer", "operator", "admin", "owner"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Whether `role` may do what asks for at least `least`. */
export const roleAtLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** A tenant as one of its members sees it. The slug is the first segment of every dashboard URL. */
export const Workspace = z.object({ id: z.uuid(), slug: z.string(), name: z.string(), role: Role });
export type Workspace = z.infer<typeof Workspace>;

/** First segments of the product's own addresses: a workspace's slug must be none of them. */
export const RESERVED_SLUGS: ReadonlySet<string> = new Set([
  "admin",
  "api",
  "auth",
  "chat",
  "docs",
  "embed",
  "favicon-ico",
  "health",
  "home",
  "pricing",
  "reset-password",
  "sample",
  "sign-in",
  "sign-out",
  "sign-up",
  "status",
  "update-password",
  "widget",
]);

/** The slug that the database will make of a workspace name (`private.slugify`). */
export const slugify = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "") || "workspace";

const email = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, "Enter your e-mail address.")
  .max(254, "An e-mail address has at most 254 characters.")
  .pipe(z.email("This does not look like an e-mail address."));

const newPassword = z
  .string()
  .min(8, "Use at least 8 characters.")
  .max(72, "Use at most 72 characters.") // bcrypt reads no further
  .refine((value) => new Set(value).size > 3, "Use more than three different characters.");

export const SignUp = z.object({
  workspaceName: z
    .string()
    .trim()
    .min(1, "Name your workspace.")
    .max(80, "Use at most 80 characters.")
    .refine((name) => !RESERVED_SLUGS.has(slugify(name)), "This name is used by the product itself. Choose another."),
  email,
  password: newPassword,
});
export type SignUp = z.infer<typeof SignUp>;

export const SignIn = z.object({ email, password: z.string().min(1, "Enter your password.") });
export type SignIn = z.infer<typeof SignIn>;

export const RequestReset = z.object({ email });

export const UpdatePassword = z
  .object({ password: newPassword, repeat: z.string() })
  .refine((value) => value.password === value.repeat, { path: ["repeat"], message: "The two passwords differ." });

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "./errors";

/**
 * Encrypts single fields of rows (AES-256-GCM): what a dump of the database must not give away. A sealed text names its key, so that a new
 * key can be put in front of the old ones and rows follow one by one: `isCurrent` tells which have not yet.
 */
export interface FieldCipher {
  /** @param context where the text belongs (tenant, table, row): it opens nowhere else. */
  seal(text: string, context: string): string;
  /** @throws AppError "config_invalid" when its key is no longer there, "internal" when it was changed or moved to another row */
  open(sealed: string, context: string): string;
  /** Whether the first key sealed it. */
  isCurrent(sealed: string): boolean;
  /** The key that seals. */
  readonly keyId: string;
  /** Keys that only open. */
  readonly olderKeyIds: readonly string[];
}

const VERSION = "v1";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY = /^([a-z0-9-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Whether a list of keys can be used: `id:base64,…`, 32 bytes each, no id twice. */
export function areFieldKeys(list: string): boolean {
  const keys = list.split(",").map((entry) => KEY.exec(entry.trim()));
  return keys.every((key) => key !== null) && new Set(keys.map((key) => key?.[1])).size === keys.length;
}

/** A new key as FIELD_ENCRYPTION_KEYS takes it. */
export const newFieldKey = (id: string): string => `${id}:${randomBytes(KEY_BYTES).toString("base64")}`;

/** @param list FIELD_ENCRYPTION_KEYS: the first key seals, all open */
export function createFieldCipher(list: string): FieldCipher {
  if (!areFieldKeys(list)) throw new AppError("config_invalid", "FIELD_ENCRYPTION_KEYS is not a list of id:base64.");
  const keys = new Map(
    list.split(",").map((entry) => {
      const [id, key] = entry.trim().split(":") as [string, string];
      return [id, Buffer.from(key, "base64")];
    }),
  );
  const [keyId, ...olderKeyIds] = [...keys.keys()] as [string, ...string[]];
  const additional = (id: string, context: string) => Buffer.from(`${VERSION}.${id}.${context}`);
  return {
    keyId,
    olderKeyIds,
    seal(text, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", keys.get(keyId)!, iv).setAAD(additional(keyId, context));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, keyId, iv.toString("base64url"), sealed.toString("base64url")].join(".");
    },
    open(sealed, context) {
      const [version, id, iv, body, ...rest] = sealed.split(".");
      const bytes = Buffer.from(body ?? "", "base64url");
      if (version !== VERSION || !id || !iv || rest.length > 0 || bytes.length < TAG_BYTES)
        throw new AppError("internal", "An encrypted value cannot be read.");
      const key = keys.get(id);
      if (!key)
        throw new AppError(
          "config_invalid",
          `A value was encrypted with the key ${id}, which FIELD_ENCRYPTION_KEYS no longer lists. Add it again behind the others.`,
        );
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64url"), {
          authTagLength: TAG_BYTES,
        })
          .setAAD(additional(id, context))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
      } catch (cause) {
        throw new AppError("internal", "An encrypted value was changed, or belongs to another row.", { cause });
      }
    },
    isCurrent: (sealed) => sealed.startsWith(`${VERSION}.${keyId}.`),
  };
}

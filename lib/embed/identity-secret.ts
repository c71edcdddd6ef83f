import { AppError } from "@/lib/core/errors";
import type { FieldCipher } from "@/lib/core/field-cipher";

const context = (id: string) => `identity_keys:${id}`;

/** @throws AppError "config_invalid" without FIELD_ENCRYPTION_KEYS */
export const sealIdentitySecret = (cipher: FieldCipher | null, id: string, secret: string): string =>
  needed(cipher).seal(secret, context(id));

export const openIdentitySecret = (
  cipher: FieldCipher | null,
  { id, sealed }: { id: string; sealed: string },
): string => needed(cipher).open(sealed, context(id));

function needed(cipher: FieldCipher | null): FieldCipher {
  if (cipher) return cipher;
  throw new AppError(
    "config_invalid",
    "Users cannot be verified here: FIELD_ENCRYPTION_KEYS is not set. Ask whoever runs this server to set it.",
  );
}

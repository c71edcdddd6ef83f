import { hash } from "node:crypto";
import { v7 } from "uuid";

/** A UUIDv7: sorts by time, so that primary-key indexes grow at one end. */
export const newId = (): string => v7();

/** SHA-256 in hex. */
export const sha256 = (text: string | Uint8Array): string => hash("sha256", text, "hex");

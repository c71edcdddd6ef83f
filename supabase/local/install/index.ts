export { findBrowser } from "./browser";
export { type Binaries, ensurePostgres, findPostgres, type Progress } from "./postgres";

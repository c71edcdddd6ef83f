/** Whether somebody can go there: files and texts have an address of ours alone. */
export const isOnTheWeb = (url: string): boolean => /^https?:/.test(url);

/** What tells pages of one site apart, readable: path and query of an address. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  try {
    return decodeURI(pathname + search);
  } catch {
    return pathname + search;
  }
}

import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({ extend: { theme: { text: ["2xs", "md"], shadow: ["float"] } } });

/** Joins class names; of two that contradict each other the later wins. */
export const cn = (...values: ClassValue[]): string => merge(clsx(values));

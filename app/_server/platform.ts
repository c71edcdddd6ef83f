import "server-only";

export { webPlatform as platform } from "@/lib/platform";

import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  agentRules: false,
  // `npm run check` reads the types, of everything and once.
  typescript: { ignoreBuildErrors: true },
  devIndicators: { position: "bottom-right" },
  // Node packages that look for files beside themselves or for optional peers: required at run time, not bundled.
  serverExternalPackages: ["pg", "bullmq", "ioredis", "pino", "undici", "@bull-board/api", "@bull-board/ui"],
  // Bull Board reads its page and assets from its package at run time.
  outputFileTracingIncludes: {
    "/admin/**": ["./node_modules/@bull-board/ui/package.json", "./node_modules/@bull-board/ui/dist/**/*"],
  },
  allowedDevOrigins: ["127.0.0.1"],
  // Imported lists have up to 900,000 characters, of up to three bytes, and a few more as JSON. Vercel takes 4.5 MB.
  experimental: { serverActions: { bodySizeLimit: "4mb" } },
  // Arguments of server actions hold what people typed (passwords too): never in the terminal.
  logging: { serverFunctions: false },
  // Of the files of public/widget, which proxy.ts leaves alone.
  async headers() {
    const anyOrigin = { key: "access-control-allow-origin", value: "*" };
    const embeddable = { key: "cross-origin-resource-policy", value: "cross-origin" };
    const nosniff = { key: "x-content-type-options", value: "nosniff" };
    return [
      {
        source: "/widget/preview.html",
        headers: [
          nosniff,
          {
            key: "content-security-policy",
            value:
              "default-src 'none'; script-src 'self'; img-src 'self'; frame-ancestors 'self'; sandbox allow-scripts",
          },
        ],
      },
      {
        source: "/widget/:version(v1[^/]*|beta)/:path*",
        headers: [
          anyOrigin,
          embeddable,
          nosniff,
          { key: "cache-control", value: "public, max-age=31536000, immutable" },
        ],
      },
      // In place of a comment at the end of each file, which every visitor would load.
      { source: "/widget/:path(.+\\.js)", headers: [{ key: "sourcemap", value: "/widget/:path.map" }] },
      // The stable names that stand in customers' pages; comes after the rules above and so wins.
      {
        source: "/widget/:channel(v1|beta)/loader.js",
        headers: [{ key: "cache-control", value: "public, max-age=300, stale-while-revalidate=86400" }],
      },
    ];
  },
};

export default config;

/** The house of DESIGN: who may import whom. Every rule is an error. */
const domains = "^lib/(tenancy|agents|crawl|files|knowledge|chat|embed|evaluation|inbox|leads|engagement|models)/";
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "app-is-imported-by-nobody",
      severity: "error",
      from: { pathNot: "^app/|^proxy\\.ts$" },
      to: { path: "^app/" },
    },
    {
      name: "workers-are-imported-by-nobody",
      severity: "error",
      from: { pathNot: "^workers/" },
      to: { path: "^workers/" },
    },
    {
      name: "components-know-schemas-only",
      comment: "React components and client islands do no IO: of lib they may import schemas (Zod and types) only.",
      severity: "error",
      from: { path: "^components/|\\.client\\.tsx$" },
      to: { path: "^lib/", pathNot: "^lib/[^/]+/schema\\.ts$" },
    },
    {
      name: "core-imports-nothing-of-ours",
      severity: "error",
      from: { path: "^lib/core/" },
      to: { path: "^(lib/(?!core/)|app|components|workers|supabase)" },
    },
    {
      name: "adapters-import-core-only",
      severity: "error",
      from: { path: "^lib/(db|queue|llm|net|mail|storage)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^lib/(?!core/|db/|queue/|llm/|net/|mail/|storage/)" },
    },
    {
      name: "domains-meet-through-index-or-schema",
      comment:
        "Extraction is pure and stands alone: the process that parses files loads it without the crawl around it.",
      severity: "error",
      from: { path: `${domains}`, pathNot: "\\.test\\.ts$" },
      to: {
        path: domains,
        pathNot: ["^lib/$1/", "^lib/[^/]+/(index|schema|jobs)\\.ts$", "^lib/crawl/(extract|convert-html)\\.ts$"],
      },
    },
    {
      name: "lib-knows-neither-next-nor-react",
      severity: "error",
      from: { path: "^(lib|workers)/" },
      to: { path: "^(node_modules/)?(next|react|react-dom|server-only)(/|$)" },
    },
    {
      name: "one-way-out",
      comment:
        "Connections to addresses that somebody gave the product are opened by lib/net alone, those to model providers by lib/llm/http.ts, the one to the operator's virus scanner by lib/files/scan.ts. What else is named here only listens. Biome forbids the global fetch in the same places.",
      severity: "error",
      from: {
        path: "^(app|components|lib|workers|deploy)/|^proxy\\.ts$",
        pathNot: [
          "^lib/(net|testing)/|^lib/llm/http\\.ts$|^lib/files/scan\\.ts$|\\.test\\.ts$",
          "^(deploy/server|workers/health)\\.ts$",
          "^deploy/local/",
        ],
      },
      to: {
        path: "^(node:)?(http|https|http2|net|tls|dns|dgram)(/|$)|(^|/)node_modules/(undici|ws|axios|got|node-fetch)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "testing-is-for-tests",
      severity: "error",
      from: {
        pathNot: "^(lib/testing/|e2e/|bench/|deploy/local/|supabase/tests/)|\\.test\\.ts$|^vitest\\.config\\.ts$",
      },
      to: { path: "^lib/testing/" },
    },
    {
      name: "embedded-stack-stays-out-of-the-product",
      severity: "error",
      from: { path: "^(app|components|workers|lib/(?!testing/))", pathNot: "\\.test\\.ts$" },
      to: { path: "^supabase/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.local|public)/|next-env" },
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

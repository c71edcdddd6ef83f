export { beginRun } from "./begin-run";
export { crawlPage } from "./crawl-page";
export { type CrawlDeps, crashPoint, type FetchConfig } from "./deps";
export { embedPage } from "./embed-page";
export { crawlJobs, crawlPageJob, embedPageJob, startCrawlJob, sweepJob } from "./jobs";
export { forgetHostRules } from "./robots-store";
export { addWebsite, deleteSource, refreshSource, stopRun } from "./sources";
export { startRun } from "./start-run";
export { sweepCrawls } from "./sweep";

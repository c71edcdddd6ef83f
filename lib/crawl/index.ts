export { addSitemap, addUrls, addWebsite } from "./add-source";
export { beginRun } from "./begin-run";
export { moveBodies } from "./bodies/move-bodies";
export { restoreBodies } from "./bodies/restore-bodies";
export { crawlPage } from "./crawl-page";
export { type CrawlDeps, crashPoint, type FetchConfig } from "./deps";
export { DocumentRoom } from "./document-room";
export { embedPage } from "./embed-page";
export { type Fingerprint, fingerprintOf } from "./fingerprint";
export { crawlPageJob, embedPageJob, startCrawlJob, sweepJob } from "./jobs";
export { OpenRequests } from "./open-requests";
export { previewSourcePatterns } from "./preview-source-patterns";
export { createRenderer, type Renderer } from "./render";
export { forgetHostRules } from "./robots-store";
export { updateSource } from "./source-settings";
export {
  deleteSource,
  pauseRun,
  refreshSource,
  resumeRun,
  retryPages,
  setSchedule,
  stopRun,
} from "./sources";
export { startRun } from "./start-run";
export { sweepCrawls } from "./sweep";

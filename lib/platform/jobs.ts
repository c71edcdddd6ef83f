import { crawlJobs } from "@/lib/crawl/jobs";
import { evaluationJobs } from "@/lib/evaluation/jobs";
import { fileJobs } from "@/lib/files/jobs";
import { inboxJobs } from "@/lib/inbox/jobs";
import { knowledgeJobs } from "@/lib/knowledge/jobs";

/** Every job there is: what a worker takes, and what the queues page shows. */
export const allJobs = [...crawlJobs, ...fileJobs, ...knowledgeJobs, ...evaluationJobs, ...inboxJobs];

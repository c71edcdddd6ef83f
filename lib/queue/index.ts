export { connectQueue, type JobQueue, type QueueConnection } from "./connection";
export { defineJob, type JobDefinition } from "./jobs";
export { createQueues, type Queues } from "./queues";
export { shareFairly } from "./share";
export { type JobContext, type RunAgain, type RunningWorker, runAgainIn, runWorker } from "./worker";

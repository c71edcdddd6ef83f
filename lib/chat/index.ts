export { DEFAULT_BUDGET } from "./answer/budget";
export { AnsweringConfig, type Asker } from "./begin-turn";
export { CallLog, type ChatDeps, type ChatLimits } from "./deps";
export { handleWidgetRequest, hashOfAddress, streamHeaders, type WidgetRequest, type WidgetResponse } from "./http";
export { type Rehearsal, rehearse } from "./rehearse";
export { RequestLimits } from "./request-limits";
export { RunningAnswers } from "./stream/running-answers";
export { openTurn, type Turn } from "./turn";
export { sweepTurns } from "./widget-config";

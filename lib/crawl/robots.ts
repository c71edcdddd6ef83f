export { type RobotsResponse, type RobotsVerdict, robotsFromResponse } from "./robots-response";
export { isAllowed, parseRobots, ROBOTS_CACHE_MS, ROBOTS_MAX_BYTES, type Robots, robotsUrl } from "./robots-rules";

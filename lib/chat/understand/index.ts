export { joinFound } from "./join-found";
export { understand } from "./understand";

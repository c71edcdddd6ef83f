export { addLead } from "./add-lead";
export type { LeadDeps } from "./deps";
export { leadsFile } from "./leads-file";
export { deleteLead, exportLeads, listLeads } from "./list-leads";
export { rekeyLeads } from "./rekey-leads";

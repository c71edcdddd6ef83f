export { addModel, changeModel, removeModel } from "./change";
export { listModels } from "./list";
export { ModelRegistry } from "./registry";

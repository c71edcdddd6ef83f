import { platform } from "@/app/_server/platform";
import { requirePlatformAdmin } from "@/app/_server/session";
import { env, reachableProviders } from "@/lib/core/env";
import { modelKey } from "@/lib/llm";
import { listModels } from "@/lib/models";
import { PROVIDERS } from "@/lib/models/schema";
import { ChangeList } from "./change-list";
import { ModelList } from "./model-list.client";

export const metadata = { title: "Models" };

/** Which models this installation knows, offers to agents, and at what price; and who changed that. */
export default async function ModelsPage() {
  const { db } = await requirePlatformAdmin();
  const { gateway, models: registry } = platform();
  const [{ models, changes }] = await Promise.all([listModels(db), registry.refresh()]);
  const reachable = reachableProviders(env());
  return (
    <div className="page grid gap-8 py-6">
      <ModelList
        models={models}
        own={[modelKey(gateway.chatModel), modelKey(gateway.embeddingModel)]}
        withoutKey={PROVIDERS.filter((provider) => !reachable[provider])}
      />
      <ChangeList changes={changes} />
    </div>
  );
}

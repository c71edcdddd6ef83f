"use client";

import { useRef, useState } from "react";
import { AgentMark } from "@/components/agent-mark";
import { Button } from "@/components/ui/button";
import { useAction } from "@/components/use-action";
import { removeAvatar, saveAvatar } from "./actions";

const SIDE_PIXELS = 256;

/** A picture is saved at once, made square and small in the browser, which leaves place and camera behind. */
export function AvatarField({
  tenant,
  agentId,
  color,
  src,
  mayEdit,
}: {
  tenant: string;
  agentId: string;
  color: string;
  /** Null without a picture. */
  src: string | null;
  mayEdit: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const save = useAction(saveAvatar);
  const remove = useAction(removeAvatar);
  const failure = problem ?? save.failure?.message ?? remove.failure?.message;

  async function choose(file: File | undefined) {
    if (!file) return;
    setProblem(undefined);
    const data = await squared(file).catch(() => null);
    if (data) save.submit(tenant, { agentId, data });
    else setProblem(`${file.name} is no picture that this browser can read. Use a PNG, JPEG or WebP.`);
  }

  return (
    <div className="grid gap-1.5">
      <span className="text-sm font-medium">Picture</span>
      <div className="flex items-center gap-3">
        {src ? (
          // biome-ignore lint/performance/noImgElement: a small picture from our own API, which is served as it is
          <img src={src} alt="" className="size-10 rounded-full border border-line object-cover" />
        ) : (
          <AgentMark color={color} />
        )}
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          aria-label="Picture file"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        {mayEdit && (
          <>
            <Button pending={save.pending} onClick={() => input.current?.click()}>
              {src ? "Change picture" : "Choose picture"}
            </Button>
            {src && (
              <Button variant="ghost" pending={remove.pending} onClick={() => remove.submit(tenant, { agentId })}>
                Remove
              </Button>
            )}
          </>
        )}
      </div>
      {failure && (
        <p role="alert" className="text-xs text-danger">
          {failure}
        </p>
      )}
      <p className="text-xs text-ink-muted">Shown at the top of the chat, cut to a square. Saved at once.</p>
    </div>
  );
}

/** The middle of a picture, in base64. */
async function squared(file: File): Promise<string> {
  const picture = await createImageBitmap(file);
  const side = Math.min(picture.width, picture.height);
  const canvas = new OffscreenCanvas(SIDE_PIXELS, SIDE_PIXELS);
  const context = canvas.getContext("2d");
  if (!context || side === 0) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  context.drawImage(picture, left, top, side, side, 0, 0, SIDE_PIXELS, SIDE_PIXELS);
  picture.close();
  // Browsers that cannot make WebP make a PNG of it.
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.9 })).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

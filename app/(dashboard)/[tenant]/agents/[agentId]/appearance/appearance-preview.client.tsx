"use client";

import { Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Choice } from "@/components/ui/choice";
import { WidgetPreview } from "@/components/widget-preview";
import { cssVariables, WidgetVariables } from "@/lib/embed/schema";
import type { AppearanceDraft } from "./appearance-draft";

const option = <T extends string>(value: T, icon: ReactNode, name: string) => ({
  value,
  label: (
    <>
      {icon} {name}
    </>
  ),
});
const DEVICES = [
  option("desktop", <Monitor aria-hidden="true" />, "Desktop"),
  option("phone", <Smartphone aria-hidden="true" />, "Phone"),
];
const SHADES = [
  option("light", <Sun aria-hidden="true" />, "Light"),
  option("dark", <Moon aria-hidden="true" />, "Dark"),
];

/** The widget itself as it would be with what is typed so far, on either device and in either shade. */
export function AppearancePreview({
  draft,
  color,
  picture,
  mayWhiteLabel,
  welcome,
  questions,
}: {
  draft: AppearanceDraft;
  /** The last one that is a colour. */
  color: string;
  picture: string | null;
  mayWhiteLabel: boolean;
  welcome: string;
  questions: string[];
}) {
  const [device, setDevice] = useState<"desktop" | "phone">("desktop");
  const [shade, setShade] = useState<"light" | "dark">("light");
  const variables = WidgetVariables.safeParse(draft.variables);
  return (
    <aside aria-label="Preview" className="max-lg:order-first">
      <div className="sticky top-28 mx-auto grid w-full max-w-[520px] gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <Choice label="Preview on" value={device} onChange={setDevice} options={DEVICES} />
          {draft.theme === "auto" && <Choice label="Preview in" value={shade} onChange={setShade} options={SHADES} />}
        </div>
        <WidgetPreview
          key={device}
          device={device}
          className={device === "phone" ? "mx-auto w-full max-w-[360px]" : "w-full"}
          name={draft.name || "Your agent"}
          color={color}
          welcome={welcome}
          questions={questions}
          look={{
            language: draft.language,
            theme: draft.theme === "auto" ? shade : draft.theme,
            position: draft.position,
            avatarUrl: picture,
            launcherText: draft.launcherText,
            ...(variables.success && { variables: cssVariables(variables.data) }),
            poweredBy: !(draft.whiteLabel && mayWhiteLabel),
            consent:
              draft.asksConsent && draft.consentText
                ? { text: draft.consentText, acceptLabel: draft.consentLabel }
                : null,
          }}
        />
      </div>
    </aside>
  );
}

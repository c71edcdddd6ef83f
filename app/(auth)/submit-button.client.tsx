"use client";

import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/components/ui/button";

export function SubmitButton({ variant = "primary", children }: Pick<ButtonProps, "variant" | "children">) {
  const { pending } = useFormStatus();
  return (
    <Button type="submit" variant={variant} size="lg" pending={pending} className="w-full text-sm">
      {children}
    </Button>
  );
}

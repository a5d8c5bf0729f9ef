import type { ComponentChildren } from "preact";

/** A part of the company beside the conversation, under a title. */
export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

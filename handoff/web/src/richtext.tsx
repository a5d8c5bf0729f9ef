import type { ComponentChildren } from "preact";

const address = /https?:\/\/[^\s<>"]+/g;

/** Text as it was written: line breaks kept, web addresses made links, nothing else interpreted. */
export function RichText({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(/[.,;:!?)\]'»“”]+$/, "");
    if (!URL.canParse(href)) continue;
    parts.push(
      text.slice(end, match.index),
      <a href={href} target="_blank" rel="noreferrer noopener">
        {href}
      </a>,
    );
    end = match.index + href.length;
  }
  return (
    <span class="richtext" dir="auto">
      {parts}
      {text.slice(end)}
    </span>
  );
}

import type { ComponentChildren } from "preact";
import { now } from "../../clock";
import { clockTime } from "../../time";

/** A telephone around its content; on a real telephone only the content. */
export function Handset({ children }: { children: ComponentChildren }) {
  return (
    <div class="handset">
      <div class="screen">
        <div class="status-bar" aria-hidden="true">
          <span>{clockTime(now.value)}</span>
          <svg viewBox="0 0 52 14">
            <path d="M1 13v-3M5 13V8M9 13V5M13 13V2" />
            <rect x="26" y="2" width="22" height="11" rx="3" />
            <path d="M50 6v3" />
            <rect class="charge" x="28.5" y="4.5" width="14" height="6" rx="1" />
          </svg>
        </div>
        {children}
      </div>
    </div>
  );
}

/** Line drawings on a 20 by 20 grid, made for Bauruf. */
const drawings = {
  alert: "M10 3 18 17H2L10 3ZM10 8v4M10 14.6v.2",
  attach: "M14.5 8.5 9 14a2.5 2.5 0 0 1-3.6-3.5l6-6a3.6 3.6 0 0 1 5.1 5.1l-6.4 6.4",
  back: "M12.5 4 6.5 10l6 6",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13L5 14ZM8.5 17.5h3",
  bot: "M5 8h10a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 15 16H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 8ZM10 8V4.5M10 4.2v-.4M7.5 11.5v1M12.5 11.5v1M1.5 11v2.5M18.5 11v2.5",
  building: "M4 17V4.5A1.5 1.5 0 0 1 5.5 3h6A1.5 1.5 0 0 1 13 4.5V17M13 8h2a1.5 1.5 0 0 1 1.5 1.5V17M2 17h16M7 6.5h.1M10 6.5h.1M7 9.5h.1M10 9.5h.1M7 12.5h.1M10 12.5h.1",
  camera: "M3 6.5h3L7.5 4h5L14 6.5h3v9H3v-9ZM10 13.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4Z",
  chat: "M4 4h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 14h-5l-4 3.5V14H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 4Z",
  check: "M4 10.5 8 14.5 16 5.5",
  checks: "M2 10.5 6 14.5 13 5.5M9.5 13.2l1.3 1.3 7.2-9",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4.2l2.8 1.8",
  close: "M5 5l10 10M15 5 5 15",
  contact: "M3 4.5h14v11H3v-11ZM7.5 10a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM4.8 13c.5-1.2 1.5-1.7 2.7-1.7s2.2.5 2.7 1.7M12.5 8h2.5M12.5 11h2.5",
  down: "M5 7.5 10 12.5 15 7.5",
  download: "M10 3v9.5M6 8.8 10 12.5l4-3.7M3.5 16.5h13",
  file: "M5 2.5h6.5L15.5 6.5v11H5v-15ZM11.5 2.5v4h4",
  flag: "M5 17.5v-14h9.5l-2 3.3 2 3.2H5",
  globe: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM2.5 10h15M10 2.5c5 5 5 10 0 15M10 2.5c-5 5-5 10 0 15",
  help: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7.7 8a2.3 2.3 0 1 1 3.3 2.1c-.7.3-1 .8-1 1.5M10 14.2v.1",
  lock: "M5 9h10v7.5H5V9ZM7 9V6.5a3 3 0 0 1 6 0V9",
  mic: "M10 12.5a2.5 2.5 0 0 0 2.5-2.5V5a2.5 2.5 0 0 0-5 0v5a2.5 2.5 0 0 0 2.5 2.5ZM5.5 9.5a4.5 4.5 0 0 0 9 0M10 14v3.5",
  note: "M4 3.5h12v9l-4 4H4v-13ZM16 12.5h-4v4M7 7.5h6M7 10.5h3",
  offline: "M3 3l14 14M2.5 8.5A11 11 0 0 1 6 6.3M9 5.5a11 11 0 0 1 8.5 3M5 11.5a7 7 0 0 1 3-1.8M12.5 10.2a7 7 0 0 1 2.5 1.3M10 15.5v.1",
  person: "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10ZM3.5 17c.6-3 3.2-4.5 6.5-4.5s5.9 1.5 6.5 4.5",
  phone: "M6.5 2.5h7A1.5 1.5 0 0 1 15 4v12a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 16V4a1.5 1.5 0 0 1 1.5-1.5ZM9 15h2",
  pin: "M10 17.5s5.5-5 5.5-9.2a5.5 5.5 0 0 0-11 0c0 4.2 5.5 9.2 5.5 9.2ZM10 10a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
  plane: "M17.5 3 2.5 9l4.7 2 1.8 5.5 2.7-3.5 4 2.5L17.5 3ZM7.2 11 17.5 3",
  plus: "M10 4v12M4 10h12",
  reply: "M8 4.5 3 9.5l5 5M3.5 9.5H11c3.5 0 6 2 6 6",
  retry: "M16 10a6 6 0 1 1-1.8-4.3M16.2 3v3.5h-3.5",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17.5 17.5",
  send: "M10 16.5v-13M4.5 9 10 3.5 15.5 9",
  stop: "M6 6h8v8H6V6Z",
  trash: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11.5h7.4l.8-11.5M8.5 8.5v5.5M11.5 8.5v5.5",
} as const;

export type IconName = keyof typeof drawings;

/** A drawing beside words that say the same; a drawing that stands alone needs a `label`. */
export function Icon({ name, label }: { name: IconName; label?: string | undefined }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}
    >
      {label && <title>{label}</title>}
      <path d={drawings[name]} />
    </svg>
  );
}

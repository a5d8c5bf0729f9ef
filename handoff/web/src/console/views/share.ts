import { language } from "../../language";

/** "0,04": a number as people write it. */
export function plain(value: number): string {
  return value.toLocaleString(language.value, { maximumFractionDigits: 4 });
}

/** "94,2 %", or a dash where nothing was measured. */
export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined) return "–";
  return share.toLocaleString(language.value, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

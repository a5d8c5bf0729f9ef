import { useComputed } from "@preact/signals";
import { now } from "../../clock";
import { duration } from "../../time";

/** How long ago something was; only this text changes as time goes by. */
export function Elapsed({ since }: { since: string }) {
  return <Ticking key={since} since={Date.parse(since)} />;
}

function Ticking({ since }: { since: number }) {
  const text = useComputed(() => duration(now.value - since));
  return <>{text}</>;
}

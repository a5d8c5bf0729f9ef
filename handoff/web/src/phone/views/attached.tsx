import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../../icons";
import type { Media } from "../../shapes";
import type { Line } from "../line";
import { t } from "../words";

/** A file of the conversation. It is behind the sender's token, so it is fetched and shown from memory. */
export function Attached({ line, media }: { line: Line; media: Media }) {
  const url = useSignal<string | null>(null);
  const failed = useSignal(media.state === "failed");
  const name = media.filename ?? t("document");

  useEffect(() => {
    if (media.state !== "stored") return;
    let made: string | null = null;
    let gone = false;
    line.file(media.url).then(
      (blob) => {
        if (gone) return;
        made = URL.createObjectURL(blob);
        url.value = made;
      },
      () => (failed.value = true),
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [media.url, media.state]);

  if (failed.value || !url.value) {
    return (
      <span class="phone-file">
        <Icon name={failed.value ? "alert" : "clock"} />
        {name} {t(failed.value ? "media_failed" : "media_waiting")}
      </span>
    );
  }
  if (media.kind === "image" || media.kind === "sticker") {
    return (
      <a class="phone-picture" href={url.value} target="_blank" rel="noopener">
        <img src={url.value} alt={media.filename ?? t("image")} />
      </a>
    );
  }
  if (media.kind === "voice" || media.kind === "audio") {
    return <audio controls src={url.value} aria-label={media.filename ?? t("voice")} />;
  }
  if (media.kind === "video") return <video controls src={url.value} aria-label={media.filename ?? t("video")} />;
  return (
    <a class="phone-file" href={url.value} download={name} aria-label={t("save_file", { name })}>
      <Icon name="file" />
      <span>{name}</span>
      <Icon name="download" />
    </a>
  );
}

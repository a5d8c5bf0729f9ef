import { Icon } from "../../icons";
import type { Media } from "../../shapes";
import { fileSize } from "../../time";
import { sentence } from "../sentence";
import { t, type Word } from "../words";
import { lightbox } from "./lightbox";

const words: Record<string, Word> = {
  image: "image",
  sticker: "sticker",
  voice: "voice",
  audio: "audio",
  video: "video",
};

/** A file that came or goes along: shown, played, or offered; or why it is not there. */
export function MediaView({ media }: { media: Media }) {
  const word = t(words[media.kind] ?? "document");
  const name = media.filename ?? word;
  if (media.state !== "stored") {
    const failed = media.state === "failed";
    return (
      <p class={`file-line ${media.state}`}>
        <Icon name={failed ? "alert" : "clock"} />
        <span>
          {name} {t(failed ? "media_failed" : "media_waiting")}
          {failed && media.problem && `: ${sentence(media.problem)}`}
        </span>
      </p>
    );
  }
  switch (media.kind) {
    case "image":
    case "sticker":
      return (
        <button
          class={`plain picture ${media.kind}`}
          aria-label={t("open_image", { name })}
          onClick={() => (lightbox.value = media)}
        >
          <img src={media.url} alt={name} loading="lazy" />
        </button>
      );
    case "voice":
    case "audio":
      return (
        <figure class="sound">
          <figcaption>
            <Icon name="mic" />
            {word}
          </figcaption>
          <audio controls preload="metadata" src={media.url} aria-label={name} />
        </figure>
      );
    case "video":
      return <video class="film" controls preload="metadata" src={media.url} aria-label={name} />;
    default:
      return (
        <a class="file-line stored" href={`${media.url}?download=1`} download={name}>
          <Icon name="file" />
          <span class="file-name" title={name}>
            {name}
          </span>
          {media.size !== null && <small>{fileSize(media.size)}</small>}
          <Icon name="download" label={t("download")} />
        </a>
      );
  }
}

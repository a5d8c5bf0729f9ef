import { signal } from "@preact/signals";
import { Icon } from "../../icons";
import type { Media } from "../../shapes";
import { t } from "../words";
import { Dialog } from "./dialog";

/** The picture shown large, or none. */
export const lightbox = signal<Media | null>(null);

/** A picture as large as the window. */
export function Lightbox() {
  const media = lightbox.value;
  const name = media?.filename ?? t("image");
  return (
    <Dialog open={media !== null} title={name} onClose={() => (lightbox.value = null)}>
      {media && (
        <div class="lightbox">
          <img src={media.url} alt={name} />
          <a class="button" href={`${media.url}?download=1`} download={name}>
            <Icon name="download" />
            {t("download")}
          </a>
        </div>
      )}
    </Dialog>
  );
}

import { Icon } from "../../icons";
import type { Place } from "../../shapes";
import { t } from "../words";

/** A point on the map, with a link to it; no map is loaded from anywhere. */
export function PlaceView({ place }: { place: Place }) {
  const { latitude, longitude, label } = place;
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <div class="place">
      <Icon name="pin" />
      <div>
        <strong dir="auto">{label ?? t("location")}</strong>
        <small>{point}</small>
        <a href={map} target="_blank" rel="noreferrer noopener">
          {t("open_map")}
        </a>
      </div>
    </div>
  );
}

import { useSignal } from "@preact/signals";
import type { TargetedEvent } from "preact";
import { Icon, type IconName } from "../../icons";
import type { Line } from "../line";
import { act } from "../lines";
import { t } from "../words";
import { ShareContact } from "./sharecontact";

/** Where the demo's building site is, when the browser does not tell where it really is. */
const site = { latitude: 52.52437, longitude: 13.41053 };

/** What can be sent besides words. */
export function AttachMenu({ line, done }: { line: Line; done: () => void }) {
  const sharing = useSignal(false);

  function sendFiles({ currentTarget }: TargetedEvent<HTMLInputElement>) {
    const files = [...(currentTarget.files ?? [])];
    if (!files.length) return;
    void act(line, {}, files);
    done();
  }

  function sendPlace(place: { latitude: number; longitude: number }) {
    void act(line, { location: place });
    done();
  }

  function sendWhereabouts() {
    if (!("geolocation" in navigator)) return sendPlace(site);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => sendPlace({ latitude, longitude }),
      () => sendPlace(site),
      { timeout: 5000 },
    );
  }

  if (sharing.value) {
    return (
      <div class="attach-menu">
        <ShareContact line={line} done={done} />
      </div>
    );
  }
  return (
    <div class="attach-menu">
      <label class="attach-item">
        <Mark name="camera" />
        {t("photo")}
        <input type="file" multiple onChange={(event) => sendFiles(event)} />
      </label>
      <label class="attach-item">
        <Mark name="mic" />
        {t("audio_file")}
        <input type="file" accept="audio/*" onChange={(event) => sendFiles(event)} />
      </label>
      <button class="attach-item" onClick={sendWhereabouts}>
        <Mark name="pin" />
        {t("location")}
      </button>
      <button class="attach-item" onClick={() => sendPlace(site)}>
        <Mark name="flag" />
        {t("site_location")}
      </button>
      <button class="attach-item" onClick={() => (sharing.value = true)}>
        <Mark name="contact" />
        {t("own_contact")}
      </button>
    </div>
  );
}

function Mark({ name }: { name: IconName }) {
  return (
    <span class="attach-mark">
      <Icon name={name} />
    </span>
  );
}

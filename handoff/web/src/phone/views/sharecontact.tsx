import { useSignal } from "@preact/signals";
import { Icon } from "../../icons";
import type { Line } from "../line";
import { act } from "../lines";
import { t } from "../words";

/** Somebody nobody knows has a phone too; this number belongs to nobody. */
const strangerPhone = "+491713920099";

interface ShareContactProps {
  line: Line;
  /** Whether the channel vouches that it is the sender's own number. */
  own?: boolean;
  done?: () => void;
}

/** Share the own number: at once as a known person, else after typing it. */
export function ShareContact({ line, own = false, done }: ShareContactProps) {
  const { person } = line.sender;
  const name = useSignal(person?.name ?? "");
  const phone = useSignal(person?.phone ?? strangerPhone);
  const share = () => {
    void act(line, { contact: { name: name.value.trim(), phone: phone.value.trim(), own } });
    done?.();
  };
  if (person) {
    return (
      <button class="share-button" onClick={() => share()}>
        <Icon name="contact" />
        {t("share_number")}
      </button>
    );
  }
  return (
    <form
      class="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        share();
      }}
    >
      <label>
        {t("name")}
        <input required value={name} autocomplete="name" onInput={(event) => (name.value = event.currentTarget.value)} />
      </label>
      <label>
        {t("phone")}
        <input
          required
          type="tel"
          value={phone}
          autocomplete="tel"
          onInput={(event) => (phone.value = event.currentTarget.value)}
        />
      </label>
      <button class="share-button">
        <Icon name="contact" />
        {t("share")}
      </button>
    </form>
  );
}

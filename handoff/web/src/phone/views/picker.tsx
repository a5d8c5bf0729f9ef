import { useSignal } from "@preact/signals";
import { Icon, type IconName } from "../../icons";
import { language } from "../../language";
import type { Channel } from "../../shapes";
import type { Person } from "../shapes";
import { chosen } from "../store/who";
import { roleName, t } from "../words";

const channels: [Channel, IconName][] = [
  ["whatsapp", "chat"],
  ["telegram", "plane"],
  ["webchat", "globe"],
];

interface PickerProps {
  people: readonly Person[];
  done: () => void;
  anotherStranger: () => void;
}

/** Who writes, and on which channel. */
export function Picker({ people, done, anotherStranger }: PickerProps) {
  const wanted = useSignal("");
  const words = wanted.value.trim().toLowerCase();
  const shown = people.filter(({ name, company }) => `${name} ${company ?? ""}`.toLowerCase().includes(words));
  const choose = (person: number | null) => {
    chosen.value = { ...chosen.value, person };
    done();
  };
  return (
    <>
      <fieldset class="channel-choice">
        <legend>{t("channel")}</legend>
        {channels.map(([channel, icon]) => (
          <button
            key={channel}
            class={`on-${channel}`}
            aria-pressed={chosen.value.channel === channel}
            onClick={() => (chosen.value = { ...chosen.value, channel })}
          >
            <Icon name={icon} />
            {t(channel)}
          </button>
        ))}
      </fieldset>
      <h2>{t("who_writes")}</h2>
      <input
        type="search"
        aria-label={t("find_person")}
        placeholder={t("find_person")}
        value={wanted}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <ul class="people-list">
        <li>
          <button class="person" aria-pressed={chosen.value.person === null} onClick={() => choose(null)}>
            <strong>{t("stranger")}</strong>
            <span class="about">{t("stranger_about")}</span>
          </button>
          {chosen.value.person === null && (
            <button class="chip" onClick={anotherStranger}>
              {t("new_stranger")}
            </button>
          )}
        </li>
        {shown.map((person) => (
          <li key={person.id}>
            <button class="person" aria-pressed={chosen.value.person === person.id} onClick={() => choose(person.id)}>
              <strong>{person.name}</strong>
              <span class="works" title={person.company ?? undefined}>
                {[roleName(person.role), person.company].filter(Boolean).join(" · ")}
              </span>
              <span class="about">{person.about[language.value]}</span>
            </button>
          </li>
        ))}
        {shown.length === 0 && <li class="muted">{t("nobody_found")}</li>}
      </ul>
    </>
  );
}

import { useSignal } from "@preact/signals";
import icon from "../../icon.svg";
import { Icon } from "../../icons";
import { language } from "../../language";
import { forgetLine, lineOf } from "../lines";
import { chosen, loadPeople, people, peopleFailed, sender, strangers } from "../store/who";
import { t } from "../words";
import { Chat } from "./chat";
import { Handset } from "./handset";
import { Picker } from "./picker";

/** The demo: choose who you are, and write on that phone. */
export function Demo() {
  const choosing = useSignal(false);
  const who = sender.value;
  const generation = strangers.value;
  const line = who && lineOf(who);

  function anotherStranger() {
    if (line && !line.sender.person) forgetLine(line);
    chosen.value = { ...chosen.value, person: null };
    strangers.value++;
    choosing.value = false;
  }

  return (
    <main class={`demo${choosing.value ? " choosing" : ""}`}>
      <div class="picker-side">
        <header>
          <h1>
            <img src={icon} alt="" width="28" height="28" />
            Bauruf · {t("title")}
          </h1>
          <button class="round close-picker" aria-label={t("close")} onClick={() => (choosing.value = false)}>
            <Icon name="close" />
          </button>
        </header>
        <p class="muted">{t("lead")}</p>
        <p class="side-links">
          <a href="/console/" target="bauruf-console">
            {t("open_console")}
          </a>
          <button class="chip" onClick={() => (language.value = language.value === "de" ? "en" : "de")}>
            {language.value === "de" ? "English" : "Deutsch"}
          </button>
        </p>
        {peopleFailed.value ? (
          <p role="alert">
            {t("people_failed")}{" "}
            <button class="chip" onClick={() => void loadPeople()}>
              {t("try_again")}
            </button>
          </p>
        ) : people.value ? (
          <Picker people={people.value} done={() => (choosing.value = false)} anotherStranger={anotherStranger} />
        ) : (
          <p class="muted">{t("loading")}</p>
        )}
      </div>
      <div class="stage">
        <Handset>
          {line && (
            <Chat
              key={`${line.id} ${generation}`}
              line={line}
              lead={
                <button
                  class="round open-picker"
                  aria-label={t("choose_other")}
                  onClick={() => (choosing.value = true)}
                >
                  <Icon name="person" />
                </button>
              }
            />
          )}
        </Handset>
        <p class="you-are">{who && t("you_are", { who: who.person?.name ?? t("stranger") })}</p>
      </div>
    </main>
  );
}

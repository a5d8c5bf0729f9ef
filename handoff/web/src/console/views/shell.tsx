import { openId, pagesFor, route, type Page } from "../route";
import type { Session } from "../../shapes";
import { sentence } from "../sentence";
import { announcement } from "../store/attention";
import { notices } from "../store/queue";
import { now } from "../../clock";
import { moment } from "../../time";
import { t } from "../words";
import { Icon } from "../../icons";
import { Accounts } from "./accounts";
import { Answers } from "./answers";
import { Desk } from "./desk";
import { Help } from "./help";
import { Lightbox } from "./lightbox";
import { Quarantine } from "./quarantine";
import { Team } from "./team";
import { Toasts } from "./toasts";
import { TopBar } from "./topbar";
import { TrainingPage } from "./training";

/** The frame around every page. */
export function Shell({ session }: { session: Session }) {
  const page: Page = pagesFor(session.agent.role).includes(route.value.page) ? route.value.page : "conversations";
  return (
    <div class={`shell${page === "conversations" && openId.value !== null ? " has-open" : ""}`}>
      <TopBar session={session} page={page} />
      <Notices />
      {page === "conversations" && <Desk />}
      {page === "accounts" && <Accounts />}
      {page === "answers" && <Answers />}
      {page === "training" && <TrainingPage />}
      {page === "team" && <Team />}
      {page === "quarantine" && <Quarantine />}
      <Toasts />
      <Help />
      <Lightbox />
      <p class="visually-hidden" aria-live="assertive">
        {announcement}
      </p>
    </div>
  );
}

function Notices() {
  if (!notices.value.length) return null;
  return (
    <section class="notices" aria-label={t("notices")}>
      {notices.value.map((notice) => (
        <p key={notice.key}>
          <Icon name="alert" />
          <span>{sentence(notice.text)}</span>
          <small>{t("since", { when: moment(notice.since, now.peek()) })}</small>
        </p>
      ))}
    </section>
  );
}

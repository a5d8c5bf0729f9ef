import { effect } from "@preact/signals";
import { render } from "preact";
import "../theme";
import "../phone/styles/page.css";
import "../phone/styles/chat.css";
import { lineOf, outbox } from "../phone/lines";
import { Chat } from "../phone/views/chat";

/** The visitor of the website: the same one as long as the browser remembers. */
const line = lineOf({ channel: "webchat", person: null });

effect(() => {
  document.title = line.title.value || "Chat";
});
render(
  <main class="whole-page">
    <Chat line={line} />
  </main>,
  document.body,
);
void outbox.open();

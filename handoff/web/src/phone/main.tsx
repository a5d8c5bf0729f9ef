import { effect } from "@preact/signals";
import { render } from "preact";
import "../theme";
import "./styles/page.css";
import "./styles/chat.css";
import "./styles/demo.css";
import { outbox } from "./lines";
import { loadPeople } from "./store/who";
import { Demo } from "./views/demo";
import { t } from "./words";

effect(() => {
  document.title = `Bauruf – ${t("title")}`;
});
render(<Demo />, document.body);
void outbox.open();
void loadPeople();

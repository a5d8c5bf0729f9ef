import { render } from "preact";
import "../theme";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/queue.css";
import "./styles/conversation.css";
import "./styles/messages.css";
import "./styles/composer.css";
import "./styles/account.css";
import "./styles/admin.css";
import { listenToKeys } from "./keys";
import { resume } from "./store/session";
import "./store/live";
import { App } from "./views/app";

listenToKeys();
render(<App />, document.body);
void resume();

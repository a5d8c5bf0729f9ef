import { render } from "preact";

render(<main>Bauruf</main>, document.body);

import { session } from "../store/session";
import { Login, Splash } from "./login";
import { Shell } from "./shell";

/** The console: a sign-in, or the desk. */
export function App() {
  if (session.value === undefined) return <Splash />;
  return session.value === null ? <Login /> : <Shell session={session.value} />;
}

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, Unreachable } from "../../http";
import { language } from "../../language";
import type { Role } from "../../shapes";
import { api } from "../api";
import { chooseLanguage, serverAway, signIn } from "../store/session";
import { refusal, t } from "../words";
import { Brand } from "./brand";

interface DemoLogin {
  name: string;
  email: string;
  password: string;
  role: Role;
}

/** Who are you? In demo mode one click answers. */
export function Login() {
  const email = useSignal("");
  const password = useSignal("");
  const busy = useSignal(false);
  const problem = useSignal("");
  const demo = useSignal<DemoLogin[]>([]);

  useEffect(() => {
    api.get<{ logins: DemoLogin[] }>("demo").then(
      ({ logins }) => (demo.value = logins),
      () => undefined,
    );
  }, []);

  async function enter(asEmail: string, asPassword: string) {
    busy.value = true;
    problem.value = "";
    try {
      await signIn(asEmail, asPassword);
    } catch (error) {
      if (error instanceof Unreachable) problem.value = t("unreachable");
      else if (error instanceof ApiError) problem.value = refusal(error);
      else throw error;
    } finally {
      busy.value = false;
    }
  }

  return (
    <main class="login">
      <form
        class="login-box"
        onSubmit={(event) => {
          event.preventDefault();
          void enter(email.value, password.value);
        }}
      >
        <h1>
          <Brand />
        </h1>
        <p class="muted">{t("sign_in_lead")}</p>
        <label>
          {t("email")}
          <input
            type="email"
            autocomplete="username"
            required
            value={email}
            onInput={(event) => (email.value = event.currentTarget.value)}
          />
        </label>
        <label>
          {t("password")}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button class="button primary" disabled={busy}>
          {busy.value ? t("signing_in") : t("sign_in")}
        </button>
        {demo.value.length > 0 && (
          <section class="demo-logins">
            <h2>{t("demo_logins")}</h2>
            {demo.value.map((login) => (
              <button
                type="button"
                class="button"
                key={login.email}
                disabled={busy}
                onClick={() => void enter(login.email, login.password)}
              >
                <span>{login.name}</span>
                <span class="muted">{t(login.role === "admin" ? "role_admin" : "role_agent")}</span>
              </button>
            ))}
          </section>
        )}
        <p class="language-choice">
          {(["de", "en"] as const).map((choice) => (
            <button
              type="button"
              class="plain"
              key={choice}
              aria-pressed={language.value === choice}
              onClick={() => void chooseLanguage(choice)}
            >
              {choice === "de" ? "Deutsch" : "English"}
            </button>
          ))}
        </p>
      </form>
    </main>
  );
}

/** Before the server has said who is signed in. */
export function Splash() {
  return (
    <main class="login">
      <div class="splash" role="status">
        <Brand />
        <p class="muted">{serverAway.value ? t("server_away") : t("loading")}</p>
      </div>
    </main>
  );
}

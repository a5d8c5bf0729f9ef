import { ApiError, request } from "../http";

/** Proves that a change comes from this page; the session brings it. */
let csrf = "";
let signedOut: () => void = () => undefined;

/** Use a session's token from now on; `onSignedOut` is called when the server has forgotten the session. */
export function useSession(token: string, onSignedOut: () => void): void {
  csrf = token;
  signedOut = onSignedOut;
}

async function call<T>(method: string, path: string, body: { json?: unknown; form?: FormData } = {}): Promise<T> {
  try {
    return await request<T>(method, `/api/${path}`, { ...body, headers: csrf ? { "X-CSRF-Token": csrf } : {} });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && csrf) signedOut();
    throw error;
  }
}

/** The console's calls; see docs/console-api.md. All throw ApiError or Unreachable. */
export const api = {
  get: <T>(path: string) => call<T>("GET", path),
  post: <T>(path: string, json?: unknown) => call<T>("POST", path, { json: json ?? {} }),
  postForm: <T>(path: string, form: FormData) => call<T>("POST", path, { form }),
  put: <T>(path: string, json: unknown) => call<T>("PUT", path, { json }),
  patch: <T>(path: string, json: unknown) => call<T>("PATCH", path, { json }),
  delete: <T>(path: string) => call<T>("DELETE", path),
};

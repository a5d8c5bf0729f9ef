import { learnServerTime } from "./clock";

/** What the server refused and why; `message` is a sentence in English. */
export interface Refusal {
  code: string;
  message: string;
  detail: Record<string, unknown>;
}

/** The server answered with an error. */
export class ApiError extends Error implements Refusal {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** Whether the same request may succeed later, without anybody changing it. */
  get passes(): boolean {
    return this.status === 401 || this.status === 429 || this.status >= 500;
  }
}

/** No answer at all: no network, or the server is away. */
export class Unreachable extends Error {}

interface Body {
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
}

/**
 * One request; the answer's JSON, or undefined for 204.
 * Throws ApiError when the server refuses and Unreachable when there is no answer from it.
 */
export async function request<T>(method: string, path: string, { json, form, headers }: Body = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...headers, ...(json === undefined ? {} : { "Content-Type": "application/json" }) },
      body: json === undefined ? (form ?? null) : JSON.stringify(json),
      credentials: "same-origin",
    });
  } catch {
    throw new Unreachable(path);
  }
  learnServerTime(response.headers.get("Date"));
  if (!response.ok) throw await readError(response);
  try {
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch {
    throw new Unreachable(path);
  }
}

async function readError(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: { code: string; message: string } } | null)?.error;
  if (error) return new ApiError(response.status, error.code, error.message, { ...error });
  // A proxy speaks while the server is away: the same as no answer.
  if (response.status >= 502 && response.status <= 504) return new Unreachable(response.url);
  return new ApiError(response.status, "unknown", `${response.status} ${response.statusText}`);
}

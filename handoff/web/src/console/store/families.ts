import { api } from "../api";

/** A family of devices and what people call it. */
export interface Family {
  code: string;
  title: Record<"de" | "en", string>;
  articles: number;
  names: { name: string; shipped: boolean; others: string[] }[];
  removed: string[];
}

const path = (code: string) => `corpus/families/${encodeURIComponent(code)}/names`;

export async function findFamilies(words: string): Promise<Family[]> {
  return (await api.get<{ families: Family[] }>(`corpus/families?${new URLSearchParams({ q: words })}`)).families;
}

/** Call a family by one more name, or again by a removed one. Throws ApiError `same_name`, `bad_family_name`. */
export const addName = (code: string, name: string) => api.post(path(code), { name });

export const removeName = (code: string, name: string) => api.delete(`${path(code)}/${encodeURIComponent(name)}`);

/** How many names of a file are new; with `apply`, they are taken in. Throws ApiError `bad_corpus`, `no_family`. */
export async function importNames(file: File, apply: boolean): Promise<{ added: number; same: number }> {
  const form = new FormData();
  form.set("file", file);
  form.set("apply", apply ? "yes" : "no");
  return await api.postForm("corpus/families/import", form);
}

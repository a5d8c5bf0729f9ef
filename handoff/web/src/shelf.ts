/**
 * Records with a `key` that this browser keeps, files included (IndexedDB). Where the browser keeps
 * nothing (private windows of some), the shelf is empty and whatever is put there is gone at reload.
 */
export class Shelf<Item extends { key: string }> {
  private readonly store: Promise<IDBDatabase | null>;

  constructor(private readonly name: string) {
    this.store = open(`bauruf.${name}`, name);
  }

  async all(): Promise<Item[]> {
    return (await this.run<Item[]>("readonly", (items) => items.getAll())) ?? [];
  }

  async put(item: Item): Promise<void> {
    await this.run("readwrite", (items) => items.put(item));
  }

  async remove(key: string): Promise<void> {
    await this.run("readwrite", (items) => items.delete(key));
  }

  private async run<T>(
    mode: IDBTransactionMode,
    ask: (items: IDBObjectStore) => IDBRequest,
  ): Promise<T | undefined> {
    const database = await this.store;
    if (!database) return undefined;
    return await new Promise((resolve) => {
      const transaction = database.transaction(this.name, mode);
      const answer = ask(transaction.objectStore(this.name));
      transaction.oncomplete = () => resolve(answer.result as T);
      transaction.onabort = () => resolve(undefined);
    });
  }
}

function open(database: string, store: string): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open(database, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: "key" });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

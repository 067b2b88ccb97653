/* Where records are kept: the browser's own database, or memory. Both have the verbs read, all and update. In and out: values by
   name, as they are. Nothing is decided here; store.js says where, when and under which key. */

export const NAME = "csbp-assessment";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The browser's own database behind three verbs. */
export class Device {
  static async open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("records");
    const device = new Device();
    device.base = await done(request);
    device.base.onversionchange = () => device.base.close();
    return device;
  }

  /** Removes the database; other tabs let go of it when they hear of that (onversionchange). */
  static async remove() {
    await done(indexedDB.deleteDatabase(NAME));
  }

  read(names) {
    const table = this.base.transaction("records").objectStore("records");
    return Promise.all(names.map((name) => done(table.get(name))));
  }

  async all() {
    const table = this.base.transaction("records").objectStore("records");
    const [names, values] = await Promise.all([done(table.getAllKeys()), done(table.getAll())]);
    return names.map((name, place) => [name, values[place]]);
  }

  /** Writes what `change` makes of the values by `names`, in one transaction: no other tab comes between. All entries or
      none; `undefined` deletes. Strict waits for the disk, for moments when there is time. */
  update(names, change, { clear = false, strict = false } = {}) {
    return new Promise((resolve, reject) => {
      const work = this.base.transaction("records", "readwrite", { durability: strict ? "strict" : "relaxed" });
      work.oncomplete = resolve;
      work.onabort = () => reject(work.error);
      const table = work.objectStore("records");
      const write = (found) => {
        const entries = change(found);
        if (clear) table.clear();
        for (const [name, value] of entries) value === undefined ? table.delete(name) : table.put(value, name);
      };
      const fail = (error) => {
        reject(error);
        work.abort();
      };
      Promise.all(names.map((name) => done(table.get(name)))).then(write).catch(fail);
    });
  }
}

/** The same verbs in memory, for shared computers and refused storage. */
export class Memory {
  table = new Map();
  read = async (names) => names.map((name) => this.table.get(name));
  all = async () => [...this.table];
  async update(names, change, { clear = false } = {}) {
    const entries = change(await this.read(names));
    if (clear) this.table.clear();
    for (const [name, value] of entries) value === undefined ? this.table.delete(name) : this.table.set(name, value);
  }
}

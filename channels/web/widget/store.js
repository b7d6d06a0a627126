// What the browser keeps of a conversation: nothing before the first message.

/** @typedef {{ id: string, text: string, lang?: string }} Written A message on its way. */

/** @param {() => Storage} storage @param {string} key @returns {any} */
const read = (storage, key) => {
  try { return JSON.parse(storage().getItem(key) ?? "null"); } catch { return null; }
};

/** Whether it could be kept. @param {() => Storage} storage @param {string} key @param {any} value */
const write = (storage, key, value) => {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(value));
    return true;
  } catch { return false; }
};

const tab = () => sessionStorage;
const device = () => localStorage;

/** The token in this tab, or on this device where the person asked for it; unsent messages in this tab. */
export class Store {
  /** @type {string | null} */
  #token;
  /** @type {Written[]} */
  #pending;

  /** @param {string} agency */
  constructor(agency) {
    this.key = `govchat.${agency}`;
    this.#token = read(device, this.key) ?? read(tab, this.key);
    this.#pending = read(tab, `${this.key}.pending`) ?? [];
    this.isRemembered = read(device, this.key) !== null;
  }

  get token() { return this.#token; }

  set token(token) {
    this.#token = token;
    write(this.isRemembered ? device : tab, this.key, token);
  }

  get pending() { return this.#pending; }

  set pending(pending) {
    this.#pending = pending;
    write(tab, `${this.key}.pending`, pending.length ? pending : null);
  }

  /** Said only of a conversation that has begun. @param {boolean} isOpen */
  leftOpen(isOpen) {
    if (this.#token || this.#pending.length) write(tab, `${this.key}.open`, isOpen || null);
  }

  /** Keep the conversation on this device, or in this tab only. @param {boolean} wanted */
  remember(wanted) {
    this.isRemembered = wanted;
    if (!this.#token) return;
    write(wanted ? device : tab, this.key, this.#token);
    write(wanted ? tab : device, this.key, null);
  }

  /** Forget everything. */
  empty() {
    this.#token = null;
    this.pending = [];
    this.isRemembered = false;
    for (const storage of [tab, device]) write(storage, this.key, null);
    write(tab, `${this.key}.open`, null);
  }

  /** Calls back when another tab of this device changed the token. @param {(token: string | null) => void} changed */
  onOtherTab(changed) {
    addEventListener("storage", (event) => {
      if (event.key !== this.key || event.storageArea !== device()) return;
      this.#token = read(device, this.key);
      this.isRemembered = this.#token !== null;
      changed(this.#token);
    });
  }
}

// What the browser keeps of a conversation: nothing before the first message.

/** @typedef {{ lang: string, notice: string | null, version: string | null }} Consent To the notice that was shown, in this language. */
/** @typedef {{ id: string, text: string, lang?: string, consent?: Consent }} Written A message on its way. */

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

const DELETED = "false";

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
    this.#token = read(device, this.key) || read(tab, this.key);
    this.#pending = read(tab, `${this.key}.pending`) ?? [];
    this.isRemembered = Boolean(read(device, this.key));
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
    if (this.isRemembered) write(device, this.key, false); // DELETED, for other tabs
    this.isRemembered = false;
    for (const storage of [tab, device]) write(storage, this.key, null);
    write(tab, `${this.key}.open`, null);
  }

  /**
   * Follows other tabs of this device, unless this one has a conversation of its own.
   * @param {{ changed: () => void, deleted: () => void }} around
   */
  onOtherTab({ changed, deleted }) {
    addEventListener("storage", ({ key, storageArea, newValue }) => {
      if (key !== this.key || storageArea !== device() || !(this.isRemembered || this.#token === null)) return;
      if (newValue === DELETED) {
        this.isRemembered = false;
        this.#token = null;
        write(tab, `${this.key}.open`, null);
        deleted();
      } else if (newValue === null) { // no longer to be remembered, or nothing here was
        this.isRemembered = false;
        write(tab, this.key, this.#token);
      } else {
        this.#token = read(device, this.key);
        this.isRemembered = this.#token !== null;
        changed();
      }
    });
  }
}

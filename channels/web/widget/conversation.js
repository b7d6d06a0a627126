// The conversation with the gateway: what comes of it, when it is received, and how it ends.

import { Connection, Failure } from "./connection.js";
import { newId, Sending } from "./sending.js";
import { Store } from "./store.js";

const HIDDEN_MS = 60_000;

/** @param {unknown} iso @returns {Date} */
const instant = (iso) => {
  const at = new Date(String(iso));
  return Number.isNaN(at.getTime()) ? new Date() : at;
};

export class Conversation {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hiding;

  /**
   * @param {{ gateway: URL, agency: string, speech: import("./cards.js").Speech, log: import("./log.js").Log,
   *   status: import("./status.js").Status, isOpen: () => boolean, unread: () => void, emptied: () => void,
   *   ended: () => void, demandConsent: (text: string) => boolean }} around
   */
  constructor(around) {
    const { gateway, agency, speech, log, status, isOpen } = around;
    this.around = around;
    this.store = new Store(agency);
    this.connection = new Connection({
      gateway, agency,
      token: () => this.store.token,
      happened: (happening) => this.#happened(happening),
      reached: (isReached) => status.reached(isReached),
      lost: () => this.#lost(),
      caughtUp: () => this.#caughtUp(),
    });
    this.sending = new Sending({
      speech, log, status, isOpen,
      store: this.store,
      connection: this.connection,
      lost: () => this.#lost(),
      rest: () => this.rest(),
      demandConsent: (text) => around.demandConsent(text),
    });
    this.store.onOtherTab({ changed: () => this.connect(), deleted: () => this.#emptied() });
    document.addEventListener("visibilitychange", () => this.#seenOrNot());
    addEventListener("online", () => this.connect());
    addEventListener("offline", () => status.reached(false));
    for (const written of this.store.pending) log.entries.push({ key: written.id, kind: "mine", text: written.text, at: new Date(), state: "queued" });
  }

  get hasBegun() { return Boolean(this.store.token || this.store.pending.length); }

  connect() {
    const { store, connection, sending } = this;
    const { log, isOpen } = this.around;
    if (store.pending.length) sending.send();
    if (!store.token || connection.isReceiving || !(isOpen() || sending.isAwaiting)) return;
    if (!connection.cursor) log.restore();
    connection.receive();
  }

  /** Nobody looks and nothing is awaited: no stream is kept. */
  rest() {
    if (!this.around.isOpen() && !this.sending.isAwaiting && !this.store.pending.length) this.connection.stop();
  }

  /** Whether it could be deleted, at the gateway and here: also what is on its way just now. */
  async delete() {
    const isForgotten = await this.#forget();
    if (isForgotten) {
      this.store.empty();
      this.#emptied();
    }
    this.sending.goOn();
    return isForgotten;
  }

  async #forget() {
    try {
      if (!await this.sending.hold()) return false;
      if (this.store.token) await this.connection.forget(this.store.token);
      return true;
    } catch (error) {
      return error instanceof Failure && error.kind === "token";
    }
  }

  /** @param {import("./connection.js").Happening} happening */
  #happened({ id, event, data }) {
    const { store, sending } = this;
    const { log, status, isOpen, unread } = this.around;
    if (event === "session") {
      store.token = data.token;
    } else if (event === "notice") {
      status.pin(data?.text ? data : null);
    } else if (event === "message") {
      const key = String(data.id ?? data.message_id ?? id);
      if (store.pending.some((written) => written.id === key)) sending.sent(key, "");
      if (!log.has(key)) log.add({ key, kind: "mine", text: String(data.text), at: instant(data.at), state: "" });
      sending.awaitReply(key, instant(data.at));
    } else if (event === "reply") {
      const key = `reply ${data.message_id ?? id}`;
      if (log.has(key)) return; // each message has one answer
      sending.replied(data.message_id);
      status.showState();
      log.add({ key, kind: "reply", answer: data, at: instant(data.at) });
      if (!isOpen()) unread();
      this.rest();
    }
  }

  #caughtUp() {
    const { log, status } = this.around;
    if (!status.isReached) status.reached(true);
    log.caughtUp();
  }

  /** The token is void: what was said stays in view, the next message begins anew, and so does consent. */
  #lost() {
    const { log, status, ended } = this.around;
    ended();
    this.store.pending = this.store.pending.map(({ consent, ...written }) => written);
    this.connection.stop();
    this.connection.cursor = null;
    this.store.token = null;
    this.sending.awaitNothing();
    status.showState();
    if (log.entries.length) log.add({ key: newId(), kind: "said", word: "ended" });
  }

  #seenOrNot() {
    clearTimeout(this.#hiding);
    if (document.visibilityState === "visible") this.connect();
    else this.#hiding = setTimeout(() => { if (!this.sending.isAwaiting) this.connection.stop(); }, HIDDEN_MS);
  }

  /** It was deleted, here or in another tab. */
  #emptied() {
    this.connection.stop();
    this.connection.cursor = null;
    this.sending.beginAnew();
    this.around.log.empty();
    this.around.emptied();
  }
}

// The way of a message: kept until the gateway has it, tried again meanwhile, then its answer is awaited.

import { Failure, patience, sleep } from "./connection.js";

const SLOW_MS = 20_000;
const HOPELESS_MS = 180_000;

/** A random UUID, on http too, where browsers do not offer theirs. @returns {string} */
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

export class Sending {
  /** @type {Set<string>} */
  #awaiting = new Set();
  #isSending = false;
  #isHeld = false;
  /** @type {Promise<boolean>} Whether it is known what became of the message that was sent last. */
  #attempt = Promise.resolve(true);
  #begun = 0; // counts conversations
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];

  /**
   * @param {{ speech: import("./cards.js").Speech, store: import("./store.js").Store, connection: import("./connection.js").Connection,
   *   log: import("./log.js").Log, status: import("./status.js").Status, isOpen: () => boolean, lost: () => void, rest: () => void,
   *   demandConsent: (text: string) => boolean }} around
   */
  constructor(around) {
    this.around = around;
  }

  get isAwaiting() { return this.#awaiting.size > 0; }

  /** @param {string} text @param {import("./store.js").Consent} [consent] */
  take(text, consent) {
    const { speech: { lang }, store, log } = this.around;
    const written = { id: newId(), text, ...(lang === "vi" ? {} : { lang }), ...(consent && { consent }) }; // Vietnamese pages follow the question
    store.pending = [...store.pending, written];
    log.add({ key: written.id, kind: "mine", text, at: new Date(), state: "sending" });
    store.leftOpen(true);
    this.send();
  }

  /** Sends what waits, one after the other, until nothing is left. */
  async send() {
    const { store, connection, log, status, isOpen, lost } = this.around;
    if (this.#isSending) return;
    this.#isSending = true;
    for (let failures = 0; store.pending.length && !this.#isHeld;) {
      const [written] = store.pending;
      const before = store.token;
      const begun = this.#begun;
      try {
        const sent = connection.send(written);
        this.#attempt = sent.then(() => true, (failure) => failure.kind !== "again");
        const accepted = await sent;
        if (begun !== this.#begun) { // deleted meanwhile, in another tab
          await connection.forget(accepted.token);
          continue;
        }
        if (!before) connection.cursor = accepted.cursor;
        store.token = accepted.token;
        this.sent(written.id, "");
        store.leftOpen(isOpen());
        failures = 0;
        this.awaitReply(written.id);
        status.reached(true);
        connection.receive();
      } catch (error) {
        if (begun !== this.#begun) continue;
        const failure = error instanceof Failure ? error : new Failure("again");
        if (failure.kind === "token" && before) {
          lost();
        } else if (failure.kind === "again") {
          log.mark(written.id, "queued");
          status.reached(false);
          await sleep(Math.max(patience(failures++), failure.afterMs));
        } else {
          this.sent(written.id, "refused");
          if (failure.code === "consent_required" && this.around.demandConsent(written.text)) log.drop(written.id);
        }
      }
    }
    this.#isSending = false;
  }

  /** Sends nothing more until `goOn`. Resolves when nothing is on its way: whether it is known what was taken. */
  hold() {
    this.#isHeld = true;
    return this.#attempt;
  }

  goOn() {
    this.#isHeld = false;
    this.send();
  }

  /** @param {string} id @param {"" | "refused"} state */
  sent(id, state) {
    const { store, log } = this.around;
    store.pending = store.pending.filter((other) => other.id !== id);
    log.mark(id, state);
  }

  /** @param {string} id @param {Date} [at] When it was sent: what is too old is not awaited. */
  awaitReply(id, at = new Date()) {
    const { speech, log, status, rest } = this.around;
    if (Date.now() - at.getTime() >= HOPELESS_MS || log.hasReplyTo(id)) return;
    this.#awaiting.add(id);
    status.showState();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [
      setTimeout(() => { if (this.isAwaiting) status.showState(speech.words.slow); }, SLOW_MS),
      setTimeout(() => { this.awaitNothing(); status.showState(); rest(); }, HOPELESS_MS),
    ];
  }

  /** @param {string} id */
  replied(id) {
    if (!this.#awaiting.delete(id)) this.#awaiting.clear();
  }

  awaitNothing() { this.#awaiting.clear(); }

  /** The conversation was deleted: what is on its way belongs to none. */
  beginAnew() {
    this.#begun++;
    this.awaitNothing();
  }
}

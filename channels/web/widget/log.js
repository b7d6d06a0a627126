// The log: what was said, by whom and when, each entry in its place and in view.

import { answerNodes } from "./cards.js";
import { el, paragraphs } from "./dom.js";

/** @typedef {import("./cards.js").Answer} Answer */
/** @typedef {"" | "sending" | "queued" | "refused"} Delivery */
/** @typedef {{ key: string, kind: "mine", text: string, at: Date, state: Delivery }
 *   | { key: string, kind: "reply", answer: Answer, at: Date } | { key: string, kind: "said", word: string }} Entry */

const RESTORED_MS = 500;

export class Log {
  /** @type {Entry[]} */
  entries = [];
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  #isRestoring = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #restoring;

  /**
   * @param {{ speech: import("./cards.js").Speech, dialog: HTMLElement, ask: (text: string) => void, copy: (text: string) => void,
   *   tell: (messageId: string, useful: boolean, why?: string) => Promise<any> }} around
   */
  constructor(around) {
    this.around = around;
  }

  /** All of it, in the language of the moment. */
  build() {
    const { words } = this.around.speech;
    this.intro = el("div", { class: "intro" });
    this.list = el("div", { class: "log", id: "log", role: "log", "aria-label": words.conversation, "aria-live": "off" });
    this.scroller = el("div", { class: "scroller", id: "scroller", tabindex: 0, role: "region", "aria-label": words.conversation }, this.intro, this.list);
    this.#nodes.clear();
    this.list.replaceChildren(...this.entries.map((entry) => this.#node(entry)));
    setTimeout(() => this.list.setAttribute("aria-live", this.#isRestoring ? "off" : "polite"));
  }

  /** @param {string} key */
  has(key) { return this.#nodes.has(key); }

  /** @param {string} messageId */
  hasReplyTo(messageId) {
    return this.entries.some((entry) => entry.kind === "reply" && entry.answer.message_id === messageId);
  }

  /** @param {Entry} entry */
  add(entry) {
    const at = this.#isRestoring ? this.entries.findIndex((other) => other.kind === "mine" && other.state) : -1;
    const node = this.#node(entry);
    if (at >= 0) {
      this.#nodes.get(this.entries[at].key)?.before(node);
      this.entries.splice(at, 0, entry);
    } else {
      this.entries.push(entry);
      this.list.append(node);
    }
    if (this.#isRestoring) this.scrollToEnd();
    else this.#show(node);
  }

  /** @param {string} key @param {Delivery} state */
  mark(key, state) {
    const entry = this.entries.find((other) => other.key === key);
    if (entry?.kind !== "mine" || entry.state === state) return;
    entry.state = state;
    const old = this.#nodes.get(key);
    old?.replaceWith(this.#node(entry));
  }

  /** What comes now was said before: it is not read out. */
  restore() {
    this.#isRestoring = true;
    this.list.setAttribute("aria-live", "off");
  }

  /** Nothing more of what was said before is on its way. */
  caughtUp() {
    if (!this.#isRestoring) return;
    clearTimeout(this.#restoring);
    this.#restoring = setTimeout(() => {
      this.#isRestoring = false;
      this.list.setAttribute("aria-live", "polite");
    }, RESTORED_MS);
  }

  empty() {
    this.entries = [];
    this.#nodes.clear();
    this.list?.replaceChildren();
  }

  scrollToEnd() {
    const last = this.list.lastElementChild;
    if (last) this.#show(last);
  }

  /** From its beginning, which a long answer would else leave above. @param {HTMLElement} node */
  #show(node) {
    const scroller = this.#scrolled();
    const top = node.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += top - 8;
  }

  /** On low windows all of the panel scrolls. */
  #scrolled() { return getComputedStyle(this.scroller).overflowY === "visible" ? this.around.dialog : this.scroller; }

  /** It will be said anew. @param {string} key */
  drop(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key);
    this.#nodes.get(key)?.remove();
    this.#nodes.delete(key);
  }

  /** @param {Entry} entry */
  #node(entry) {
    const { speech: { lang, words }, ask, copy, tell } = this.around;
    let node;
    if (entry.kind === "said") node = el("p", { class: "said" }, words[entry.word]);
    else if (entry.kind === "mine") {
      node = el("article", { class: "message mine" }, el("h3", {}, words.you, " ", this.#time(entry.at)), ...paragraphs(entry.text));
      if (entry.state) node.append(el("p", { class: "delivery", "data-state": entry.state }, words[`state_${entry.state}`]));
      if (entry.state === "refused") node.append(el("button", { type: "button", onclick: () => { this.drop(entry.key); ask(entry.text); } }, words.retry));
    } else {
      node = el("article", { class: "message", lang: entry.answer.lang }, el("h3", { lang }, words.bot, " ", this.#time(entry.at)), ...answerNodes(entry.answer, {
        words, lang, ask, copy,
        tell: (useful, why) => tell(entry.answer.message_id ?? "", useful, why),
      }));
    }
    this.#nodes.set(entry.key, node);
    return node;
  }

  /** @param {Date} at */
  #time(at) {
    const isToday = at.toDateString() === new Date().toDateString();
    /** @type {Intl.DateTimeFormatOptions} */
    const form = { hour: "2-digit", minute: "2-digit", ...(isToday ? {} : { day: "2-digit", month: "2-digit" }) };
    return el("time", { datetime: at.toISOString() }, at.toLocaleString(this.around.speech.lang, form));
  }
}

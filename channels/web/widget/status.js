// What is told beside the conversation: an urgent notice, what is awaited, and other ways while the gateway is not reached.

import { el, fill, webAddress } from "./dom.js";

export class Status {
  #failures = 0;
  #isReached = true;
  /** @type {any} */
  #notice = null;

  /**
   * @param {{ speech: import("./cards.js").Speech, isAwaiting: () => boolean, hotline: () => string, form: () => URL,
   *   stoodInFront: () => void }} around
   */
  constructor(around) {
    this.around = around;
  }

  build() {
    const { words } = this.around.speech;
    this.pinned = el("div", { class: "pinned", role: "region", "aria-label": words.urgent, "aria-live": "assertive", hidden: true });
    this.state = el("p", { class: "state", role: "status" });
    this.down = el("div", { class: "down", role: "status", hidden: true });
  }

  show() {
    this.#showPinned();
    this.showState();
    this.#showDown();
  }

  /** @param {any} notice */
  pin(notice) {
    this.#notice = notice;
    this.#showPinned();
  }

  get isReached() { return this.#isReached; }

  /** @param {boolean} isReached */
  reached(isReached) {
    this.#failures = isReached ? 0 : this.#failures + 1;
    this.#isReached = isReached;
    this.#showDown();
  }

  /** @param {string} [said] */
  showState(said) {
    const isWaiting = !said && this.around.isAwaiting();
    this.state.classList.toggle("dots", isWaiting);
    this.state.textContent = said ?? (isWaiting ? this.around.speech.words.waiting : "");
  }

  #showPinned() {
    const { words } = this.around.speech;
    const text = this.#notice?.text;
    const url = webAddress(this.#notice?.url);
    this.pinned.hidden = !text;
    this.pinned.replaceChildren(...(text ? [el("strong", {}, words.urgent), text] : []),
      ...(text && url ? [" ", el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, `${words.read_more} (${url.host})`)] : []));
  }

  #showDown() {
    const { words } = this.around.speech;
    const isDown = !this.#isReached && (this.#failures > 1 || !navigator.onLine);
    if (isDown === !this.down.hidden && this.down.childElementCount) return;
    this.down.hidden = !isDown;
    if (!isDown) return this.down.replaceChildren();
    const hotline = this.around.hotline();
    this.down.replaceChildren(
      el("p", {}, navigator.onLine ? words.down : words.offline),
      hotline ? el("a", { href: `tel:${hotline.replace(/[^\d+]/g, "")}` }, fill(words.hotline, { hotline })) : "",
      el("a", { href: this.around.form().href, target: "_blank", rel: "noopener" }, words.form));
    this.around.stoodInFront();
  }
}

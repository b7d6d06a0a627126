// The composer: where questions are written. Consent comes before the first of them, where the agency wants it.

import { el } from "./dom.js";

export class Composer {
  /** @type {import("./store.js").Consent | undefined} */
  #consent;
  #isDemanded = false; // by the gateway, which did not take a message without it

  /**
   * @param {{ speech: import("./cards.js").Speech, isConsentWanted: () => boolean, privacyLink: () => HTMLAnchorElement | null,
   *   version: () => string | null, take: (text: string, consent?: import("./store.js").Consent) => void }} around
   */
  constructor(around) {
    this.around = around;
  }

  /** In the language of the moment; what was written stays. */
  build() {
    const { words } = this.around.speech;
    const draft = this.question?.value ?? "";
    this.consent = el("div", { class: "down", role: "group", "aria-label": words.privacy, hidden: true });
    this.question = el("textarea", {
      id: "question", rows: 1, maxlength: 10000, autocomplete: "off", enterkeyhint: "send", placeholder: words.placeholder,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        this.form.requestSubmit();
      },
    });
    this.question.value = draft;
    const person = el("button", { type: "button", class: "act", id: "person", onclick: () => this.ask(words.person_text) }, words.person);
    this.form = el("form", {
      class: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const text = this.question.value;
        if (!text.trim()) return;
        this.question.value = "";
        this.ask(text);
      },
    },
    el("div", { class: "row top" }, el("label", { for: "question" }, words.question), person),
    el("div", { class: "row" }, this.question, el("button", { type: "submit", id: "send" }, words.send)));
  }

  /** @param {string} text */
  ask(text) {
    if (this.#isDemanded || !this.#consent && this.around.isConsentWanted()) this.#askConsent(text);
    else this.around.take(text, this.#consent);
  }

  /** The next conversation asks for consent again. */
  forgetConsent() {
    this.#consent = undefined;
    this.#isDemanded = false;
  }

  /** The gateway wants consent first. Whether the text could be put back into the field. @param {string} text */
  demandConsent(text) {
    this.#isDemanded = true;
    if (this.question.value.trim() || !this.consent.hidden) return false;
    this.#askConsent(text);
    return true;
  }

  /** Asked once in a conversation, where the agency wants it; until then nothing is sent or kept. @param {string} text */
  #askConsent(text) {
    const { speech: { lang, words }, privacyLink, version, take } = this.around;
    const notice = privacyLink();
    this.question.value ||= text; // it is lost in no way
    /** @param {boolean} isGiven */
    const end = (isGiven) => {
      this.consent.replaceChildren();
      this.consent.hidden = true;
      if (isGiven) {
        this.#consent = { lang, notice: notice?.href ?? null, version: version() };
        this.#isDemanded = false;
        if (this.question.value === text) this.question.value = "";
        take(text, this.#consent);
      }
      this.question.focus({ preventScroll: true });
    };
    const yes = el("button", { type: "button", id: "consent-yes", "aria-describedby": "consent", onclick: () => end(true) }, words.consent_yes);
    this.consent.replaceChildren(el("p", { id: "consent" }, words.consent), notice || "",
      el("div", { class: "row" }, yes, el("button", { type: "button", id: "consent-no", onclick: () => end(false) }, words.consent_no)));
    this.consent.hidden = false;
    yes.focus();
  }
}

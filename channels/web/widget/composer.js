// The composer: where questions are written. Consent comes before the first of them, where the agency wants it.

import { el } from "./dom.js";

export class Composer {
  #hasConsented = false;

  /**
   * @param {{ speech: import("./cards.js").Speech, isConsentWanted: () => boolean, privacyLink: () => HTMLElement | null,
   *   take: (text: string) => void }} around
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
    if (this.#hasConsented || !this.around.isConsentWanted()) this.around.take(text);
    else this.#askConsent(text);
  }

  /** The next conversation asks for consent again. */
  forgetConsent() { this.#hasConsented = false; }

  /** Asked once in a conversation, where the agency wants it; until then nothing is sent or kept. @param {string} text */
  #askConsent(text) {
    const { speech: { words }, privacyLink, take } = this.around;
    this.question.value ||= text; // it is lost in no way
    /** @param {boolean} isGiven */
    const end = (isGiven) => {
      this.consent.replaceChildren();
      this.consent.hidden = true;
      this.#hasConsented = isGiven;
      if (isGiven && this.question.value === text) this.question.value = "";
      if (isGiven) take(text);
      this.question.focus({ preventScroll: true });
    };
    const yes = el("button", { type: "button", id: "consent-yes", "aria-describedby": "consent", onclick: () => end(true) }, words.consent_yes);
    this.consent.replaceChildren(el("p", { id: "consent" }, words.consent), privacyLink() || "",
      el("div", { class: "row" }, yes, el("button", { type: "button", id: "consent-no", onclick: () => end(false) }, words.consent_no)));
    this.consent.hidden = false;
    yes.focus();
  }
}

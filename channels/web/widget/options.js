// The options behind the menu: the language, whether the conversation is remembered, and what can be done with it.

import { el, icon } from "./dom.js";

/** @typedef {import("./cards.js").Speech} Speech */

/** Each language in its own words, so that everybody finds theirs. @type {Record<string, string>} */
const LANGUAGES = { vi: "Tiếng Việt", en: "English", zh: "中文" };

/** @param {string} place @param {Speech} speech @param {(lang: string) => void} choose */
export const languages = (place, speech, choose) => el("div", { class: "row", role: "group", "aria-label": speech.words.language },
  ...Object.entries(LANGUAGES).map(([lang, name]) => el("button", {
    type: "button", lang, id: `${place}-${lang}`, "aria-pressed": String(lang === speech.lang), onclick: () => choose(lang),
  }, name)));

export class Options {
  /**
   * @param {{ speech: Speech, root: ShadowRoot, store: import("./store.js").Store, choose: (lang: string) => void,
   *   privacyLink: () => HTMLElement | null, print: () => void, save: () => void, remove: () => void }} around
   */
  constructor(around) {
    this.around = around;
  }

  build() {
    const { words } = this.around.speech;
    this.menu = el("button", {
      type: "button", id: "menu", "aria-label": words.options, "aria-expanded": "false", "aria-controls": "options",
      onclick: () => this.show(!this.areShown),
    }, icon("M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z"));
    this.box = el("div", { class: "options", id: "options", role: "group", "aria-label": words.options, hidden: true });
    this.list();
  }

  get areShown() { return !this.box.hidden; }

  /** @param {boolean} areShown */
  show(areShown) {
    const hadFocus = this.box.contains(this.around.root.activeElement);
    this.box.hidden = !areShown;
    this.menu.setAttribute("aria-expanded", String(areShown));
    if (areShown) this.box.querySelector("button").focus();
    else if (hadFocus) this.menu.focus();
  }

  list() {
    const { speech, store, choose, privacyLink, print, save } = this.around;
    const { words } = speech;
    const remember = el("input", { type: "checkbox", id: "remember", onchange: () => { store.remember(remember.checked); } });
    remember.checked = store.isRemembered;
    this.box.replaceChildren(
      languages("options", speech, choose),
      el("label", { class: "check" }, remember, el("span", {}, words.remember)),
      el("div", { class: "row" },
        el("button", { type: "button", id: "print", onclick: () => print() }, words.print),
        el("button", { type: "button", id: "save", onclick: () => save() }, words.save),
        el("button", { type: "button", id: "delete", onclick: () => this.#confirmDelete() }, words.delete)),
      privacyLink() || "");
  }

  #confirmDelete() {
    const { speech: { words }, root, remove } = this.around;
    const back = () => { this.list(); root.getElementById("delete")?.focus(); };
    const question = el("p", { id: "sure" }, words.delete_sure);
    const yes = el("button", { type: "button", id: "delete-yes", "aria-describedby": "sure", onclick: () => remove() }, words.delete_yes);
    this.box.replaceChildren(question, el("div", { class: "row" }, yes,
      el("button", { type: "button", id: "delete-no", onclick: back }, words.delete_no)));
    yes.focus();
  }
}

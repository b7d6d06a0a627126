// The panel: a dialog that keeps a conversation, whatever the network does meanwhile.

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { el, icon, paragraphs, webAddress } from "./dom.js";
import { Log } from "./log.js";
import { languages, Options } from "./options.js";
import { Status } from "./status.js";
import { STYLE } from "./styles.js";
import { copy, print, save } from "./transcript.js";

/** @type {Record<string, string>} File of the sentences of each language. */
const WORDS = __WORD_FILES__;

class Panel {
  #isOpen = false;
  /** @type {any} */
  #agency = {};
  #privacy = "";
  /** @type {string | null} */
  #version = null;
  #wantsConsent = false;

  /** @param {any} around What the loader gives. */
  constructor(around) {
    this.around = around;
    /** @type {import("./cards.js").Speech} */
    this.speech = { lang: "", words: {} };
    const { speech } = this;
    around.adopt(STYLE);
    this.dialog = el("dialog", { "aria-labelledby": "title" });
    const privacyLink = () => this.#privacyLink();
    this.status = new Status({
      speech,
      isAwaiting: () => this.conversation.sending.isAwaiting,
      hotline: () => around.host.getAttribute("hotline") || this.#agency.hotline || "",
      form: () => new URL(`widget/v1/form?agency=${encodeURIComponent(around.agency)}`, around.gateway),
      stoodInFront: () => this.log.scrollToEnd(),
    });
    this.log = new Log({
      speech,
      dialog: this.dialog,
      ask: (text) => this.composer.ask(text),
      copy: async (text) => { await copy(text, this.dialog); this.status.showState(speech.words.copied); },
      tell: (messageId, useful, why) => this.conversation.connection.feedback(messageId, useful, why),
    });
    this.conversation = new Conversation({
      speech,
      gateway: around.gateway,
      agency: around.agency,
      log: this.log,
      status: this.status,
      isOpen: () => this.#isOpen,
      unread: around.unread,
      emptied: () => this.#emptied(),
      ended: () => this.composer.forgetConsent(),
      demandConsent: (text) => this.composer.demandConsent(text),
    });
    this.composer = new Composer({
      speech, privacyLink,
      isConsentWanted: () => !this.conversation.hasBegun && (this.#wantsConsent || around.host.hasAttribute("consent")),
      version: () => around.host.hasAttribute("privacy") ? null : this.#version, // which is of the agency's own notice
      take: (text, consent) => this.conversation.sending.take(text, consent),
    });
    const transcript = () => ({ entries: this.log.entries, title: this.title.textContent, speech, dialog: this.dialog });
    this.options = new Options({
      speech, privacyLink,
      store: this.conversation.store,
      root: around.root,
      choose: around.choose,
      print: () => print(transcript()),
      save: () => save(transcript()),
      remove: () => this.#delete(),
    });
    this.#listen();
  }

  /** @param {{ focus: boolean }} how */
  async open({ focus }) {
    await this.speak(this.around.host.language);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.around.opened();
      this.#stand();
      this.conversation.store.leftOpen(true);
      this.#configure();
      this.conversation.connect();
    }
    if (focus) this.composer.question.focus({ preventScroll: true });
    this.log.scrollToEnd();
  }

  /** @param {{ focus: boolean }} how */
  close({ focus }) {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.dialog.close();
    this.conversation.store.leftOpen(false);
    this.around.closed(focus);
    this.conversation.rest();
  }

  /** Say everything in this language from now on. @param {string} lang */
  async speak(lang) {
    if (lang === this.speech.lang) return;
    const { words } = await this.around.load(WORDS[lang]);
    this.speech.lang = lang;
    this.speech.words = words;
    this.#build();
    if (this.#isOpen) this.#configure();
  }

  // -- how it stands ----------------------------------------------------------------------------------------------

  #listen() {
    const { dialog, around } = this;
    dialog.addEventListener("cancel", (/** @type {Event} */ event) => { event.preventDefault(); this.#escape(); });
    dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.#escape();
    });
    for (const name of ["paste", "drop", "dragover"]) dialog.addEventListener(name, (/** @type {any} */ event) => this.#refuseFiles(event));
    around.root.append(dialog);
    around.narrow.addEventListener("change", () => { if (this.#isOpen) this.#stand(); });
    visualViewport?.addEventListener("resize", () => this.#fit());
  }

  /** Beside the page where there is room, else over all of it. */
  #stand() {
    const focused = this.around.root.activeElement;
    const isWhole = this.around.narrow.matches;
    if (this.dialog.open) this.dialog.close();
    this.dialog.classList.toggle("whole", isWhole);
    if (isWhole) this.dialog.showModal();
    else this.dialog.show();
    (focused && this.dialog.contains(focused) ? focused : this.composer.question).focus({ preventScroll: true });
    this.#fit();
  }

  /** Above the keyboard of a telephone, which covers the page without making it smaller. */
  #fit() {
    if (visualViewport && this.#isOpen) this.dialog.style.setProperty("--seen", `${Math.round(visualViewport.height)}px`);
  }

  #escape() {
    if (this.options.areShown) this.options.show(false);
    else this.close({ focus: true });
  }

  #build() {
    const { speech: { lang, words }, status, log, options, composer } = this;
    const focused = /** @type {HTMLElement | null} */ (this.around.root.activeElement)?.id;
    this.dialog.lang = lang;
    for (const part of [options, status, log, composer]) part.build();
    this.title = el("h2", { id: "title" }, this.#agency.name || words.title);
    const crest = this.around.host.getAttribute("crest");
    const close = el("button", { type: "button", id: "close", "aria-label": words.close, onclick: () => this.close({ focus: true }) },
      icon("M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z"));
    const head = el("div", { class: "head" }, crest && el("img", { src: crest, alt: "" }), el("div", {}, this.title, el("p", {}, words.machine)), options.menu, close);
    this.#buildIntro();
    this.dialog.replaceChildren(head, options.box, status.pinned, log.scroller, status.state, status.down, composer.consent, composer.form);
    status.show();
    if (focused && this.#isOpen) /** @type {any} */ (this.around.root.getElementById(focused))?.focus({ preventScroll: true });
    log.scrollToEnd();
  }

  #buildIntro() {
    const { words } = this.speech;
    this.log.intro.replaceChildren(
      languages("intro", this.speech, this.around.choose),
      ...paragraphs(words.intro),
      ...paragraphs(words.caution, "aside"),
      this.#privacyLink() || "",
      el("ul", { class: "choices", role: "list" }, ...[words.example_1, words.example_2, words.example_3].map((example) =>
        el("li", {}, el("button", { type: "button", onclick: () => this.composer.ask(example) }, example)))));
  }

  #privacyLink() {
    const url = webAddress(this.around.host.getAttribute("privacy") || this.#privacy, ["https:", "http:"]);
    return url && el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, this.speech.words.privacy);
  }

  /** Photographs are not taken, least of all of identity papers. @param {any} event */
  #refuseFiles(event) {
    const files = event.clipboardData?.files ?? event.dataTransfer?.files;
    const holds = files?.length || [...(event.dataTransfer?.types ?? [])].includes("Files");
    if (!holds) return;
    event.preventDefault();
    if (event.type !== "dragover") this.status.showState(this.speech.words.no_pictures);
  }

  async #configure() {
    try {
      const facts = await this.conversation.connection.config(this.speech.lang);
      this.#agency = facts.agency ?? {};
      this.#privacy = facts.privacy_url ?? "";
      this.#version = facts.privacy_version ?? null;
      this.#wantsConsent = facts.requires_consent === true;
      if (this.#agency.name) this.title.textContent = this.#agency.name;
      this.status.pin(facts.notice ?? null);
      this.#buildIntro();
      this.status.reached(true);
    } catch {
      this.status.reached(false);
    }
  }

  async #delete() {
    if (!await this.conversation.delete()) return this.status.showState(this.speech.words.delete_failed);
    this.options.show(false);
    this.composer.question.focus();
  }

  /** It was deleted, here or in another tab. */
  #emptied() {
    this.composer.forgetConsent();
    if (!this.speech.lang) return;
    this.options.list();
    this.status.showState(this.speech.words.deleted);
  }
}

/** @param {any} around */
export const createPanel = (around) => new Panel(around);

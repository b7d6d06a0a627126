// The panel: a dialog that keeps a conversation, whatever the network does meanwhile.

import { answerNodes, withSource } from "./cards.js";
import { Connection, Failure, patience, sleep } from "./connection.js";
import { el, fill, icon, paragraphs, webAddress } from "./dom.js";
import { Store } from "./store.js";
import { PAPER, STYLE } from "./styles.js";

/** @typedef {import("./cards.js").Answer} Answer */
/** @typedef {{ key: string, kind: "mine", text: string, at: Date, state: "" | "sending" | "queued" | "refused" }
 *   | { key: string, kind: "reply", answer: Answer, at: Date } | { key: string, kind: "said", word: string }} Entry */

/** @type {Record<string, string>} File of the sentences of each language. */
const WORDS = __WORD_FILES__;

/** Each language in its own words, so that everybody finds theirs. @type {Record<string, string>} */
const LANGUAGES = { vi: "Tiếng Việt", en: "English", zh: "中文" };
const SLOW_MS = 20_000;
const HOPELESS_MS = 180_000;
const HIDDEN_MS = 60_000;
const RESTORED_MS = 500;

/** A random UUID, on http too, where browsers do not offer theirs. @returns {string} */
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6] & 0x0f | 0x40;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/** @param {unknown} iso @returns {Date} */
const instant = (iso) => {
  const at = new Date(String(iso));
  return Number.isNaN(at.getTime()) ? new Date() : at;
};

class Panel {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  /** @type {Set<string>} */
  #awaiting = new Set();
  #isOpen = false;
  #isSending = false;
  #isReached = true;
  #isRestoring = false;
  #failures = 0;
  #hasConsented = false;
  #begun = 0; // counts conversations
  #draft = "";
  /** @type {any} */
  #agency = {};
  /** @type {any} */
  #notice = null;
  #privacy = "";
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hiding;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #restoring;

  /** @param {any} around What the loader gives. */
  constructor(around) {
    this.around = around;
    this.lang = "";
    /** @type {Record<string, string>} */
    this.words = {};
    this.store = new Store(around.agency);
    this.connection = new Connection({
      gateway: around.gateway,
      agency: around.agency,
      token: () => this.store.token,
      happened: (happening) => this.#happened(happening),
      reached: (isReached) => this.#reached(isReached),
      lost: () => this.#lost(),
      caughtUp: () => this.#caughtUp(),
    });
    around.adopt(STYLE);
    this.dialog = el("dialog", { "aria-labelledby": "title" });
    this.dialog.addEventListener("cancel", (/** @type {Event} */ event) => { event.preventDefault(); this.#escape(); });
    this.dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.#escape();
    });
    for (const name of ["paste", "drop", "dragover"]) this.dialog.addEventListener(name, (/** @type {any} */ event) => this.#refuseFiles(event));
    around.root.append(this.dialog);
    around.narrow.addEventListener("change", () => { if (this.#isOpen) this.#stand(); });
    this.store.onOtherTab({ changed: () => this.#connect(), deleted: () => this.#emptied() });
    document.addEventListener("visibilitychange", () => this.#seenOrNot());
    addEventListener("online", () => this.#connect());
    addEventListener("offline", () => this.#reached(false));
    visualViewport?.addEventListener("resize", () => this.#fit());
    for (const written of this.store.pending) this.#entries.push({ key: written.id, kind: "mine", text: written.text, at: new Date(), state: "queued" });
  }

  /** @param {{ focus: boolean }} how */
  async open({ focus }) {
    await this.speak(this.around.host.language);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.around.opened();
      this.#stand();
      this.store.leftOpen(true);
      this.#configure();
      this.#connect();
    }
    if (focus) this.question.focus({ preventScroll: true });
    this.#scrollToEnd();
  }

  /** @param {{ focus: boolean }} how */
  close({ focus }) {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.dialog.close();
    this.store.leftOpen(false);
    this.around.closed(focus);
    this.#rest();
  }

  /** Say everything in this language from now on. @param {string} lang */
  async speak(lang) {
    if (lang === this.lang) return;
    const { words } = await import(new URL(WORDS[lang], this.around.files).href);
    this.lang = lang;
    this.words = words;
    this.#build();
    if (this.#isOpen) this.#configure();
  }

  // -- how it stands ----------------------------------------------------------------------------------------------

  /** Beside the page where there is room, else over all of it. */
  #stand() {
    const focused = this.around.root.activeElement;
    const isWhole = this.around.narrow.matches;
    if (this.dialog.open) this.dialog.close();
    this.dialog.classList.toggle("whole", isWhole);
    if (isWhole) this.dialog.showModal();
    else this.dialog.show();
    (focused && this.dialog.contains(focused) ? focused : this.question).focus({ preventScroll: true });
    this.#fit();
  }

  /** Above the keyboard of a telephone, which covers the page without making it smaller. */
  #fit() {
    if (visualViewport && this.#isOpen) this.dialog.style.setProperty("--seen", `${Math.round(visualViewport.height)}px`);
  }

  #escape() {
    if (this.options.hidden) this.close({ focus: true });
    else this.#showOptions(false);
  }

  #build() {
    const { words } = this;
    const focused = /** @type {HTMLElement | null} */ (this.around.root.activeElement)?.id;
    this.#draft = this.question?.value ?? this.#draft;
    this.dialog.lang = this.lang;

    this.title = el("h2", { id: "title" }, this.#agency.name || words.title);
    const crest = this.around.host.getAttribute("crest");
    this.menu = el("button", {
      type: "button", id: "menu", "aria-label": words.options, "aria-expanded": "false", "aria-controls": "options",
      onclick: () => this.#showOptions(this.options.hidden),
    }, icon("M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z"));
    const close = el("button", { type: "button", id: "close", "aria-label": words.close, onclick: () => this.close({ focus: true }) },
      icon("M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z"));
    const header = el("header", {}, crest && el("img", { src: crest, alt: "" }), el("div", {}, this.title, el("p", {}, words.machine)), this.menu, close);

    this.options = el("div", { class: "options", id: "options", role: "group", "aria-label": words.options, hidden: true });
    this.pinned = el("div", { class: "pinned", role: "region", "aria-label": words.urgent, "aria-live": "assertive", hidden: true });
    this.intro = el("div", { class: "intro" });
    this.log = el("div", { class: "log", id: "log", role: "log", "aria-label": words.conversation, "aria-live": "off" });
    this.scroller = el("div", { class: "scroller", id: "scroller", tabindex: 0, role: "region", "aria-label": words.conversation }, this.intro, this.log);
    this.state = el("p", { class: "state", role: "status" });
    this.down = el("div", { class: "down", role: "status", hidden: true });
    this.consent = el("div", { class: "down", role: "group", "aria-label": words.privacy, hidden: true });
    this.question = el("textarea", {
      id: "question", rows: 1, maxlength: 10000, autocomplete: "off", enterkeyhint: "send", placeholder: words.placeholder,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        form.requestSubmit();
      },
    });
    this.question.value = this.#draft;
    const person = el("button", { type: "button", class: "act", id: "person", onclick: () => this.#ask(words.person_text) }, words.person);
    const form = el("form", {
      class: "composer",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const text = this.question.value;
        if (!text.trim()) return;
        this.question.value = "";
        this.#ask(text);
      },
    },
    el("div", { class: "row top" }, el("label", { for: "question" }, words.question), person),
    el("div", { class: "row" }, this.question, el("button", { type: "submit", id: "send" }, words.send)));

    this.#buildOptions();
    this.#buildIntro();
    this.#nodes.clear();
    this.log.replaceChildren(...this.#entries.map((entry) => this.#node(entry)));
    this.dialog.replaceChildren(header, this.options, this.pinned, this.scroller, this.state, this.down, this.consent, form);
    this.#showPinned();
    this.#showState();
    this.#showDown();
    setTimeout(() => this.log.setAttribute("aria-live", this.#isRestoring ? "off" : "polite"));
    if (focused && this.#isOpen) /** @type {any} */ (this.around.root.getElementById(focused))?.focus({ preventScroll: true });
    this.#scrollToEnd();
  }

  #buildIntro() {
    const { words } = this;
    this.intro.replaceChildren(
      this.#languages("intro"),
      ...paragraphs(words.intro),
      ...paragraphs(words.caution, "aside"),
      this.#privacyLink() || "",
      el("ul", { class: "choices", role: "list" }, ...[words.example_1, words.example_2, words.example_3].map((example) =>
        el("li", {}, el("button", { type: "button", onclick: () => this.#ask(example) }, example)))));
  }

  #buildOptions() {
    const { words } = this;
    const remember = el("input", { type: "checkbox", id: "remember", onchange: () => { this.store.remember(remember.checked); } });
    remember.checked = this.store.isRemembered;
    this.options.replaceChildren(
      this.#languages("options"),
      el("label", { class: "check" }, remember, el("span", {}, words.remember)),
      el("div", { class: "row" },
        el("button", { type: "button", id: "print", onclick: () => this.#print() }, words.print),
        el("button", { type: "button", id: "save", onclick: () => this.#save() }, words.save),
        el("button", { type: "button", id: "delete", onclick: () => this.#confirmDelete() }, words.delete)),
      this.#privacyLink() || "");
  }

  /** @param {string} place */
  #languages(place) {
    return el("div", { class: "row", role: "group", "aria-label": this.words.language },
      ...Object.entries(LANGUAGES).map(([lang, name]) => el("button", {
        type: "button", lang, id: `${place}-${lang}`, "aria-pressed": String(lang === this.lang), onclick: () => this.around.choose(lang),
      }, name)));
  }

  #privacyLink() {
    const url = webAddress(this.around.host.getAttribute("privacy") || this.#privacy, ["https:", "http:"]);
    return url && el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, this.words.privacy);
  }

  /** @param {boolean} areShown */
  #showOptions(areShown) {
    const hadFocus = this.options.contains(this.around.root.activeElement);
    this.options.hidden = !areShown;
    this.menu.setAttribute("aria-expanded", String(areShown));
    if (areShown) this.options.querySelector("button").focus();
    else if (hadFocus) this.menu.focus();
  }

  #showPinned() {
    const text = this.#notice?.text;
    const url = webAddress(this.#notice?.url);
    this.pinned.hidden = !text;
    this.pinned.replaceChildren(...(text ? [el("strong", {}, this.words.urgent), text] : []),
      ...(text && url ? [" ", el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, `${this.words.read_more} (${url.host})`)] : []));
  }

  /** @param {string} [said] */
  #showState(said) {
    const isWaiting = !said && this.#awaiting.size > 0;
    this.state.classList.toggle("dots", isWaiting);
    this.state.textContent = said ?? (isWaiting ? this.words.waiting : "");
  }

  #showDown() {
    const isDown = !this.#isReached && (this.#failures > 1 || !navigator.onLine);
    if (isDown === !this.down.hidden && this.down.childElementCount) return;
    this.down.hidden = !isDown;
    if (!isDown) return this.down.replaceChildren();
    const hotline = this.#hotline();
    this.down.replaceChildren(
      el("p", {}, navigator.onLine ? this.words.down : this.words.offline),
      hotline ? el("a", { href: `tel:${hotline.replace(/[^\d+]/g, "")}` }, fill(this.words.hotline, { hotline })) : "",
      el("a", { href: new URL(`widget/v1/form?agency=${encodeURIComponent(this.around.agency)}`, this.around.gateway).href, target: "_blank", rel: "noopener" },
        this.words.form));
    this.#scrollToEnd(); // which this stands in front of
  }

  #hotline() { return this.around.host.getAttribute("hotline") || this.#agency.hotline || ""; }

  // -- what is said -----------------------------------------------------------------------------------------------

  /** @param {Entry} entry */
  #node(entry) {
    const { words } = this;
    let node;
    if (entry.kind === "said") node = el("p", { class: "said" }, words[entry.word]);
    else if (entry.kind === "mine") {
      node = el("article", { class: "message mine" }, el("h3", {}, words.you, " ", this.#time(entry.at)), ...paragraphs(entry.text));
      if (entry.state) node.append(el("p", { class: "delivery", "data-state": entry.state }, words[`state_${entry.state}`]));
      if (entry.state === "refused") node.append(el("button", { type: "button", onclick: () => { this.#drop(entry.key); this.#ask(entry.text); } }, words.retry));
    } else {
      node = el("article", { class: "message", lang: entry.answer.lang }, el("h3", { lang: this.lang }, words.bot, " ", this.#time(entry.at)), ...answerNodes(entry.answer, {
        words, lang: this.lang,
        ask: (text) => this.#ask(text),
        copy: (text) => this.#copy(text),
        tell: (useful, why) => this.connection.feedback(entry.answer.message_id ?? "", useful, why),
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
    return el("time", { datetime: at.toISOString() }, at.toLocaleString(this.lang, form));
  }

  /** @param {Entry} entry */
  #add(entry) {
    const at = this.#isRestoring ? this.#entries.findIndex((other) => other.kind === "mine" && other.state) : -1;
    const node = this.#node(entry);
    if (at >= 0) {
      this.#nodes.get(this.#entries[at].key)?.before(node);
      this.#entries.splice(at, 0, entry);
    } else {
      this.#entries.push(entry);
      this.log.append(node);
    }
    if (this.#isRestoring) this.#scrollToEnd();
    else this.#show(node);
  }

  /** @param {string} key */
  #drop(key) {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
    this.#nodes.get(key)?.remove();
    this.#nodes.delete(key);
  }

  /** @param {string} key @param {"" | "sending" | "queued" | "refused"} state */
  #mark(key, state) {
    const entry = this.#entries.find((other) => other.key === key);
    if (entry?.kind !== "mine" || entry.state === state) return;
    entry.state = state;
    const old = this.#nodes.get(key);
    old?.replaceWith(this.#node(entry));
  }

  /** From its beginning, which a long answer would else leave above. @param {HTMLElement} node */
  #show(node) {
    const scroller = this.#scrolled();
    const top = node.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += top - 8;
  }

  #scrollToEnd() {
    const last = this.log.lastElementChild;
    if (last) this.#show(last);
  }

  /** On low windows all of the panel scrolls. */
  #scrolled() { return getComputedStyle(this.scroller).overflowY === "visible" ? this.dialog : this.scroller; }

  /** @param {string} text */
  #ask(text) {
    const mayBeSent = this.#hasConsented || this.store.token || this.store.pending.length || !this.around.host.hasAttribute("consent");
    if (mayBeSent) this.#take(text);
    else this.#askConsent(text);
  }

  /** Asked once in a conversation, where the agency wants it; until then nothing is sent or kept. @param {string} text */
  #askConsent(text) {
    this.question.value ||= text; // it is lost in no way
    /** @param {boolean} isGiven */
    const end = (isGiven) => {
      this.consent.replaceChildren();
      this.consent.hidden = true;
      this.#hasConsented = isGiven;
      if (isGiven && this.question.value === text) this.question.value = "";
      if (isGiven) this.#take(text);
      this.question.focus({ preventScroll: true });
    };
    const yes = el("button", { type: "button", id: "consent-yes", "aria-describedby": "consent", onclick: () => end(true) }, this.words.consent_yes);
    this.consent.replaceChildren(el("p", { id: "consent" }, this.words.consent), this.#privacyLink() || "",
      el("div", { class: "row" }, yes, el("button", { type: "button", id: "consent-no", onclick: () => end(false) }, this.words.consent_no)));
    this.consent.hidden = false;
    yes.focus();
  }

  /** @param {string} text */
  #take(text) {
    const written = { id: newId(), text, ...(this.lang === "vi" ? {} : { lang: this.lang }) }; // Vietnamese pages follow the question
    this.store.pending = [...this.store.pending, written];
    this.#add({ key: written.id, kind: "mine", text, at: new Date(), state: "sending" });
    this.store.leftOpen(true);
    this.#send();
  }

  /** Sends what waits, one after the other, until nothing is left. */
  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let failures = 0; this.store.pending.length;) {
      const [written] = this.store.pending;
      const before = this.store.token;
      const begun = this.#begun;
      try {
        const accepted = await this.connection.send(written);
        if (begun !== this.#begun) continue; // deleted meanwhile
        if (!before) this.connection.cursor = accepted.cursor;
        this.store.token = accepted.token;
        this.#sent(written.id, "");
        this.store.leftOpen(this.#isOpen);
        failures = 0;
        this.#await(written.id);
        this.#reached(true);
        this.connection.receive();
      } catch (error) {
        const failure = error instanceof Failure ? error : new Failure("again");
        if (failure.kind === "token" && before) {
          this.#lost();
        } else if (failure.kind === "again") {
          this.#mark(written.id, "queued");
          this.#reached(false);
          await sleep(Math.max(patience(failures++), failure.afterMs));
        } else {
          this.#sent(written.id, "refused");
        }
      }
    }
    this.#isSending = false;
  }

  /** @param {string} id @param {"" | "refused"} state */
  #sent(id, state) {
    this.store.pending = this.store.pending.filter((other) => other.id !== id);
    this.#mark(id, state);
  }

  /** @param {string} id */
  #await(id) {
    if (this.#entries.some((entry) => entry.kind === "reply" && entry.answer.message_id === id)) return;
    this.#awaiting.add(id);
    this.#showState();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [
      setTimeout(() => { if (this.#awaiting.size) this.#showState(this.words.slow); }, SLOW_MS),
      setTimeout(() => { this.#awaiting.clear(); this.#showState(); this.#rest(); }, HOPELESS_MS),
    ];
  }

  // -- what happens -----------------------------------------------------------------------------------------------

  /** @param {import("./connection.js").Happening} happening */
  #happened({ id, event, data }) {
    if (event === "session") {
      this.store.token = data.token;
    } else if (event === "notice") {
      this.#notice = data?.text ? data : null;
      this.#showPinned();
    } else if (event === "message") {
      const key = String(data.id ?? data.message_id ?? id);
      if (this.store.pending.some((written) => written.id === key)) this.#sent(key, "");
      if (!this.#nodes.has(key)) this.#add({ key, kind: "mine", text: String(data.text), at: instant(data.at), state: "" });
      if (Date.now() - instant(data.at).getTime() < HOPELESS_MS) this.#await(key);
    } else if (event === "reply") {
      const key = `reply ${data.message_id ?? id}`;
      if (this.#nodes.has(key)) return; // each message has one answer
      if (!this.#awaiting.delete(data.message_id)) this.#awaiting.clear();
      this.#showState();
      this.#add({ key, kind: "reply", answer: data, at: instant(data.at) });
      if (!this.#isOpen) this.around.unread();
      this.#rest();
    }
  }

  #caughtUp() {
    if (!this.#isReached) this.#reached(true);
    if (!this.#isRestoring) return;
    clearTimeout(this.#restoring);
    this.#restoring = setTimeout(() => {
      this.#isRestoring = false;
      this.log.setAttribute("aria-live", "polite");
    }, RESTORED_MS);
  }

  /** @param {boolean} isReached */
  #reached(isReached) {
    this.#failures = isReached ? 0 : this.#failures + 1;
    this.#isReached = isReached;
    this.#showDown();
  }

  /** The token is void: what was said stays in view, the next message begins anew. */
  #lost() {
    this.connection.stop();
    this.connection.cursor = null;
    this.store.token = null;
    this.#awaiting.clear();
    this.#showState();
    if (this.#entries.length) this.#add({ key: newId(), kind: "said", word: "ended" });
  }

  #connect() {
    if (this.store.pending.length) this.#send();
    if (!this.store.token || this.connection.isReceiving || !(this.#isOpen || this.#awaiting.size)) return;
    if (!this.connection.cursor) {
      this.#isRestoring = true;
      this.log.setAttribute("aria-live", "off");
    }
    this.connection.receive();
  }

  /** Nobody looks and nothing is awaited: no stream is kept. */
  #rest() {
    if (!this.#isOpen && !this.#awaiting.size && !this.store.pending.length) this.connection.stop();
  }

  #seenOrNot() {
    clearTimeout(this.#hiding);
    if (document.visibilityState === "visible") this.#connect();
    else this.#hiding = setTimeout(() => { if (!this.#awaiting.size) this.connection.stop(); }, HIDDEN_MS);
  }

  async #configure() {
    try {
      const facts = await this.connection.config(this.lang);
      this.#agency = facts.agency ?? {};
      this.#notice = facts.notice ?? null;
      this.#privacy = facts.privacy_url ?? "";
      if (this.#agency.name) this.title.textContent = this.#agency.name;
      this.#showPinned();
      this.#buildIntro();
      this.#reached(true);
    } catch {
      this.#reached(false);
    }
  }

  // -- what can be done with it -----------------------------------------------------------------------------------

  /** Photographs are not taken, least of all of identity papers. @param {any} event */
  #refuseFiles(event) {
    const files = event.clipboardData?.files ?? event.dataTransfer?.files;
    const holds = files?.length || [...(event.dataTransfer?.types ?? [])].includes("Files");
    if (!holds) return;
    event.preventDefault();
    if (event.type !== "dragover") this.#showState(this.words.no_pictures);
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // not offered on http
      const field = el("textarea", { class: "unseen", "aria-hidden": "true" });
      field.value = text;
      this.dialog.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    this.#showState(this.words.copied);
  }

  /** @returns {{ who: string, text: string }[]} */
  #transcript() {
    return this.#entries.flatMap((entry) => {
      if (entry.kind === "mine") return [{ who: this.words.you, text: entry.text }];
      if (entry.kind !== "reply") return [];
      const { answer } = entry;
      const sources = answer.citations.map((citation) => withSource(citation, this.words));
      return [{ who: this.words.bot, text: [answer.notice, answer.text, ...sources].filter(Boolean).join("\n\n") }];
    });
  }

  #print() {
    const paper = open("", "_blank");
    if (!paper) return this.#save();
    const { document: sheet } = paper;
    sheet.documentElement.lang = this.lang;
    sheet.title = this.title.textContent;
    const style = new (/** @type {any} */ (paper).CSSStyleSheet)();
    style.replaceSync(PAPER);
    sheet.adoptedStyleSheets = [style];
    const add = (/** @type {string} */ name, /** @type {string} */ text) => {
      const node = sheet.createElement(name);
      node.textContent = text;
      sheet.body.append(node);
    };
    add("h1", this.title.textContent);
    add("p", `${this.words.machine} ${new Date().toLocaleString(this.lang)}`);
    for (const { who, text } of this.#transcript()) {
      add("h2", who);
      add("p", text);
    }
    paper.print();
  }

  #save() {
    const text = [this.title.textContent, this.words.machine, ...this.#transcript().map(({ who, text: said }) => `${who}:\n${said}`)].join("\n\n");
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    const link = el("a", { href: address, download: `${this.words.file_name}.txt` });
    this.dialog.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  #confirmDelete() {
    const { words } = this;
    const back = () => { this.#buildOptions(); this.around.root.getElementById("delete").focus(); };
    const question = el("p", { id: "sure" }, words.delete_sure);
    const yes = el("button", { type: "button", id: "delete-yes", "aria-describedby": "sure", onclick: () => this.#delete() }, words.delete_yes);
    this.options.replaceChildren(question, el("div", { class: "row" }, yes,
      el("button", { type: "button", id: "delete-no", onclick: back }, words.delete_no)));
    yes.focus();
  }

  async #delete() {
    try {
      if (this.store.token) await this.connection.forget();
    } catch (error) {
      if (!(error instanceof Failure && error.kind === "token")) return this.#showState(this.words.delete_failed);
    }
    this.store.empty();
    this.#emptied();
    this.#showOptions(false);
    this.question.focus();
  }

  /** It was deleted, here or in another tab. */
  #emptied() {
    this.#hasConsented = false;
    this.#begun++;
    this.connection.stop();
    this.connection.cursor = null;
    this.#awaiting.clear();
    this.#entries = [];
    this.#nodes.clear();
    this.log?.replaceChildren();
    if (this.lang) this.#buildOptions();
    if (this.lang) this.#showState(this.words.deleted);
  }
}

/** @param {any} around */
export const createPanel = (around) => new Panel(around);

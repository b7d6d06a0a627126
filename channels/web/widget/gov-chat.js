// The loader: <gov-chat> is a button at first; everything else is fetched on the first click.
// __WORDS__, __PANEL__ and __DIGESTS__ are filled in when the gateway starts (channels/web/widget/__init__.py).
"use strict";

(() => {
  if (customElements.get("gov-chat")) return;

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector('script[src*="gov-chat.js"]'));
  const files = new URL("./", script?.src || document.baseURI);
  const gateway = new URL("../../", files);

  /** @type {Record<string, Record<string, string>>} */
  const WORDS = __WORDS__;
  /** @type {string} */
  const PANEL = __PANEL__;
  /** @type {Record<string, string>} By file; whoever pins this one has pinned them all. */
  const DIGESTS = __DIGESTS__;
  const NARROW = "(max-width: 30rem), (max-height: 30rem)";

  // `initial` undoes whatever the page's own rules say about the element, `!important` ones too: of important rules
  // the inner tree's win; `all` leaves the direction out. `medium` is the reader's own text size, whatever the page makes of `html`.
  const STYLE = `
:host { all: initial !important; direction: ltr !important; unicode-bidi: isolate !important; display: block !important; position: fixed !important; z-index: 2147483000 !important;
  inset-inline: auto var(--gov-chat-inset, 16px) !important;
  inset-block: auto calc(var(--gov-chat-bottom, 16px) + env(safe-area-inset-bottom, 0px)) !important;
  font: medium/1.5 "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", system-ui, sans-serif !important; }
:host([side="left"]) { inset-inline: var(--gov-chat-inset, 16px) auto !important; }
:host([side="left"]) .launch { margin: 0; }
:host([hidden]) { display: none !important; }
@media print { :host { display: none !important; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.launch { display: flex; align-items: center; gap: .5em; min-height: 52px; max-width: calc(100vw - 32px); padding: .5em 1.1em; margin: 0 0 0 auto;
  font: inherit; font-weight: 600; text-align: start; cursor: pointer; border: 2px solid var(--gov-chat-on-color, #fff); border-radius: 26px;
  background: var(--gov-chat-color, #a4161a); color: var(--gov-chat-on-color, #fff); box-shadow: 0 2px 10px rgb(0 0 0 / .35); }
.launch[aria-busy="true"] { cursor: progress; }
.launch svg { flex: none; width: 1.5em; height: 1.5em; fill: currentcolor; }
.launch:focus-visible, .unreachable :focus-visible { outline: 3px solid #1b6ec2; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.unreachable { max-width: min(22em, calc(100vw - 32px)); margin: 0 0 .75em; padding: .75em 1em; border: 1px solid #6d675d; border-radius: .5em;
  background: #fff; color: #1d1d1f; box-shadow: 0 2px 10px rgb(0 0 0 / .35); }
.unreachable p { margin: 0; }
.unreachable a { display: block; min-height: 44px; padding: .6em 0; margin: 0; color: #0b4f8a; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .launch, .unreachable { border: 2px solid ButtonText; } .launch:focus-visible { outline-color: Highlight; } }
`;

  /** @param {ShadowRoot} root @param {string} css */
  const adopt = (root, css) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch { // browsers before 2023; a page without a strict policy of styles shows this one
      const style = document.createElement("style");
      style.textContent = css;
      root.append(style);
    }
  };

  /**
   * Imports a file of ours after it and those that it needs have been fetched side by side; a browser that knows
   * `modulepreload` (Chrome 66, Firefox 115, Safari 17) refuses what has another digest.
   * @param {string} file @param {string[]} [needed]
   */
  const load = async (file, needed = []) => {
    const links = [...needed, file].map((name) => Object.assign(document.createElement("link"),
      { rel: "modulepreload", href: new URL(name, files).href, crossOrigin: "anonymous", integrity: DIGESTS[name] }));
    try {
      if (links[0].relList.supports("modulepreload")) {
        await Promise.all(links.map((link) => new Promise((resolve, reject) => {
          link.onload = resolve;
          link.onerror = reject;
          document.head.append(link);
        })));
      }
      return await import(new URL(file, files).href);
    } finally {
      for (const link of links) link.remove();
    }
  };

  /** @param {string} path */
  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  };

  class GovChat extends HTMLElement {
    static observedAttributes = ["lang", "label"];

    #root = this.attachShadow({ mode: "open" });
    #launch = document.createElement("button");
    #label = document.createElement("span");
    #badge = document.createElement("span");
    #down = document.createElement("div");
    /** @type {any} */
    #panel = null;
    /** @type {Promise<any> | null} */
    #loading = null;
    /** @type {string | null} */
    #chosen = null;
    #pageLanguage = new MutationObserver(() => this.#languageChanged());

    constructor() {
      super();
      adopt(this.#root, STYLE);
      this.#launch.type = "button";
      this.#launch.className = "launch";
      this.#launch.setAttribute("aria-haspopup", "dialog");
      this.#launch.setAttribute("aria-expanded", "false");
      this.#badge.className = "unseen";
      this.#badge.setAttribute("role", "status");
      this.#launch.append(icon("M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 5v2h10V8zm0 4v2h7v-2z"), this.#label);
      this.#launch.addEventListener("click", () => this.open());
      this.#down.className = "unreachable";
      this.#down.setAttribute("role", "alert");
      this.#down.hidden = true;
      this.#root.append(this.#down, this.#launch, this.#badge);
    }

    connectedCallback() {
      this.#pageLanguage.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
      const color = this.getAttribute("color");
      if (color) this.style.setProperty("--gov-chat-color", color);
      this.#languageChanged();
      if (this.#wasOpen() && !matchMedia(NARROW).matches) this.open({ focus: false });
    }

    disconnectedCallback() {
      this.#pageLanguage.disconnect();
      this.#panel?.close({ focus: false });
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#languageChanged();
    }

    /** The language of the sentences: chosen in the panel, else the element's or the page's. */
    get language() {
      const wanted = this.#chosen ?? (this.closest("[lang]")?.getAttribute("lang") || document.documentElement.lang);
      const short = wanted.toLowerCase().slice(0, 2);
      return short in WORDS ? short : Object.keys(WORDS)[0];
    }

    /** Opens the panel; resolves when it stands open. `focus: false` leaves the focus where it is. */
    async open({ focus = true } = {}) {
      this.#launch.setAttribute("aria-busy", "true");
      this.#down.hidden = true;
      try {
        this.#loading ??= this.#load();
        this.#panel = await this.#loading;
        await this.#panel.open({ focus });
      } catch {
        this.#loading = null;
        this.#showDown();
      } finally {
        this.#launch.removeAttribute("aria-busy");
      }
    }

    async #load() {
      const modules = Object.keys(DIGESTS).filter((file) => !file.startsWith("words-"));
      const { createPanel } = await load(PANEL, modules.filter((file) => file !== PANEL));
      return createPanel(this.#surroundings());
    }

    /** Closes the panel and gives the focus back to the button. */
    close() {
      this.#panel?.close({ focus: true });
    }

    /** What the panel needs of this element. */
    #surroundings() {
      return {
        host: this,
        root: this.#root,
        adopt: (/** @type {string} */ css) => adopt(this.#root, css),
        load,
        gateway,
        agency: this.getAttribute("agency") ?? "",
        narrow: matchMedia(NARROW),
        opened: () => { this.#launch.hidden = true; this.#launch.setAttribute("aria-expanded", "true"); this.#badge.textContent = ""; this.#relabel(); },
        closed: (/** @type {boolean} */ focus) => {
          this.#launch.hidden = false;
          this.#launch.setAttribute("aria-expanded", "false");
          if (focus) this.#launch.focus();
        },
        unread: () => { this.#badge.textContent = this.#words.unread; this.#relabel(this.#words.unread); },
        choose: (/** @type {string} */ lang) => { this.#chosen = lang; this.#languageChanged(); },
      };
    }

    get #words() { return WORDS[this.language]; }

    #languageChanged() {
      this.#relabel();
      this.#panel?.speak(this.language);
    }

    #relabel(more = "") {
      this.#launch.lang = this.language;
      this.#label.textContent = more || this.getAttribute("label") || this.#words.open;
    }

    /** Whether the person left it open on the page before; reads only, nothing is kept before the first message. */
    #wasOpen() {
      try {
        return sessionStorage.getItem(`govchat.${this.getAttribute("agency") ?? ""}.open`) === "true";
      } catch { return false; }
    }

    #showDown() {
      const words = this.#words;
      const said = document.createElement("p");
      said.textContent = words.unavailable;
      const ways = [];
      const hotline = this.getAttribute("hotline");
      if (hotline) ways.push([words.hotline.replace("{hotline}", hotline), `tel:${hotline.replace(/[^\d+]/g, "")}`]);
      ways.push([words.form, new URL(`widget/v1/form?agency=${encodeURIComponent(this.getAttribute("agency") ?? "")}`, gateway).href]);
      this.#down.lang = this.language;
      this.#down.replaceChildren(said, ...ways.map(([text, address]) => {
        const link = document.createElement("a");
        link.textContent = text;
        link.href = address;
        return link;
      }));
      this.#down.hidden = false;
    }
  }

  customElements.define("gov-chat", GovChat);
})();

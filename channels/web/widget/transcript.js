// The transcript of a conversation, on paper and as a file; and the clipboard.

import { withSource } from "./cards.js";
import { el } from "./dom.js";
import { PAPER } from "./styles.js";

/** @typedef {import("./log.js").Entry} Entry */
/** @typedef {{ entries: Entry[], title: string, speech: import("./cards.js").Speech, dialog: HTMLElement }} Transcript */

/** @param {Transcript} transcript @returns {{ who: string, text: string }[]} */
const turns = ({ entries, speech: { words } }) => entries.flatMap((entry) => {
  if (entry.kind === "mine") return [{ who: words.you, text: entry.text }];
  if (entry.kind !== "reply") return [];
  const { answer } = entry;
  const sources = answer.citations.map((citation) => withSource(citation, words));
  return [{ who: words.bot, text: [answer.notice, answer.text, ...sources].filter(Boolean).join("\n\n") }];
});

/** On a sheet of its own; as a file where the browser opens none. @param {Transcript} transcript */
export const print = (transcript) => {
  const paper = open("", "_blank");
  if (!paper) return save(transcript);
  const { title, speech: { lang, words } } = transcript;
  const { document: sheet } = paper;
  sheet.documentElement.lang = lang;
  sheet.title = title;
  const style = new (/** @type {any} */ (paper).CSSStyleSheet)();
  style.replaceSync(PAPER);
  sheet.adoptedStyleSheets = [style];
  const add = (/** @type {string} */ name, /** @type {string} */ text) => {
    const node = sheet.createElement(name);
    node.textContent = text;
    sheet.body.append(node);
  };
  add("h1", title);
  add("p", `${words.machine} ${new Date().toLocaleString(lang)}`);
  for (const { who, text } of turns(transcript)) {
    add("h2", who);
    add("p", text);
  }
  paper.print();
};

/** @param {Transcript} transcript */
export const save = (transcript) => {
  const { title, speech: { words }, dialog } = transcript;
  const text = [title, words.machine, ...turns(transcript).map(({ who, text: said }) => `${who}:\n${said}`)].join("\n\n");
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = el("a", { href: address, download: `${words.file_name}.txt` });
  dialog.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

/** @param {string} text @param {HTMLElement} dialog */
export const copy = async (text, dialog) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not offered on http
    const field = el("textarea", { class: "unseen", "aria-hidden": "true" });
    field.value = text;
    dialog.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
};

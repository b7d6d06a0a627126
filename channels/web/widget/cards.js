// What an answer looks like: its text, a card for each document it stands on, and what can be chosen next.

import { day, el, fill, paragraphs, webAddress } from "./dom.js";

/** @typedef {Record<string, string>} Words */
/** @typedef {{ lang: string, words: Words }} Speech The language of the moment and its sentences; both change when another is chosen. */
/** @typedef {{ number: string, type: string, title: string, issuing_body: string, issued_on: string | null, effective_on: string | null,
 *   validity: string, replaced_by: string[], checked_on: string | null, text_kind: string, location: string | null,
 *   quote: string | null, url: string | null }} Citation */
/** @typedef {{ status: string, text: string, lang: string, notice: string | null, citations: Citation[],
 *   buttons: { title: string, text: string, is_optional: boolean }[], message_id?: string }} Answer */

/** @param {Citation} citation @param {Words} words */
export const validity = (citation, words) => {
  const dated = words[`validity_${citation.validity}`];
  if (!dated || citation.validity === "unknown") return words.validity_unknown;
  if (!citation.checked_on) return words[`validity_${citation.validity}_undated`];
  return fill(dated, { date: day(citation.checked_on) ?? "" });
};

/** @param {Citation} citation */
const named = (citation) => [citation.type, citation.number].filter(Boolean).join(" ") || citation.title;

/** A citation as text, to be copied or saved. @param {Citation} citation @param {Words} words */
export const withSource = (citation, words) => [
  citation.quote && `“${citation.quote}”`,
  [citation.location, named(citation), citation.title, citation.issuing_body].filter(Boolean).join(", "),
  validity(citation, words),
  webAddress(citation.url)?.href,
].filter(Boolean).join("\n");

/** An official passage that the answer's text holds stands out there, and is not repeated in its card.
 * @param {Answer} answer */
const passages = (answer) => {
  const quote = answer.citations.find((citation) => citation.quote && answer.text.includes(citation.quote))?.quote;
  if (!quote) return paragraphs(answer.text);
  const at = answer.text.indexOf(quote);
  return [
    ...paragraphs(answer.text.slice(0, at)),
    el("blockquote", { lang: "vi" }, quote),
    ...paragraphs(answer.text.slice(at + quote.length)),
  ];
};

/** @param {Citation} citation @param {string} text @param {Words} words @param {string} lang @param {(text: string) => void} copy */
const card = (citation, text, words, lang, copy) => {
  const address = webAddress(citation.url);
  const isQuoted = citation.quote && !text.includes(citation.quote);
  const dates = [
    citation.issued_on && fill(words.issued, { date: day(citation.issued_on) ?? "" }),
    citation.effective_on && fill(words.effective, { date: day(citation.effective_on) ?? "" }),
  ].filter(Boolean).join(" · ");
  return el("section", { class: "card", lang, "aria-label": named(citation) },
    el("h4", { lang: "vi" }, named(citation)),
    citation.title && citation.title !== named(citation) && el("p", { lang: "vi" }, citation.title),
    (citation.location || citation.issuing_body)
      && el("p", { class: "fact", lang: "vi" }, [citation.location, citation.issuing_body].filter(Boolean).join(" · ")),
    dates && el("p", { class: "fact" }, dates),
    el("p", { class: `validity ${citation.validity === "in_force" ? "good" : "doubtful"}` }, validity(citation, words)),
    citation.replaced_by.length > 0 && el("p", {}, fill(words.replaced_by, { numbers: citation.replaced_by.join(", ") })),
    isQuoted && el("p", { class: "fact" }, words.quote),
    isQuoted && el("blockquote", { lang: "vi" }, citation.quote ?? ""),
    el("div", { class: "row" },
      address && el("a", { class: "act", href: address.href, target: "_blank", rel: "noopener noreferrer" },
        `${words.open_source} (${address.host})`),
      el("button", { type: "button", class: "act", onclick: () => copy(withSource(citation, words)) }, words.copy)));
};

/** Asks whether the answer helped, and why it did not.
 * @param {Words} words @param {string} lang @param {(useful: boolean, why?: string) => Promise<any>} tell */
const feedback = (words, lang, tell) => {
  const box = el("div", { class: "feedback", lang, role: "group", "aria-label": words.useful });
  /** @param {string} said */
  const end = (said) => box.replaceChildren(el("p", { role: "status", tabindex: -1 }, said));
  /** @param {boolean} useful @param {string} [why] */
  const send = async (useful, why) => {
    try { await tell(useful, why); return true; } catch { end(words.feedback_failed); return false; }
  };
  const ask = async () => {
    if (!await send(false)) return;
    const reason = el("textarea", { rows: 2, maxlength: 500, "aria-label": words.why });
    box.replaceChildren(
      el("form", {
        onsubmit: async (/** @type {Event} */ event) => {
          event.preventDefault();
          if (!reason.value.trim() || await send(false, reason.value.trim())) end(words.thanks);
          box.firstChild.focus?.();
        },
      }, el("p", {}, words.why), reason, el("button", { type: "submit" }, words.send_why)));
    reason.focus();
  };
  box.append(
    el("span", {}, words.useful),
    el("button", {
      type: "button",
      onclick: async () => { if (await send(true)) end(words.thanks); box.firstChild.focus?.(); },
    }, words.yes),
    el("button", { type: "button", onclick: ask }, words.no));
  return box;
};

const JUDGED = new Set(["answered", "listed", "no_answer_not_found", "no_answer_out_of_scope", "signposted"]);

/**
 * @param {Answer} answer
 * @param {{ words: Words, lang: string, ask: (text: string) => void, copy: (text: string) => void,
 *   tell: (useful: boolean, why?: string) => Promise<any> }} around
 */
export const answerNodes = (answer, { words, lang, ask, copy, tell }) => {
  /** @param {Answer["buttons"]} buttons @param {string} className */
  const choices = (buttons, className) => buttons.length > 0 && el("ul", { class: className, role: "list" },
    ...buttons.map((choice) => el("li", {}, el("button", { type: "button", onclick: () => ask(choice.text) }, choice.title))));
  return [
    ...paragraphs(answer.notice ?? "", "aside"),
    ...passages(answer),
    ...answer.citations.map((citation) => card(citation, answer.text, words, lang, copy)),
    choices(answer.buttons.filter((choice) => !choice.is_optional), "choices"),
    choices(answer.buttons.filter((choice) => choice.is_optional), "choices optional"),
    answer.message_id && JUDGED.has(answer.status) && feedback(words, lang, tell),
  ].filter(Boolean);
};

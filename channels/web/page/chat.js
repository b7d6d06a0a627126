// The plain chat page: asks POST /api/v1/answers and shows what comes back. Text is only ever set as text.
"use strict";

(() => {
  const main = document.getElementById("chat");
  const words = JSON.parse(main.dataset.words);
  const panel = document.getElementById("panel");
  const log = document.getElementById("log");
  const state = document.getElementById("state");
  const form = document.getElementById("ask");
  const question = document.getElementById("question");
  const send = document.getElementById("send");
  const KEY = "govchat.conversation";

  // Nothing is stored before the first message, and storage may be forbidden altogether.
  const remembered = () => { try { return sessionStorage.getItem(KEY); } catch { return null; } };
  const remember = (id) => { try { sessionStorage.setItem(KEY, id); } catch { current = id; } };
  let current = null;

  const element = (name, className, text) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const day = (iso) => iso ? iso.split("-").reverse().join("/") : null;

  const validity = (citation) => {
    const dated = words[`validity_${citation.validity}`];
    if (!dated || citation.validity === "unknown") return words.validity_unknown;
    return citation.checked_on ? fill(dated, { date: day(citation.checked_on) }) : words[`validity_${citation.validity}_undated`];
  };

  const webAddress = (address) => {
    try {
      const url = new URL(address);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch { return null; }
  };

  const paragraphs = (parent, text, className) => {
    for (const part of text.split(/\n{2,}/)) if (part.trim()) parent.append(element("p", className, part.trim()));
  };

  // Official wording is Vietnamese, whatever the language of the sentences around it.
  const inVietnamese = (node) => { node.lang = "vi"; return node; };

  const quotation = (citation) => inVietnamese(element("blockquote", "", citation.quote));

  // An official passage in the answer's text stands out as a quotation there, and is not repeated in its card.
  const passages = (parent, text, citations) => {
    const quoted = citations.find((citation) => citation.quote && text.includes(citation.quote));
    const [before, ...after] = quoted ? text.split(quoted.quote) : [text];
    paragraphs(parent, before, "");
    if (quoted) parent.append(quotation(quoted));
    paragraphs(parent, after.join(quoted?.quote), "");
  };

  const card = (citation, text) => {
    const box = element("section", "card");
    box.append(inVietnamese(element("h4", "", [citation.type, citation.number].filter(Boolean).join(" "))));
    const facts = [citation.location, citation.title, citation.issuing_body,
      citation.issued_on && fill(words.issued, { date: day(citation.issued_on) }),
      citation.effective_on && fill(words.effective, { date: day(citation.effective_on) })];
    box.append(element("p", "", facts.filter(Boolean).join(" · ")));
    box.append(element("p", "validity", validity(citation)));
    if (citation.replaced_by.length) {
      box.append(element("p", "", fill(words.replaced_by, { numbers: citation.replaced_by.join(", ") })));
    }
    if (citation.quote && !text.includes(citation.quote)) {
      box.append(element("p", "", words.quote), quotation(citation));
    }
    const address = citation.url && webAddress(citation.url);
    if (address) {
      const link = element("a", "", `${words.open_source} (${new URL(address).host})`);
      link.href = address;
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      box.append(link);
    }
    return box;
  };

  const say = (who, mine) => {
    const box = element("article", mine ? "message mine" : "message");
    box.append(element("h3", "", who));
    return box;
  };

  const show = (box) => {
    log.append(box);
    log.scrollTop += box.getBoundingClientRect().top - log.getBoundingClientRect().top; // read from its beginning
    panel.scrollIntoView({ block: panel.offsetHeight > window.innerHeight ? "start" : "nearest" });
  };

  const showAnswer = (answer) => {
    const box = say(words.bot, false);
    box.lang = answer.lang;
    if (answer.notice) paragraphs(box, answer.notice, "aside");
    passages(box, answer.text, answer.citations);
    for (const citation of answer.citations) box.append(card(citation, answer.text));
    if (answer.buttons.length) {
      const list = element("ul", "choices");
      for (const choice of answer.buttons) {
        const button = element("button", "", choice.title);
        button.type = "button";
        button.addEventListener("click", () => ask(choice.text, choice.title));
        const item = element("li");
        item.append(button);
        list.append(item);
      }
      box.append(list);
    }
    show(box);
  };

  const ask = async (text, shown) => {
    if (send.disabled || !text.trim()) return;
    const mine = say(words.you, true);
    paragraphs(mine, shown, "");
    show(mine);
    send.disabled = true;
    state.textContent = words.waiting;
    const body = { question: text, lang: document.documentElement.lang };
    const conversation = remembered() ?? current;
    if (conversation) body.conversation_id = conversation;
    if (document.documentElement.lang === "vi") delete body.lang; // Vietnamese pages follow the question's language
    try {
      const response = await fetch("/api/v1/answers", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      const answer = await response.json();
      if (answer.conversation_id) remember(answer.conversation_id);
      if (response.ok) {
        showAnswer(answer);
        state.textContent = "";
      } else {
        state.textContent = response.status === 504 ? words.timed_out : words.failed;
        question.value = question.value || shown;
      }
    } catch {
      state.textContent = words.failed;
      question.value = question.value || shown;
    } finally {
      send.disabled = false;
      // Back to the field for the next question, except where that would open a keyboard over the answer.
      if (matchMedia("(pointer: fine)").matches) question.focus({ preventScroll: true });
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value;
    question.value = "";
    ask(text, text);
  });
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  for (const button of document.querySelectorAll("#examples button")) {
    button.addEventListener("click", () => ask(button.textContent, button.textContent));
  }
})();

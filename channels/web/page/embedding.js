// The generator of the tag: what is filled in becomes attributes, as text.
"use strict";

(() => {
  const form = document.getElementById("make");
  const tag = document.getElementById("tag");
  const contrast = document.getElementById("contrast");
  const copied = document.getElementById("copied");
  const gateway = location.origin;
  const PLAIN = "#a4161a"; // the widget's own
  let pinned = null; // [address, digest] of the loader that never changes

  const quoted = (text) => text.replace(/[&"<>]/g, (sign) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[sign]);

  // Contrast of white text on the colour: WCAG 2.2, relative luminance.
  const withWhite = (color) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
  };

  const make = () => {
    const values = new FormData(form);
    const isPinned = values.get("pinned") && pinned;
    const address = isPinned ? `${gateway}/widget/v1/${pinned[0]}` : `${gateway}/widget/v1/gov-chat.js`;
    const integrity = isPinned ? ` integrity="${pinned[1]}"` : "";
    const color = values.get("color");
    if (color === PLAIN) values.delete("color");
    const attributes = ["agency", "lang", "side", "label", "hotline", "color"]
      .filter((name) => values.get(name)?.trim()).map((name) => ` ${name}="${quoted(values.get(name).trim())}"`).join("")
      + (values.get("consent") ? " consent" : "");
    const agency = values.get("agency").trim();
    const plain = `${gateway}/widget/v1/form${agency ? `?agency=${encodeURIComponent(agency)}` : ""}`;
    tag.value = `<script src="${address}"${integrity} crossorigin="anonymous" defer></script>\n`
      + `<gov-chat${attributes}></gov-chat>\n<noscript><a href="${quoted(plain)}">${quoted(form.dataset.nothing)}</a></noscript>`;
    contrast.hidden = withWhite(color) >= 4.5;
  };

  form.addEventListener("input", make);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("copy").addEventListener("click", async () => {
    tag.select();
    try { await navigator.clipboard.writeText(tag.value); } catch { document.execCommand("copy"); }
    copied.textContent = copied.dataset.said;
  });
  make();
  fetch("/widget/v1/integrity.json").then((answer) => answer.json()).then((digests) => {
    pinned = Object.entries(digests).find(([name]) => /^gov-chat-[0-9a-f]+\.js$/.test(name)) ?? null;
    make();
  }).catch(() => {});
})();

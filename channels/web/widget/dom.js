// Nodes made of text: nothing here, or anywhere in the widget, reads markup.

/**
 * @param {string} name
 * @param {Record<string, any>} [props] `class`, attributes, and listeners as `onclick`; false and null are left out.
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export const el = (name, props = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === "") node.append(child);
  return node;
};

/** @param {string} path An icon of 24 × 24 that says nothing by itself. */
export const icon = (path) => {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const shape = document.createElementNS(namespace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
};

/** @param {string} sentence @param {Record<string, string>} values */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** The parts between blank lines. @param {string} text @param {string} [className] */
export const paragraphs = (text, className) => text.split(/\n{2,}/).map((part) => part.trim()).filter(Boolean)
  .map((part) => el("p", { class: className ?? null }, part));

/** @param {unknown} address @param {string[]} [schemes] @returns {URL | null} */
export const webAddress = (address, schemes = ["https:"]) => {
  try {
    const url = new URL(String(address));
    return schemes.includes(url.protocol) && !url.username && !url.password ? url : null;
  } catch { return null; }
};

/** @param {string | null} iso */
export const day = (iso) => iso ? iso.split("-").reverse().join("/") : null;

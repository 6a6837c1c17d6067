// Measures the report in each frame of the page and writes what is wrong with
// it, by complaint, as JSON into #found.
"use strict";

function name(element) {
  return element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") +
    " " + (element.textContent || "").trim().slice(0, 40);
}

function all(document, selector) {
  return Array.from(document.querySelectorAll(selector));
}

// --- layout ---------------------------------------------------------------

// What sticks out at the right, unless it lies in a box that scrolls.
function overflowing(document) {
  const width = document.documentElement.clientWidth;
  const wide = all(document, "body *").filter((element) =>
    element.getBoundingClientRect().right > width + 1 &&
    !element.closest(".scroll"));
  if (document.documentElement.scrollWidth <= width)
    return [];
  return wide.length ? wide.map(name) : ["a box that should scroll"];
}

// Texts of a plot that its picture cuts off.
function cutOff(document) {
  return all(document, "svg.plot text").filter((text) => {
    const box = text.getBoundingClientRect();
    const frame = text.ownerSVGElement.getBoundingClientRect();
    return box.width > 0 && (box.left < frame.left - 1 ||
      box.right > frame.right + 1 || box.top < frame.top - 1 ||
      box.bottom > frame.bottom + 1);
  }).map(name);
}

function unseen(document, selector) {
  return all(document, selector).filter((element) => {
    const box = element.getBoundingClientRect();
    return !element.closest("details:not([open])") &&
      !(box.width > 0 && box.height > 0);
  }).map(name);
}

// Texts of a plot that lie on each other.
function overlapping(document) {
  const found = [];
  for (const plot of all(document, "svg.plot")) {
    if (plot.closest("details:not([open])"))
      continue;
    const boxes = all(plot, "text").map((text) => text.getBoundingClientRect());
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
      if (a.right > b.left + 1 && b.right > a.left + 1 && a.bottom > b.top + 1 &&
        b.bottom > a.top + 1)
        found.push(name(plot));
    }));
  }
  return found;
}

// --- names ----------------------------------------------------------------

function labelled(document, element) {
  const ids = (element.getAttribute("aria-labelledby") || "").split(" ");
  return element.getAttribute("role") === "img" && ids.length === 2 &&
    ids.every((id) => document.getElementById(id) &&
      document.getElementById(id).textContent.trim());
}

function repeatedIds(document) {
  const seen = new Set();
  return all(document, "[id]").filter((element) => {
    const again = seen.has(element.id);
    seen.add(element.id);
    return again;
  }).map(name);
}

function skippedHeadings(document) {
  let last = 0;
  return all(document, "h1,h2,h3,h4,h5,h6").filter((heading) => {
    const level = Number(heading.tagName[1]);
    const skipped = level > last + 1;
    last = level;
    return skipped;
  }).map(name);
}

// Links lead to places in the page, nothing is loaded, nothing runs.
function foreign(document) {
  const links = all(document, "[href],[src]").filter((element) => {
    const where = element.getAttribute("href") || element.getAttribute("src");
    return where !== "data:," &&
      !(where[0] === "#" && document.getElementById(where.slice(1)));
  });
  const active = all(document, "script,img,iframe,object,embed,form,base");
  const handlers = all(document, "*").filter((element) =>
    Array.from(element.attributes).some((a) => a.name.startsWith("on")));
  return links.concat(active, handlers).map(name);
}

// --- colours --------------------------------------------------------------

function channels(colour) {
  return (colour.match(/[\d.]+/g) || []).map(Number);
}

function luminance(colour) {
  const [r, g, b] = channels(colour).slice(0, 3).map((c) => {
    c /= 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function background(view, element) {
  for (; element; element = element.parentElement) {
    const colour = view.getComputedStyle(element).backgroundColor;
    if (channels(colour).length < 4 || channels(colour)[3] > 0)
      return colour;
  }
  return "rgb(255, 255, 255)";
}

function faint(document, view) {
  const known = new Map();
  return all(document, "body *").filter((element) => {
    const own = Array.from(element.childNodes).some((node) =>
      node.nodeType === 3 && node.textContent.trim());
    if (!own || element.matches("title,desc"))
      return false;
    const style = view.getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    const key = colour + " on " + background(view, element);
    if (!known.has(key)) {
      const [a, b] = key.split(" on ").map(luminance);
      known.set(key, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return known.get(key) < 4.5;
  }).map(name);
}

function inspect(frame) {
  const view = frame.contentWindow, document = frame.contentDocument;
  return {
    dark: view.matchMedia("(prefers-color-scheme: dark)").matches,
    complaints: {
      "sticks out": overflowing(document),
      "is not seen": unseen(document, "h1,h2,h3,svg,table,math,dl"),
      "is cut off": cutOff(document),
      "labels overlap": overlapping(document),
      "has no accessible name":
        all(document, "svg").filter((svg) => !labelled(document, svg)).map(name),
      "has no caption":
        all(document, "table").filter((table) => !table.caption).map(name),
      "has no scope": all(document, "th:not([scope])").map(name),
      "has no name to its box":
        all(document, ".scroll:not([aria-label])").map(name),
      "an id twice": repeatedIds(document),
      "headings out of order": skippedHeadings(document),
      "leads or loads elsewhere": foreign(document),
      "was requested": view.performance.getEntriesByType("resource")
        .map((entry) => entry.name),
      "has too little contrast": faint(document, view),
      "has no language": document.documentElement.lang ? [] : ["html"],
      "shows no formula": document.querySelector("h3") ? [] : ["no section"],
    },
  };
}

window.addEventListener("load", () => {
  const frames = Array.from(document.querySelectorAll("iframe"));
  document.getElementById("found").textContent =
    JSON.stringify(frames.map(inspect));
});

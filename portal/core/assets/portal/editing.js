/* The entry's form: what the ledger would do with a figure, rows told in a line, and many organisations. */
const WAIT = 600;
const waiting = new Map();

function prefixOf(element) {
  const found = /^(figures-\d+)-/.exec(element.name || "");
  return found && found[1];
}

function fieldOf(form, prefix, name) {
  return form.elements.namedItem(`${prefix}-${name}`);
}

function regionOf(form, prefix) {
  const id = `${prefix}-hint`;
  let region = document.getElementById(id);
  if (!region) {
    region = document.createElement("div");
    region.id = id;
    region.className = "editing-hint";
    region.setAttribute("role", "status");
    // Beside the value, where it is read while the figure is written.
    const value = fieldOf(form, prefix, "value");
    (value.closest(".w-field-row, .w-form-width, .field-row") || value.closest(".w-panel__wrapper")).after(region);
  }
  return region;
}

/* What the form holds of its figures, to be asked about and never saved. */
function figuresOf(form, prefix) {
  const asked = new FormData();
  for (const [name, value] of new FormData(form)) {
    if ((name.startsWith("figures-") && typeof value === "string") || name === "csrfmiddlewaretoken") asked.set(name, value);
  }
  asked.set("row", prefix);
  const entry = /\/edit\/(\d+)\//.exec(window.location.pathname);
  if (entry) asked.set("entry", entry[1]);
  return asked;
}

async function tell(form, prefix) {
  const answer = await fetch("/editing/figures/hint/", {
    method: "POST",
    body: figuresOf(form, prefix),
    headers: { "X-Requested-With": "XMLHttpRequest" },
  });
  if (answer.ok) regionOf(form, prefix).innerHTML = await answer.text();
}

function textOf(field) {
  if (!field || !field.value) return "";
  if (field.tagName === "SELECT") return field.selectedOptions[0].textContent;
  const chooser = document.getElementById(`${field.id}-chooser`);
  return chooser && chooser.widget ? chooser.widget.getTextLabel({ maxLength: 60 }) || "" : field.value;
}

/* A folded row says what it holds: "1250 · Staff hours released · England (ENG) · Observed". */
function summarise(form, prefix) {
  const heading = document.getElementById(`inline_child_${prefix}-panel-heading`);
  if (!heading) return;
  let line = heading.querySelector(".editing-row-summary");
  if (!line) {
    line = document.createElement("span");
    line.className = "editing-row-summary";
    heading.append(line);
  }
  const told = ["value", "measure", "place", "basis"].map((name) => textOf(fieldOf(form, prefix, name)));
  line.textContent = told.filter(Boolean).join(" · ");
}

function changed(event) {
  const prefix = prefixOf(event.target);
  if (!prefix || !event.target.form) return;
  clearTimeout(waiting.get(prefix));
  waiting.set(prefix, setTimeout(() => {
    summarise(event.target.form, prefix);
    tell(event.target.form, prefix);
  }, WAIT));
}

/* What the chooser returns joins the list of those that are chosen. */
function added(event) {
  const many = event.target.closest && event.target.closest(".editing-many");
  if (!many || !event.target.name.endsWith("-add") || !event.target.value) return;
  const { id, title } = many.querySelector(".chooser").widget.getState();
  const name = many.dataset.many;
  const box = many.querySelector(`input[type=checkbox][value="${CSS.escape(id)}"]`);
  if (box) {
    box.checked = true;
  } else {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const ticked = Object.assign(document.createElement("input"), { type: "checkbox", name, value: id, checked: true });
    label.append(ticked, ` ${title}`);
    row.append(label);
    many.querySelector(".editing-many__list").append(row);
  }
  setTimeout(() => many.querySelector(".chooser").widget.clear());
}

/* While a chooser is open nobody gets at the page behind it, by keyboard, screen reader or the part that shows. */
function reachable(whether) {
  document.querySelector(".wrapper").inert = !whether;
}

/* A chooser that closes gives the keyboard back to the button that stands for it now. */
let opened = null;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chooser-action-choose]");
  if (button) opened = button.closest(".chooser");
}, true);

function giveBack() {
  if (!opened) return;
  const buttons = [...opened.querySelectorAll("button")];
  const visible = buttons.find((button) => button.checkVisibility());
  if (visible) visible.focus();
  opened = null;
}

/* What is typed while a save is on its way is not in it, yet Wagtail would call the form saved: save once more. */
let onItsWay = "";

function holds(data) {
  return new URLSearchParams([...data].filter(([name, value]) => typeof value === "string" && !/^(csrfmiddlewaretoken|.*revision.*)$/.test(name))).toString();
}

document.addEventListener("w-autosave:save", (event) => { onItsWay = holds(event.detail.formData); });
document.addEventListener("w-autosave:success", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || holds(new FormData(form)) === onItsWay) return;
  form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
});

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("change", added);
// A module runs once the page is read, and Wagtail's modal speaks through jQuery alone. At the end of its fading it
// takes the keyboard for itself, also from the middle of a word: so it doesn't fade, and hands it to the search.
if (window.jQuery) {
  window.jQuery(document)
    .on("show.bs.modal", (event) => {
      event.target.classList.remove("fade");
      reachable(false);
    })
    .on("shown.bs.modal", (event) => event.target.querySelector("input:not([type=hidden])")?.focus())
    .on("hide.bs.modal", () => reachable(true))
    .on("hidden.bs.modal", () => setTimeout(giveBack));
}
// The choosers begin after this script: only then do they know what they hold.
addEventListener("load", () => {
  for (const value of document.querySelectorAll("[name^=figures-][name$=-value]")) {
    const prefix = prefixOf(value);
    if (prefix) summarise(value.form, prefix);
  }
});

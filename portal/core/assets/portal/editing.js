/* While a figure is written: say what its measure counts and what the ledger would do with it. */
const NAMES = ["measure", "value", "low", "high", "qualifier", "per", "role", "basis", "achievement", "gross_or_net",
  "period_kind", "period_start", "period_end", "place", "price_year", "overlap_group", "evidence"];
const WAIT = 600;

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
    fieldOf(form, prefix, "value").closest(".w-panel__content, section").append(region);
  }
  return region;
}

const waiting = new Map();

async function tell(form, prefix) {
  const asked = new URLSearchParams();
  for (const name of NAMES) {
    const field = fieldOf(form, prefix, name);
    if (field && field.value) asked.set(name, field.value);
  }
  const entry = /\/edit\/(\d+)\//.exec(window.location.pathname);
  if (entry) asked.set("entry", entry[1]);
  const answer = await fetch(`/editing/figures/hint/?${asked}`, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (answer.ok) regionOf(form, prefix).innerHTML = await answer.text();
}

function changed(event) {
  const prefix = prefixOf(event.target);
  if (!prefix || !event.target.form) return;
  clearTimeout(waiting.get(prefix));
  waiting.set(prefix, setTimeout(() => tell(event.target.form, prefix), WAIT));
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

// The lists' search box and filters, where there is JavaScript. Without it the form does the same.

const SUGGEST_AFTER_MS = 150;

for (const input of document.querySelectorAll("[data-suggestions]")) suggestFor(input);
lookThroughLongFacets();

// A combobox with a list box (WAI-ARIA Authoring Practices): arrows choose, Enter goes there, Escape closes.
function suggestFor(input) {
  const box = document.createElement("div");
  const list = document.createElement("ul");
  const said = document.createElement("span");
  box.className = "app-suggests";
  list.className = "app-suggestions";
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Entries with such a name");
  said.className = "nhsuk-u-visually-hidden";
  said.setAttribute("role", "status");
  input.before(box);
  box.append(input, list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);

  let timer;
  let asked = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, SUGGEST_AFTER_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && chosen()) window.location.assign(chosen().dataset.address);
    else return;
    event.preventDefault();
  });
  // Before the blur that a press on the list would cause.
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-address]");
    if (option) window.location.assign(option.dataset.address);
  });

  async function ask() {
    const mine = ++asked;
    const words = input.value.trim();
    let found = [];
    if (words.length > 1) {
      try {
        const answer = await fetch(`${input.dataset.suggestions}?${new URLSearchParams({ q: words })}`);
        found = answer.ok ? (await answer.json()).suggestions : [];
      } catch {
        found = [];
      }
    }
    // A slow answer to fewer letters doesn't replace a later one.
    if (mine === asked && document.activeElement === input) show(found, words.length > 1);
  }

  function show(found, wasAsked) {
    list.replaceChildren(...found.map((one, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.dataset.address = one.address;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = `${one.title} (${one.kind.toLowerCase()})`;
      return option;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    said.textContent = wasAsked ? tell(found.length) : "";
  }

  function tell(howMany) {
    if (howMany === 0) return "No entry has such a name. Press Enter to search everything.";
    return `${howMany === 1 ? "1 entry has" : `${howMany} entries have`} such a name. Use the up and down arrows to choose.`;
  }

  function chosen() {
    return list.hidden ? null : list.querySelector('[aria-selected="true"]');
  }

  function move(by) {
    if (list.hidden) return;
    const options = [...list.children];
    const at = options.indexOf(chosen());
    const next = options[(at + by + options.length + (at < 0 && by < 0 ? 1 : 0)) % options.length];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    input.setAttribute("aria-activedescendant", next.id);
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    said.textContent = "";
  }
}

// A long facet gets a box that hides the options without the letters typed. It is not sent.
function lookThroughLongFacets() {
  for (const options of document.querySelectorAll("[data-look-through]")) {
    if (options.previousElementSibling?.matches(".app-facet__look")) continue;
    const box = document.createElement("input");
    box.className = "nhsuk-input app-facet__look";
    box.type = "search";
    box.id = `look-${options.closest("details").id}`;
    box.autocomplete = "off";
    box.placeholder = "Look through the list";
    box.setAttribute("aria-label", `Look through ${options.dataset.lookThrough}`);
    box.addEventListener("input", () => hideOthers(options, box.value));
    // Typing here is no change of the question.
    box.addEventListener("change", (event) => event.stopPropagation());
    box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    options.before(box);
  }
}

function hideOthers(options, letters) {
  const wanted = letters.trim().toLowerCase();
  for (const option of options.children) {
    const isChosen = option.querySelector("input").checked;
    option.hidden = !isChosen && !option.textContent.toLowerCase().includes(wanted);
  }
}

// The filters come anew with each answer: what was open, and typed into the boxes above, stays.
let kept = new Map();
document.body.addEventListener("htmx:beforeSwap", () => {
  kept = new Map([...document.querySelectorAll("details.app-facet")].map((facet) => [
    facet.id,
    { open: facet.open, letters: facet.querySelector(".app-facet__look")?.value ?? "" },
  ]));
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  lookThroughLongFacets();
  for (const [id, { open, letters }] of kept) {
    const facet = document.getElementById(id);
    if (!facet) continue;
    facet.open = open;
    const box = facet.querySelector(".app-facet__look");
    if (box && letters) {
      box.value = letters;
      hideOthers(facet.querySelector("[data-look-through]"), letters);
    }
  }
  kept = new Map();
  // Whoever pressed Search goes on from the results; whoever ticked a box stays with it.
  if (event.detail.requestConfig?.triggeringEvent?.type === "submit") document.getElementById("result-count")?.focus();
});

// Starts the design system's components, and keeps them started after htmx swaps part of a page.
const address = document.getElementById("portal-script").dataset.designSystem;

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

const { initAll } = await import(address);
initAll();

document.body.addEventListener("htmx:responseError", () => showProblem("The page could not be updated. Reload it to try again."));
document.body.addEventListener("htmx:sendError", () => showProblem("The site could not be reached. Check your connection and reload the page."));

// "Show results" on a phone: the sheet of filters makes way for what they found.
document.addEventListener("submit", (event) => event.target.querySelector("[popover]:popover-open")?.hidePopover());

// A button that was pressed may be gone with its row: whoever uses a keyboard goes on from the heading.
document.body.addEventListener("htmx:afterSettle", () => {
  const heading = document.querySelector("[data-focus-when-lost]");
  if (heading && document.activeElement === document.body) {
    heading.setAttribute("tabindex", "-1");
    heading.focus();
  }
});

// A button beside each citation copies it, where the browser lets a page do so.
for (const text of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "app-copy";
  button.textContent = "Copy";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent.trim());
    said.textContent = " Copied.";
  });
  text.after(button, said);
}

function showProblem(text) {
  const main = document.getElementById("maincontent");
  document.getElementById("portal-problem")?.remove();
  const notice = document.createElement("div");
  notice.id = "portal-problem";
  notice.className = "app-notice app-notice--error";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  main.prepend(notice);
}

// "Add to basket" and "Remove from basket" change the button and the count where they stand; the rest of the page stays.
const said = document.createElement("p");
said.className = "nhsuk-u-visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".app-basket-form");
  if (!form || form.hasAttribute("aria-busy")) return;
  event.preventDefault();
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = [...page.querySelectorAll(".app-basket-form")].find((other) => other.elements.entry.value === form.elements.entry.value);
    if (!answer.ok || !fresh) return form.submit(); // a full basket, for one: its page says why
    for (const other of document.querySelectorAll(".app-basket-form")) {
      if (other.elements.entry.value !== fresh.elements.entry.value) continue;
      const next = fresh.cloneNode(true);
      other.replaceWith(next);
      if (other === form) next.querySelector("button").focus();
    }
    document.getElementById("basket-count").textContent = page.getElementById("basket-count").textContent;
    said.textContent = `${document.getElementById("basket-count").textContent} in your briefing basket.`;
  } catch {
    showProblem("The site could not be reached. Check your connection and try again.");
    form.removeAttribute("aria-busy");
  }
});

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

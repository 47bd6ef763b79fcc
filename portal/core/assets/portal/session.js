/* Whoever was signed out while writing keeps what was typed: asked before a form is sent, not after. */
const ASK_AGAIN = 5000;
const asked = new WeakSet();
let notice = null;
let asking = 0;

function forms() {
  return [...document.querySelectorAll("form")].filter(
    (form) => (form.getAttribute("method") || "").toLowerCase() === "post"
      && !form.matches(".login-form, [action$='/logout/']"),
  );
}

function paragraph(text, link) {
  const line = document.createElement("p");
  line.append(text);
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: "/account/login/?next=/editing/", target: "_blank", rel: "noopener" });
    anchor.textContent = link;
    line.append(" ", anchor);
  }
  return line;
}

function tell(kind, ...lines) {
  if (!notice) {
    notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    document.body.append(notice);
  }
  if (notice.dataset.kind === kind) return;
  notice.dataset.kind = kind;
  notice.className = `editing-session editing-session--${kind}`;
  notice.replaceChildren(...lines);
}

/* Ask who is signed in; say so where that matters. True if a form can be sent now. */
async function isSignedIn() {
  let session = null;
  try {
    const answer = await fetch("/editing/session/", { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.ok) session = await answer.json();
  } catch { /* told below */ }
  if (session && session.signed_in) {
    if (notice && notice.dataset.kind !== "back") {
      tell("back", paragraph(`You are signed in as ${session.name}. What you typed is still here: save it now.`));
    }
    return true;
  }
  if (session) {
    tell("out", paragraph("You were signed out. What you typed is still here: sign in in another tab, then save."),
      paragraph("", "Sign in (opens another tab)"));
  } else {
    tell("away", paragraph("The portal can’t be reached just now. What you typed is still here: leave the page open, then save."));
  }
  clearTimeout(asking);
  asking = setTimeout(() => isSignedIn(), ASK_AGAIN);
  return false;
}

/* A button that says "Saving" would say so for half a minute. */
function restore(button) {
  if (button && button.hasAttribute("data-w-progress-loading-value")) button.setAttribute("data-w-progress-loading-value", "false");
}

async function send(event) {
  const form = event.target, button = event.submitter;
  if (asked.delete(form) || !forms().includes(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await isSignedIn())) {
    restore(button);
    return;
  }
  asked.add(form);
  // By now the button may be switched off, and would not send its own name.
  const isOff = button && button.disabled;
  if (isOff) button.disabled = false;
  form.requestSubmit(button);
  if (isOff) button.disabled = true;
}

document.addEventListener("submit", send, true);
document.addEventListener("w-autosave:error", (event) => {
  // What is wrong in the form, or saved meanwhile, is no sign of a sign-out.
  const isInForm = ["validation_error", "invalid_revision"].includes(event.detail.type);
  if (!isInForm) isSignedIn();
});
addEventListener("focus", () => { if (forms().length) isSignedIn(); });

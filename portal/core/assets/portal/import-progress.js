/* How far an import is, asked once a second; the page is shown anew when its step is done. */
const line = document.getElementById("import-progress");

async function look() {
  const answer = await fetch("?part=progress", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  if (!told.is_working) {
    window.location.reload();
    return;
  }
  if (line.textContent.trim() !== told.text) line.firstElementChild.textContent = told.text;
  setTimeout(look, 1000);
}

if (line) setTimeout(() => look().catch(() => setTimeout(() => window.location.reload(), 5000)), 1000);

// Lets the basket's rows be dragged by their number, with a mouse, a pen or a finger. Whoever uses a keyboard has the
// buttons "Move up" and "Move down"; without this script everybody has.
document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".app-basket__number");
  if (!handle || event.button) return;
  event.preventDefault();
  drag(handle, handle.closest("li"), handle.closest(".app-basket"));
});

function drag(handle, row, list) {
  const before = order(list).join();
  const move = (event) => {
    event.preventDefault();
    const below = [...list.children].find((other) => other !== row && event.clientY < middle(other));
    if (below !== row.nextElementSibling) list.insertBefore(row, below ?? null);
  };
  const stop = () => {
    row.classList.remove("app-basket__dragged");
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", stop);
    document.removeEventListener("pointercancel", stop);
    if (order(list).join() !== before) keep(list, row);
  };
  row.classList.add("app-basket__dragged");
  document.addEventListener("pointermove", move, { passive: false });
  document.addEventListener("pointerup", stop);
  document.addEventListener("pointercancel", stop);
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

function order(list) {
  return [...list.querySelectorAll("input[name=entry][form]")].map((field) => field.value);
}

// The list comes back from the server as it is kept there, as after "Move up".
function keep(list, row) {
  const values = {
    entry: order(list),
    moved: row.querySelector("input[name=entry]").value,
    csrfmiddlewaretoken: list.querySelector("input[name=csrfmiddlewaretoken]").value,
  };
  window.htmx.ajax("POST", list.dataset.order, {
    values,
    target: "#basket",
    select: "#basket",
    swap: "outerHTML",
    selectOOB: "#basket-count,#basket-said",
  });
}

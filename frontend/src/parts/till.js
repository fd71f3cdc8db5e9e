// The cash desk: the change while the money is counted out, and the drawer's total while it is counted in. The server
// works both out again; nothing here is believed. Amounts are whole fen.
//   <form data-till>        data-till-amount, data-till-tendered, <output data-till-change>
//   <form data-till-count>  inputs with data-face (fen), <output data-till-total>
//   [autofocus][data-select]  what stands in it is chosen, so that typing replaces it
function fen(text) {
  const found = /^¥?(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(",", "").replaceAll("，", ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

function yuan(amount) {
  const whole = Math.trunc(amount / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `¥${whole}.${String(amount % 100).padStart(2, "0")}`;
}

function showChange(form) {
  const shown = form.querySelector("[data-till-change]");
  const amount = fen(form.querySelector("[data-till-amount]").value);
  const tendered = fen(form.querySelector("[data-till-tendered]").value);
  if (amount === null || tendered === null) {
    shown.textContent = "";
    return;
  }
  const left = tendered - amount;
  shown.textContent = `${left < 0 ? shown.dataset.short : shown.dataset.change} ${yuan(Math.abs(left))}`;
  shown.classList.toggle("wd-ink-late", left < 0);
}

function showTotal(form) {
  const faces = [...form.querySelectorAll("[data-face]")];
  const total = faces.reduce((sum, input) => sum + Number(input.dataset.face) * (/^\d+$/.test(input.value) ? Number(input.value) : 0), 0);
  form.querySelector("[data-till-total]").textContent = yuan(total);
}

for (const form of document.querySelectorAll("[data-till]")) form.addEventListener("input", () => showChange(form));
for (const form of document.querySelectorAll("[data-till-count]")) {
  form.addEventListener("input", () => showTotal(form));
  showTotal(form);
}
document.querySelector("[autofocus][data-select]")?.select();
